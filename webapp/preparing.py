"""What takes long and stays true of a snapshot, made once in a process of its own: its report and its downloads."""

import os
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock, Thread

import kg
from webapp.replies import RDF


class Preparing:
    """At most one such process at a time, begun when something is found missing; none unless `active`."""

    def __init__(self, active: bool = False) -> None:
        self.active = active
        self._process: BaseProcess | None = None
        self._done: set[Path] = set()
        self._lock = Lock()

    def begin(self, snapshot: Path) -> None:
        """Begin with the snapshot in that folder, unless that has been tried or another one is worked on."""
        with self._lock:
            idle = self._process is None or not self._process.is_alive()
            if self.active and idle and snapshot not in self._done:
                self._done.add(snapshot)
                self._process = get_context("forkserver").Process(target=prepare, args=(snapshot,), daemon=True)
                self._process.start()


def prepare(folder: Path) -> None:
    """Make what is missing of the snapshot in a folder, and keep it there."""
    Thread(target=_follow, daemon=True).start()
    os.nice(10)
    snapshot = kg.open_snapshot(folder.parent.parent, folder.name)
    kg.description(snapshot)
    for lens in kg.known_lenses():
        kg.through(snapshot, lens)
    for syntax in RDF:
        kg.dump(snapshot, syntax)
    kg.report_of(snapshot)


def _follow() -> None:
    """End with the server, however that ended."""
    server = parent_process()
    if server is not None:
        server.join()
    os._exit(1)

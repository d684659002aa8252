"""What takes long and stays true of a snapshot, made once in a process of its own: its report and its downloads."""

import os
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock, Thread

import kg
from webapp.processes import Child, follow_server
from webapp.replies import RDF


class Preparing:
    """Works on one snapshot after the other, each once."""

    def __init__(self) -> None:
        self._begun: set[Path] = set()
        self._turn = Lock()

    def begin(self, snapshot: Path) -> None:
        """Have what is missing made of the snapshot in that folder, as soon as others are done; takes no time."""
        if snapshot not in self._begun:
            self._begun.add(snapshot)
            Thread(target=self._work, args=(snapshot,), daemon=True).start()

    def _work(self, snapshot: Path) -> None:
        with self._turn:
            child = Child(_prepare, snapshot)
            with suppress(EOFError, OSError):
                child.receive()
            child.join()


def _prepare(_: Connection, folder: Path) -> None:
    """Make what is missing of the snapshot in a folder, and keep it there."""
    follow_server()
    os.nice(10)
    snapshot = kg.open_snapshot(folder.parent.parent, folder.name)
    kg.void(snapshot)
    kg.description(snapshot)
    for lens in kg.known_lenses():
        kg.through(snapshot, lens)
    for syntax in RDF:
        kg.dump(snapshot, syntax)
    kg.report_of(snapshot)

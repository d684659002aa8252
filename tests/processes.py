"""Which processes there are, waiting until something is so, and doing several things at once."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import kg


def family(parent: int | None = None) -> dict[int, str]:
    """The processes below one (this one by default) with their states; Z has ended and nobody has taken note of it."""
    seen: dict[int, tuple[str, int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, _, rest = stat.read_text(encoding="utf-8", errors="replace").partition(" (")
        except OSError:  # it has ended meanwhile
            continue
        state, above = rest.rpartition(") ")[2].split()[:2]
        seen[int(number)] = state, int(above)
    found, new = set[int](), {parent or os.getpid()}
    while new:
        found |= new
        new = {number for number, (_, above) in seen.items() if above in found} - found
    return {number: seen[number][0] for number in found - {parent or os.getpid()}}


def soon(true: Callable[[], bool], seconds: float = 5) -> bool:
    """True as soon as `true` is, False when it is not within some seconds."""
    until = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < until:
        time.sleep(0.02)
    return found


def outcomes(runs: list[Callable[[], object]]) -> list[object]:
    """What each gave or raised, run at once."""
    found: list[object] = [None] * len(runs)

    def keep(place: int) -> None:
        try:
            found[place] = runs[place]()
        except kg.KGError as error:
            found[place] = error

    threads = [threading.Thread(target=keep, args=(place,)) for place in range(len(runs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found

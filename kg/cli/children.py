"""Work done in a child process, which may break down without taking the command with it."""

import os
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from typing import NoReturn

import kg


def run_apart(work: Callable[[], int]) -> int:
    """The exit status of work done in a child process, so that an engine that breaks down is told in one sentence.

    The engine aborts its process, for one, when ORDER BY meets values that it cannot bring into one order. The child
    ends with the command, whatever ends that: the engine itself hears of no Ctrl-C.
    """
    ending, held = os.pipe()
    with tempfile.TemporaryFile() as errors:
        child = os.fork()
        if child == 0:
            os.close(held)
            threading.Thread(target=_end_after, args=(ending,), daemon=True).start()
            _finish(work, errors.fileno())
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if ended < 0:
            raise kg.QueryFailedError(
                f"the engine broke down on this query ({signal.Signals(-ended).name}); if it orders values of"
                " different kinds (ORDER BY), order by STR(…) instead"
            )
        errors.seek(0)
        sys.stderr.write(errors.read().decode(errors="replace"))
    return ended


def _end_after(pipe: int) -> None:
    os.read(pipe, 1)
    os._exit(1)


def _finish(work: Callable[[], int], errors: int) -> NoReturn:
    os.dup2(errors, sys.stderr.fileno())
    status = 1
    try:
        status = work()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)

"""Threads that do the same again and again until they are told to end. What goes wrong is logged and tried again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from broadsheet.runs.claims import LostLease
from broadsheet.runs.lasting import keep_good

log = logging.getLogger(__name__)
BEAT_SECONDS = 1.0
FAULT_SECONDS = 5.0  # a loop's pause after a fault, such as a database that is away

Step = Callable[[], bool]
"""One step of a loop; True when there may be more to do at once."""


class Loops:
    """Named threads around one event that ends them all. A loop never ends by a fault."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._threads: list[threading.Thread] = []

    def add(self, name: str, step: Step, *, seconds: float = BEAT_SECONDS) -> None:
        """*step* again at once while it says that there is more, else after *seconds*."""
        self._threads.append(threading.Thread(target=self._loop, args=(step, seconds), name=name, daemon=True))

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self, *, seconds: float) -> None:
        for thread in self._threads:
            thread.join(timeout=seconds)

    def _loop(self, step: Step, seconds: float) -> None:
        while not self._stopping.is_set():
            if not guarded(step, stopping=self._stopping):
                self._stopping.wait(seconds)


def guarded(step: Step, *, stopping: threading.Event) -> bool:
    """*step*, its faults logged; after one a pause, so that a database that is away is not asked without end."""
    try:
        return step()
    except LostLease as error:
        log.warning("%s action=work", error)
        return True
    except Exception:  # a loop's border
        log.exception("a step failed action=work")
        stopping.wait(FAULT_SECONDS)
        return False
    finally:
        keep_good()

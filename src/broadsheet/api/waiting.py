"""Answers that wait until there is something to tell: for programs that would ask again every second otherwise."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import BoundedSemaphore

LONGEST = 30  # seconds; below what proxies cut
LOOK_SECONDS = 0.5
AT_ONCE = 40  # in one process, each with a thread and a connection of its own; others are answered at once

_places = BoundedSemaphore(AT_ONCE)


def wait_until(done: Callable[[], bool], *, seconds: float) -> bool:
    """Whether *done* came true within *seconds*; it is asked at least once."""
    if done():
        return True
    if seconds <= 0 or not _places.acquire(blocking=False):
        return False
    try:
        end = time.monotonic() + min(seconds, LONGEST)
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(LOOK_SECONDS, left))
            if done():
                return True
        return False
    finally:
        _places.release()

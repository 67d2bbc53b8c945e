"""Answers that wait until there is something to tell: for programs that would ask again every second otherwise."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import BoundedSemaphore

from django.db import connection

LONGEST = 30  # seconds; below what proxies cut
LOOK_SECONDS = 1.0
AT_ONCE = 40  # in one process, each with a thread of its own; others are answered at once

_places = BoundedSemaphore(AT_ONCE)


def wait_until(done: Callable[[], bool], *, seconds: float) -> bool:
    """Whether *done* came true within *seconds*; it is asked at least once. Between two looks no connection to the database is
    held: there may be fewer of those than clients who wait."""
    if done():
        return True
    if seconds <= 0 or not _places.acquire(blocking=False):
        return False
    try:
        end = time.monotonic() + min(seconds, LONGEST)
        while (left := end - time.monotonic()) > 0:
            _give_back()
            time.sleep(min(LOOK_SECONDS, left))
            if done():
                return True
        return False
    finally:
        _places.release()


def _give_back() -> None:
    if not connection.in_atomic_block:
        connection.close()

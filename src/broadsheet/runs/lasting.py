"""Database connections of threads that work for long: kept from step to step, for opening one costs more than what most steps
ask over it."""

from __future__ import annotations

import threading
from types import TracebackType

from django.db import close_old_connections, connections
from django.db.backends.base.base import BaseDatabaseWrapper


def keep_good() -> None:
    """At the end of a step: close this thread's connections that broke. One that is kept is tried before its next use."""
    for one in connections.all(initialized_only=True):
        one.close_at = None  # else it is as old as it may be from the beginning
    close_old_connections()


class Kept:
    """The connections of a pool's threads: one each, open over all of its tasks, closed when the block ends."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._known: dict[int, BaseDatabaseWrapper] = {}

    def __enter__(self) -> Kept:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._known.values():
            one.close()

    def keep(self) -> None:
        """This thread's connections stay open after its task. For a thread of the pool, whose tasks have ended when the block
        does."""
        for one in connections.all(initialized_only=True):
            with self._guard:
                if id(one) not in self._known:
                    self._known[id(one)] = one
                    one.inc_thread_sharing()  # whoever ends the block closes it

"""Answers kept for as long as they are true: equal work is done once, and nobody sees another's rows.

A key holds the source and its state (`stamp`), the whole statement and its bound values. The values include those of
the row rules, so the key carries the rights of those who asked. Sources that cannot tell when they change are never
kept.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")
MOST_CELLS = 4_000_000  # values in memory, about 250 MB


class Cache(Generic[V]):
    """The least used go first when there are more than *cells*. Thread-safe; many who ask the same wait for one."""

    def __init__(self, *, cells: int = MOST_CELLS) -> None:
        self._most = cells
        self._held = 0
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self._busy: dict[Hashable, Lock] = {}

    def get(self, key: Hashable, make: Callable[[], tuple[V, int]]) -> V:
        """The value of *key*; made, with its number of cells, by the first who asks. What *make* raises is not kept."""
        found = self._found(key)
        if found is not None:
            return found[0]
        with self._lock:
            turn = self._busy.setdefault(key, Lock())
        with turn:
            found = self._found(key)
            if found is None:
                try:
                    found = make()
                    self._keep(key, found)
                finally:
                    with self._lock:
                        self._busy.pop(key, None)
        return found[0]

    def _found(self, key: Hashable) -> tuple[V, int] | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _keep(self, key: Hashable, made: tuple[V, int]) -> None:
        if made[1] > self._most // 4:
            return  # one answer must not push out all others
        with self._lock:
            self._held += made[1] - self._kept.get(key, (None, 0))[1]  # after a failure two may make it side by side
            self._kept[key] = made
            while self._held > self._most:
                _, (_, cells) = self._kept.popitem(last=False)
                self._held -= cells


def key_of(*, source: str, stamp: str, sql: str, values: object) -> str:
    """A key that differs when anything differs that decides the answer; equal texts of unlike types differ too."""
    written = json.dumps([source, stamp, sql, [f"{type(v).__name__} {v}" for v in values]])  # type: ignore[attr-defined]
    return hashlib.sha256(written.encode()).hexdigest()

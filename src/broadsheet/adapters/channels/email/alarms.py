"""Alarms for many deadlines in one thread: setting one costs microseconds, where a `threading.Timer` starts a thread."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

SLACK = 64  # cancelled alarms that may lie about before they are swept


class Alarm:
    """Rings by calling *act* once, unless cancelled before."""

    __slots__ = ("act",)

    def __init__(self, act: Callable[[], None]) -> None:
        self.act: Callable[[], None] | None = act


class Alarms:
    """Thread-safe. Acts run in the one thread and must be quick."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._heap: list[tuple[float, int, Alarm]] = []
        self._count = itertools.count()
        self._cancelled = 0
        self._thread: threading.Thread | None = None

    def set(self, seconds: float, act: Callable[[], None]) -> Alarm:
        """Call *act* in *seconds*."""
        alarm = Alarm(act)
        with self._wake:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._watch, daemon=True, name="mail deadlines")
                self._thread.start()
            entry = (time.monotonic() + seconds, next(self._count), alarm)
            heapq.heappush(self._heap, entry)
            if self._heap[0] is entry:
                self._wake.notify()
        return alarm

    def cancel(self, alarm: Alarm) -> None:
        """After this *alarm* does not begin to ring."""
        with self._wake:
            if alarm.act is None:
                return
            alarm.act = None
            self._cancelled += 1
            if self._cancelled > SLACK and self._cancelled * 2 > len(self._heap):
                self._heap = [entry for entry in self._heap if entry[2].act is not None]
                heapq.heapify(self._heap)
                self._cancelled = 0

    def _watch(self) -> None:
        while True:
            with self._wake:
                left = self._heap[0][0] - time.monotonic() if self._heap else None
                if left is None or left > 0:
                    self._wake.wait(left)
                    continue
                alarm = heapq.heappop(self._heap)[2]
                act, alarm.act = alarm.act, None
                if act is None:
                    self._cancelled = max(0, self._cancelled - 1)
            try:
                if act is not None:
                    act()
            except Exception:  # the thread's border: the other alarms must go on
                log.exception("An alarm’s act failed", extra={"action": "mail deadline"})


ALARMS = Alarms()

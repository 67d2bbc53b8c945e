"""The loops of a process that schedules: fire what is due, tell workers of it, do what is to be done now and then.

Any number of them may go side by side; no leader is elected. What one of them fires no other fires.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from broadsheet.runs.actions.fire import fire_due
from broadsheet.runs.loops import Loops, guarded
from broadsheet.runs.ports import Bell
from broadsheet.runs.ringing import ring_ready

CHORE_SECONDS = 30.0
HOUR = timedelta(hours=1)

Chore = Callable[[datetime], object]
"""What is done now and then beside the runs, such as fetching calendars. It finds out itself whether it is time."""


def hourly(chore: Chore) -> Chore:
    """*chore*, at most once an hour in this process: for what reads much and may as well be late."""
    done: list[datetime] = []

    def now_and_then(now: datetime) -> object:
        if done and now - done[-1] < HOUR:
            return False
        done[:] = [now]
        return chore(now)

    return now_and_then


class Scheduler:
    """Starts its threads on `start`, ends them on `stop`. *bell* tells workers, *clock* gives aware instants."""

    def __init__(
        self,
        bell: Bell,
        clock: Callable[[], datetime],
        *,
        chores: Sequence[Chore] = (),
    ) -> None:
        self._bell = bell
        self._clock = clock
        self._chores = chores
        self._stopping = threading.Event()
        self._loops = Loops(self._stopping)
        self._loops.add("scheduler", self._fire)
        self._loops.add("bell", self._ring)  # of its own: a broker that does not answer keeps nothing from firing
        if chores:
            self._loops.add("chores", self._tidy, seconds=CHORE_SECONDS)

    def start(self) -> None:
        self._loops.start()

    def stop(self, *, seconds: float = 20.0) -> None:
        self._stopping.set()
        self._loops.join(seconds=seconds)

    def _fire(self) -> bool:
        return fire_due(now=self._clock()) > 0

    def _ring(self) -> bool:
        ring_ready(self._bell, now=self._clock())
        return False

    def _tidy(self) -> bool:
        for chore in self._chores:
            guarded(partial(self._chore, chore), stopping=self._stopping)
        return False

    def _chore(self, chore: Chore) -> bool:
        return bool(chore(self._clock()))

"""The loops of a process that works: fire what is due, claim runs, keep their leases alive.

Threads of one process; it feeds one render pool. Losing the process at any point loses nothing: the next one finds in
the database what is left to do.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import close_old_connections
from django.db.models.functions import Now

from broadsheet.runs import claims
from broadsheet.runs.actions.fire import fire_due
from broadsheet.runs.actions.work import Tools, carry
from broadsheet.runs.models import Occurrence

log = logging.getLogger(__name__)
BEAT_SECONDS = 1.0
CHORE_SECONDS = 30.0
RUNS_AT_ONCE = 2

Chore = Callable[[datetime], object]
"""What is done now and then beside the runs, such as fetching calendars. It finds out itself whether it is time."""


class Worker:
    """Starts its threads on `start`, ends them on `stop`: work in hand is finished or left for the next process."""

    def __init__(self, tools: Tools, *, runs_at_once: int = RUNS_AT_ONCE, chores: Sequence[Chore] = ()) -> None:
        self._tools = tools
        self._chores = chores
        self._stopping = threading.Event()
        self._wake = threading.Event()
        loops = [("scheduler", self._schedule), ("heartbeat", self._beat)]
        loops += [("chores", self._tidy)] if chores else []
        loops += [(f"runner-{number}", self._run) for number in range(runs_at_once)]
        self._threads = [threading.Thread(target=loop, name=name, daemon=True) for name, loop in loops]

    def start(self) -> None:
        if self._tools.alone:
            freed = claims.free_the_dead(owner=self._tools.owner)
            log.info("leases of dead processes ended action=start count=%s", freed)
        for thread in self._threads:
            thread.start()

    def stop(self, *, seconds: float = 20.0) -> None:
        self._stopping.set()
        self._wake.set()
        for thread in self._threads:
            thread.join(timeout=seconds)

    def _schedule(self) -> None:
        while not self._stopping.is_set():
            if self._guarded(self._fire):
                self._wake.set()
            self._stopping.wait(BEAT_SECONDS)

    def _fire(self) -> bool:
        return fire_due(now=self._tools.clock()) > 0

    def _tidy(self) -> None:
        while not self._stopping.is_set():
            for chore in self._chores:
                self._guarded(lambda chore=chore: chore(self._tools.clock()))
            self._stopping.wait(CHORE_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self._guarded(self.step):
                self._wake.wait(BEAT_SECONDS)
                self._wake.clear()

    def step(self) -> bool:
        """Claim one run and carry it as far as it goes; False when there is none."""
        occurrence = claims.claim(owner=self._tools.owner, now=self._tools.clock())
        if occurrence is None:
            return False
        carry(occurrence, self._tools)
        return True

    def _beat(self) -> None:
        while not self._stopping.wait(claims.HEARTBEAT_SECONDS):
            self._guarded(self._hold_all)

    def _hold_all(self) -> bool:
        mine = Occurrence.objects.filter(owner=self._tools.owner, lease_until__isnull=False)
        return bool(mine.update(lease_until=Now() + claims.LEASE))

    def _guarded(self, step: object) -> bool:
        """One step of a loop. What goes wrong is logged and tried again with the next beat: a loop never ends by it."""
        try:
            return bool(step())  # type: ignore[operator]
        except claims.LostLease as error:
            log.warning("%s action=work", error)
            return True
        except Exception:
            log.exception("a step failed action=work")
            self._stopping.wait(timedelta(seconds=5).total_seconds())
            return False
        finally:
            close_old_connections()

"""The loops of a process that works: fire what is due, claim runs, keep their leases alive.

Threads of one process; it feeds one render pool. Losing the process at any point loses nothing: the next one finds in
the database what is left to do.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import close_old_connections

from broadsheet.runs import claims
from broadsheet.runs.actions.fire import fire_due
from broadsheet.runs.actions.work import Tools, carry
from broadsheet.runs.models import Occurrence

log = logging.getLogger(__name__)
BEAT_SECONDS = 1.0
CHORE_SECONDS = 30.0
FAULT_SECONDS = 5.0  # a loop's pause after a fault, such as a database that is away
RUNS_AT_ONCE = 2

Chore = Callable[[datetime], object]
"""What is done now and then beside the runs, such as fetching calendars. It finds out itself whether it is time."""


class Worker:
    """Starts its threads on `start`, ends them on `stop`: work in hand is finished or left for the next process."""

    def __init__(self, tools: Tools, *, runs_at_once: int = RUNS_AT_ONCE, chores: Sequence[Chore] = ()) -> None:
        self._tools = tools
        self._chores = chores
        self._stopping = tools.stopping
        self._wake = threading.Event()
        self._in_hand: dict[tuple[UUID, int], Occurrence] = {}
        self._dropped: deque[Occurrence] = deque()
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
                self._wake.set()  # and look again at once: there may be more
            else:
                self._stopping.wait(BEAT_SECONDS)

    def _fire(self) -> bool:
        return fire_due(now=self._tools.clock()) > 0

    def _tidy(self) -> None:
        while not self._stopping.is_set():
            for chore in self._chores:
                self._guarded(partial(self._chore, chore))
            self._stopping.wait(CHORE_SECONDS)

    def _chore(self, chore: Chore) -> bool:
        return bool(chore(self._tools.clock()))

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self._guarded(self.step):
                self._wake.wait(BEAT_SECONDS)
                self._wake.clear()

    def step(self) -> bool:
        """Claim one run and carry it as far as it goes; False when there is none."""
        self._give_back()
        occurrence = claims.claim(owner=self._tools.owner, now=self._tools.clock())
        if occurrence is None:
            return False
        held = (occurrence.pk, occurrence.fence)
        self._in_hand[held] = occurrence
        try:
            carry(occurrence, self._tools)
        except claims.LostLease:
            raise
        except Exception:
            self._dropped.append(occurrence)
            raise
        finally:
            del self._in_hand[held]
        return True

    def _give_back(self) -> None:
        """Leases that could not be given back when work broke off, since the database was away."""
        for _ in range(len(self._dropped)):
            try:
                occurrence = self._dropped.popleft()
            except IndexError:  # another runner was first
                return
            try:
                claims.release(occurrence, wake_at=None)
            except claims.LostLease:
                continue
            except Exception:
                self._dropped.append(occurrence)
                raise

    def _beat(self) -> None:
        while not self._stopping.wait(claims.HEARTBEAT_SECONDS):
            self._guarded(self._hold_all)

    def _hold_all(self) -> bool:
        """Only what is in hand: a lease whose work broke off must run out."""
        for occurrence in list(self._in_hand.values()):
            try:
                claims.hold(occurrence)
            except claims.LostLease as error:
                log.warning("%s action=beat", error)  # its runner meets that at its next write
        return True

    def _guarded(self, step: Callable[[], bool]) -> bool:
        """One step of a loop. What goes wrong is logged and tried again with the next beat: a loop never ends by it."""
        try:
            return step()
        except claims.LostLease as error:
            log.warning("%s action=work", error)
            return True
        except Exception:
            log.exception("a step failed action=work")
            self._stopping.wait(FAULT_SECONDS)
            return False
        finally:
            close_old_connections()

"""A process that works: claims runs, carries them, and keeps their leases alive.

It feeds one render pool. Losing the process at any point loses nothing: the next one finds in the database what is left
to do.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from uuid import UUID

from django.conf import settings

from broadsheet.runs import claims
from broadsheet.runs.actions.work import Tools, carry
from broadsheet.runs.loops import Loops, guarded
from broadsheet.runs.models import Occurrence
from broadsheet.runs.ports import Dispatcher
from broadsheet.runs.suspects import is_suspect
from broadsheet.tracing import record

log = logging.getLogger(__name__)
TURN_SECONDS = 600.0  # a call by the bell ends then: brokers take a message that is longer in hand for lost


class Worker:
    """Works from `start` to `stop`, when *dispatcher* tells it to: work in hand is then finished or left for the next
    process. *places*: runs at once; one of several stays free of heavy runs, so that light ones need not wait for them.
    """

    def __init__(
        self, tools: Tools, dispatcher: Dispatcher, *, places: int = 0, weights: Sequence[str] = claims.WEIGHTS
    ) -> None:
        self._tools = tools
        self._dispatcher = dispatcher
        self._weights = tuple(weights)
        self._places = places or settings.RUNS_AT_ONCE
        self._heavy = threading.Semaphore(max(1, self._places - 1) if "light" in weights else self._places)
        self._suspect = threading.Semaphore()  # one over which processes died is tried apart from its likes
        self._stopping = tools.stopping
        self._in_hand: dict[tuple[UUID, int], Occurrence] = {}
        self._dropped: deque[Occurrence] = deque()
        self._listening = ExitStack()
        self._loops = Loops(self._stopping)
        self._loops.add("heartbeat", self._hold_all, seconds=claims.HEARTBEAT_SECONDS)

    def start(self) -> None:
        if self._tools.alone:
            freed = claims.free_the_dead(owner=self._tools.owner)
            log.info("leases of dead processes ended action=start count=%s", freed)
        self._loops.start()
        self._listening.enter_context(self._dispatcher.listen(self.turn, weights=self._weights, places=self._places))

    def stop(self, *, seconds: float = 20.0) -> None:
        self._stopping.set()
        self._listening.close()
        self._loops.join(seconds=seconds)

    def turn(self) -> None:
        """Take what there is until nothing is left. Never raises."""
        end = time.monotonic() + TURN_SECONDS
        while not self._stopping.is_set() and time.monotonic() < end:
            if not guarded(self.step, stopping=self._stopping):
                return

    def step(self) -> bool:
        """Claim one run and carry it as far as it goes; False when there is none."""
        self._give_back()
        with self._claimed() as occurrence:
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

    @contextmanager
    def _claimed(self) -> Iterator[Occurrence | None]:
        """A run that this process has a place for, and the place while it is in hand."""
        with ExitStack() as kept:
            heavy = "heavy" in self._weights and self._heavy.acquire(blocking=False)
            suspect = self._suspect.acquire(blocking=False)
            try:
                found = self._found([one for one in self._weights if heavy or one != "heavy"], suspect=suspect)
                if heavy and found is not None and found.weight == "heavy":
                    kept.callback(self._heavy.release)
                    heavy = False
                if suspect and found is not None and is_suspect(found):
                    kept.callback(self._suspect.release)
                    suspect = False
            finally:
                if heavy:
                    self._heavy.release()
                if suspect:
                    self._suspect.release()
            yield found

    def _found(self, weights: Sequence[str], *, suspect: bool) -> Occurrence | None:
        if not weights:
            return None
        begun = time.monotonic()
        found = claims.claim(owner=self._tools.owner, now=self._tools.clock(), weights=weights, suspect=suspect)
        if found is not None:
            record("claim", seconds=time.monotonic() - begun, run=found.pk)
        return found

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

    def _hold_all(self) -> bool:
        """Only what is in hand: a lease whose work broke off must run out."""
        for occurrence in list(self._in_hand.values()):
            try:
                claims.hold(occurrence)
            except claims.LostLease as error:
                log.warning("%s action=beat", error)  # its runner meets that at its next write
        return False

"""When what is being done for a run is put down: the process ends, maintenance has lasted past its drain time, or what was
done can no longer be written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Event
from time import monotonic
from uuid import UUID

from broadsheet.runs.maintenance import put_down_of

LOOK_SECONDS = 5.0  # between looks at the windows; drain times are minutes


class PutDown:
    """Asked between two pieces of work: true from when nothing new is to be begun for the run. Safe in several threads:
    at worst two look at once."""

    def __init__(self, run: UUID, *, stopping: Event, clock: Callable[[], datetime]) -> None:
        self._run, self._stopping, self._clock = run, stopping, clock
        self._looked = monotonic()
        self._drained = False
        self._blind = False

    def go_blind(self) -> None:
        """What was done cannot be written down: the database is away, or full. Whatever is sent now would be unconfirmed."""
        self._blind = True

    def __call__(self) -> bool:
        if self._stopping.is_set() or self._drained or self._blind:
            return True
        if monotonic() - self._looked >= LOOK_SECONDS:
            self._looked = monotonic()
            self._drained = bool(put_down_of([self._run], now=self._clock()))
        return self._drained

"""What can go wrong with a run, one class per reaction of the worker."""

from __future__ import annotations

from datetime import datetime


class RunError(Exception):
    """The run cannot be made as it is defined; a person must mend what the message names."""


class TryLater(RunError):
    """Something outside did not answer; the run is tried again by its retry policy, where that holds for ``cause``: source
    or store."""

    def __init__(self, reason: str, *, cause: str = "source") -> None:
        super().__init__(reason)
        self.cause = cause


class NotYet(RunError):
    """What the run depends on is not there: it waits, and looks again at ``at`` (aware). Not a try that failed."""

    def __init__(self, reason: str, *, at: datetime) -> None:
        super().__init__(reason)
        self.at = at


class Declined(RunError):
    """The run is not to be: it ends as skipped, with this reason."""


class OnHold(RunError):
    """A person must look first; ``kind`` is a key of `runs.holding.KINDS`, ``reason`` a sentence."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


class NotHeld(RunError):
    """The run is not held, or cannot be: somebody was first, or it has begun. The message says how it is."""


class UnknownRun(RunError):
    """There is no such run in the organization."""


class NotWaiting(RunError):
    """The run does not wait for data, so it cannot be told to go without."""

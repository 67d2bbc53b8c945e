"""What can go wrong with a run, one class per reaction of the worker."""

from __future__ import annotations


class RunError(Exception):
    """The run cannot be made as it is defined; a person must mend what the message names."""


class TryLater(RunError):
    """Something outside did not answer; the run is tried again by its retry policy."""


class UnknownRun(RunError):
    """There is no such run in the organization."""

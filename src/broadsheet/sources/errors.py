"""What can go wrong on the way to numbers, one class per reaction of the caller.

Messages never carry data values or secrets; the driver's own words go into ``detail`` for the log only.
"""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)
MOST = 1000  # characters of a driver's words that are logged


class SourceError(Exception):
    """Base of all. ``detail`` is for the log, never for a reader."""

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail

    def logged(self, **about: object) -> None:
        """Write the driver's words, if there are some, into the log, on one line, with what they are *about*."""
        if self.detail:
            facts = " ".join(f"{name}={value}" for name, value in about.items())
            log.warning("%s %s: %s", type(self).__name__, facts, " ".join(self.detail.split())[:MOST])


class Unreachable(SourceError):
    """The source did not answer; trying again later may help."""


class Busy(Unreachable):
    """It is being brought up to date already, or asked to be left alone: for ``seconds``, where they are said."""

    def __init__(self, message: str, *, seconds: float = 0.0, detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.seconds = seconds


class QueryRefused(SourceError):
    """The query is not one read-only SELECT of allowed functions, or names what is not there; its author must mend it."""


class UnknownName(QueryRefused):
    """The query names a ``kind`` (“column” or “table”) called ``name`` that is not there; whoever knows the dataset can
    say what is."""

    def __init__(self, kind: str, name: str, *, message: str = "", detail: str = "") -> None:
        super().__init__(message or f"There is no {kind} “{name}” in the source.", detail=detail)
        self.kind = kind
        self.name = name


class QueryFailed(SourceError):
    """The source ran the query and failed; its author or the source's keeper must look."""


class LimitExceeded(SourceError):
    """The query took longer, or gave more, than its limits allow; narrow it or raise the limit."""


class UnknownSource(QueryRefused):
    """There is no such source or dataset in the organization."""

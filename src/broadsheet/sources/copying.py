"""Engines that answer from a copy of their own, brought up to date now and then: what they do beside answering.

Such an engine has the capability “copy”. Its copy lies in the installation's folder, by organization and source, and is
given to it in the settings as ``folder``, which nobody can set. Leaves to others: when to pull (`actions.sync`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, cast

import pyarrow as pa

from broadsheet.home import home

from .ports import ENGINES, Engine

COPY = "copy"
FOLDER = "folder"
COPIES = "copies"  # below the installation's folder: of what is there nothing can be named as a source's file
MINUTES = 15  # between two pulls, unless the source's settings say otherwise as `EVERY`
EVERY = "every_minutes"
MOST_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class Held:
    """What a copy holds: ``rows`` of its main table, the moments of the first and last of them (None: there are none),
    ``size`` in bytes."""

    rows: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Pulled:
    """``new`` rows came; ``whole``: nothing is left to fetch (else time ran out); ``held`` is the copy now."""

    new: int
    whole: bool
    held: Held


@dataclass(frozen=True, slots=True)
class Statistics:
    """A question for counts that the other side makes: ``interval`` and ``zone`` cut time, ``start`` and ``end`` are
    ISO 8601 dates or instants; what is empty is left to the other side."""

    types: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    interval: str = ""
    zone: str = ""
    start: str = ""
    end: str = ""
    columns: tuple[str, ...] = ()
    by_lead: bool = True


@dataclass(frozen=True, slots=True)
class Starter:
    """A dataset to begin with, as the ``data`` of its definition file."""

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)


class Copying(Engine, Protocol):
    """An engine with a copy. Errors are those of `sources.errors`; QueryFailed asks for a person, Unreachable for time."""

    def faults(self, settings: Mapping[str, object]) -> Iterable[tuple[str, str, str]]:
        """What is wrong with *settings*: the setting's name, what is wrong, and how to mend it."""

    def try_out(self, settings: Mapping[str, object], *, secrets: Mapping[str, str]) -> str:
        """Ask the other side for as little as possible; a sentence on how it went well."""

    def pull(
        self, settings: Mapping[str, object], *, secrets: Mapping[str, str], now: datetime, seconds: float
    ) -> Pulled:
        """Bring the copy up to date, for about *seconds* at most. What came before an error is kept. Raises Busy where
        another process is at it."""

    def held(self, settings: Mapping[str, object]) -> Held:
        """What the copy holds. Never raises."""

    def starter(self, settings: Mapping[str, object], *, source: str) -> Starter:
        """A dataset over the source of that name."""

    def statistics(self, settings: Mapping[str, object], *, secrets: Mapping[str, str], asked: Statistics) -> pa.Table:
        """The other side's own counts, asked for now. Raises QueryRefused for what it does not know."""

    def personal(self, asked: Statistics) -> tuple[str, ...]:
        """Those of its groupings that tell of single persons, or might."""


def copying(engine: str) -> Copying | None:
    """The engine of that id, if it has a copy. Raises UnknownPart."""
    found = ENGINES.get(engine)
    return cast(Copying, found) if COPY in found.descriptor.capabilities else None


def folder_of(organization_id: int, source_id: int) -> Path:
    """Where the copy of a source lies; it need not be there yet. By number, so that a name given anew finds nothing."""
    return home() / COPIES / str(organization_id) / str(source_id)


def minutes_of(settings: Mapping[str, object]) -> int:
    """How many minutes lie between two pulls, from 1 to a day."""
    value = settings.get(EVERY)
    usable = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_MINUTES
    return value if usable else MINUTES  # type: ignore[return-value]

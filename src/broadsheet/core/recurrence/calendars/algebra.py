"""Calendars out of calendars: all of them open, any of them open, one without another.

“A business day in New York and London” is `AllOf`; “while New York or London works” is `AnyOf`; “open in London but
not in New York” is `Except`. Reasons name the place wherever the members do not agree.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from broadsheet.core.recurrence.calendars.base import Calendar
from broadsheet.core.recurrence.calendars.days import Session
from broadsheet.core.recurrence.calendars.said import closure_of, nameless
from broadsheet.core.recurrence.calendars.table import MASK, SHIFT, Blocks, blocks_of
from broadsheet.core.recurrence.calendars.tabled import Tabled
from broadsheet.core.recurrence.errors import RuleError


@dataclass(frozen=True, slots=True)
class AllOf(Tabled):
    """A business day is one in every member (intersection). name: “New York and London” unless given."""

    members: tuple[Calendar, ...]
    name: str = ""
    blocks: Blocks = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check(self.members)
        tables = [blocks_of(member) for member in self.members]
        object.__setattr__(self, "name", self.name or _named(self.members, "and"))
        object.__setattr__(self, "blocks", Blocks(lambda day: all(_open(table, day) for table in tables)))

    def closure(self, day: date, /) -> str:
        return self.closure_in(day, "en")

    def closure_in(self, day: date, language: str) -> str:
        """`closure` in that language (BCP 47)."""
        return _reasons(self.members, day, language)

    def session(self, day: date) -> Session | None:
        """When all of them are open together; None when that is never."""
        found = [session for member in self.members if (session := session_of(member, day))]
        if len(found) < len(self.members):
            return None
        opens, closes = max(one.opens for one in found), min(one.closes for one in found)
        return Session(opens, closes) if opens < closes else None


@dataclass(frozen=True, slots=True)
class AnyOf(Tabled):
    """A business day is one in at least one member (union). name: “New York or London” unless given."""

    members: tuple[Calendar, ...]
    name: str = ""
    blocks: Blocks = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check(self.members)
        tables = [blocks_of(member) for member in self.members]
        object.__setattr__(self, "name", self.name or _named(self.members, "or"))
        object.__setattr__(self, "blocks", Blocks(lambda day: any(_open(table, day) for table in tables)))

    def closure(self, day: date, /) -> str:
        return self.closure_in(day, "en")

    def closure_in(self, day: date, language: str) -> str:
        """`closure` in that language (BCP 47)."""
        return "" if self.is_business_day(day) else _reasons(self.members, day, language)

    def session(self, day: date) -> Session | None:
        """From the first opening to the last close of those that work."""
        found = [session for member in self.members if (session := session_of(member, day))]
        if not found:
            return None
        return Session(min(one.opens for one in found), max(one.closes for one in found))


@dataclass(frozen=True, slots=True)
class Except(Tabled):
    """The business days of `base` that are none of `without` (difference). name: “London without New York”."""

    base: Calendar
    without: Calendar
    name: str = ""
    blocks: Blocks = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        base, without = blocks_of(self.base), blocks_of(self.without)
        object.__setattr__(self, "name", self.name or f"{self.base.name} without {self.without.name}")
        object.__setattr__(self, "blocks", Blocks(lambda day: _open(base, day) and not _open(without, day)))

    def closure(self, day: date, /) -> str:
        return self.closure_in(day, "en")

    def closure_in(self, day: date, language: str) -> str:
        """`closure` in that language (BCP 47)."""
        if reason := closure_of(self.base, day, language):
            return reason
        said = nameless("a business day in {name}", language)
        return said.format(name=self.without.name) if self.without.is_business_day(day) else ""

    def session(self, day: date) -> Session | None:
        """The hours of `base`."""
        return session_of(self.base, day) if self.is_business_day(day) else None


def session_of(calendar: Calendar, day: date) -> Session | None:
    """The hours of that date where the calendar knows hours; None otherwise, and when it is closed."""
    ask = getattr(calendar, "session", None)
    found = ask(day) if callable(ask) else None
    return found if isinstance(found, Session) else None


def _open(table: Blocks, day: date) -> bool:
    ordinal = day.toordinal()
    return table[ordinal >> SHIFT][ordinal & MASK]


def _check(members: tuple[Calendar, ...]) -> None:
    if not members:
        raise RuleError("calendar", "no calendar is named", "Name at least one calendar.")


def _named(members: Iterable[Calendar], word: str) -> str:
    names = list(dict.fromkeys(member.name for member in members))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def _reasons(members: tuple[Calendar, ...], day: date, language: str) -> str:
    """Why the members are closed. A reason that is not everybody's, and has no place yet, gets its calendar's name."""
    reasons = [(closure_of(member, day, language), member.name) for member in members]
    distinct = {reason for reason, _ in reasons}
    if len(distinct) == 1:
        return distinct.pop()
    said = [reason if reason.endswith(")") else f"{reason} ({name})" for reason, name in reasons if reason]
    return "; ".join(dict.fromkeys(said))

"""What another calendar did to coming firings: kept as data, so that each reader has it in their own words.

Kind ``calendar.moved`` of a notification. Firings are instants in UTC; one without an offset is a wall time, which comes
on each recipient's own clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

KIND = "calendar.moved"
LINES = 10  # of one schedule; the rest is counted
SCHEDULES = 50  # of one notification; the rest is counted

Act = Literal["added", "changed", "refreshed"]


@dataclass(frozen=True, slots=True)
class MovedFiring:
    """``was`` None: it is new; ``now`` None: it is left out. ``reasons``: why it is where it is, by language."""

    was: datetime | None
    now: datetime | None
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MovedSchedule:
    """``firings`` are the first that moved, ``more`` counts the others. ``zone`` (IANA) is the rule's. ``trouble``: why its
    rule can be read no more, in English; empty where it can. ``again``: it could not be read before, and the one of
    ``firings`` is its next."""

    name: str
    title: str
    zone: str
    firings: tuple[MovedFiring, ...] = ()
    more: int = 0
    trouble: str = ""
    again: bool = False

    @property
    def number(self) -> int:
        """How many firings moved."""
        return 0 if self.again else len(self.firings) + self.more


@dataclass(frozen=True, slots=True)
class CalendarMoved:
    """``by`` is who did it, ``act`` what to the calendar called ``name`` and ``label``; ``more`` counts the schedules that
    are not listed."""

    name: str
    label: str
    act: Act
    by: str
    schedules: tuple[MovedSchedule, ...]
    more: int = 0

    def stored(self) -> dict[str, Any]:
        """As `Notification.data` keeps it."""
        return {
            "calendar": {"name": self.name, "label": self.label},
            "act": self.act,
            "by": self.by,
            "schedules": [_stored(one) for one in self.schedules],
            "more": self.more,
        }


def calendar_moved(data: Mapping[str, Any]) -> CalendarMoved:
    """What `CalendarMoved.stored` wrote."""
    return CalendarMoved(
        name=data["calendar"]["name"],
        label=data["calendar"]["label"],
        act=data["act"],
        by=data["by"],
        schedules=tuple(map(_schedule, data["schedules"])),
        more=data["more"],
    )


def _stored(one: MovedSchedule) -> dict[str, Any]:
    firings = [
        {"was": _iso(moved.was), "now": _iso(moved.now), "reasons": dict(moved.reasons)} for moved in one.firings
    ]
    return {
        "name": one.name, "title": one.title, "zone": one.zone, "firings": firings, "more": one.more,
        "trouble": one.trouble, "again": one.again,
    }  # fmt: skip


def _schedule(data: Mapping[str, Any]) -> MovedSchedule:
    firings = (MovedFiring(_moment(one["was"]), _moment(one["now"]), one["reasons"]) for one in data["firings"])
    return MovedSchedule(
        data["name"], data["title"], data["zone"], tuple(firings), data["more"], data["trouble"], data["again"]
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

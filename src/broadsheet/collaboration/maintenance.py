"""What maintenance does to coming firings, kept as data, so that each reader has it in their own words.

Kind ``maintenance`` of a notification; instants are in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

KIND = "maintenance"
SCHEDULES = 50  # of one notification; the rest is counted

Act = Literal["planned", "begun", "ended", "called_off"]


@dataclass(frozen=True, slots=True)
class DelayedSchedule:
    """``firings`` are the first that come late, ``more`` counts the others. ``zone`` (IANA) is the rule's. ``dropped``: it does
    not make up for what it could not do on time."""

    name: str
    title: str
    zone: str
    firings: tuple[datetime, ...]
    more: int = 0
    dropped: bool = False

    @property
    def number(self) -> int:
        return len(self.firings) + self.more


@dataclass(frozen=True, slots=True)
class Maintenance:
    """``by`` is who did it, empty for whoever runs the installation; ``source``: its name where only that stands still;
    ``over_at`` None while nobody knows; ``more`` counts the schedules that are not listed."""

    act: Act
    by: str
    reason: str
    source: str
    starts_at: datetime
    over_at: datetime | None
    schedules: tuple[DelayedSchedule, ...]
    more: int = 0

    def stored(self) -> dict[str, Any]:
        """As `Notification.data` keeps it."""
        return {
            "act": self.act, "by": self.by, "reason": self.reason, "source": self.source,
            "starts_at": self.starts_at.isoformat(), "over_at": self.over_at.isoformat() if self.over_at else None,
            "schedules": [_stored(one) for one in self.schedules], "more": self.more,
        }  # fmt: skip


def maintenance(data: Mapping[str, Any]) -> Maintenance:
    """What `Maintenance.stored` wrote."""
    over = data["over_at"]
    return Maintenance(
        data["act"], data["by"], data["reason"], data["source"], datetime.fromisoformat(data["starts_at"]),
        datetime.fromisoformat(over) if over else None, tuple(map(_schedule, data["schedules"])), data["more"],
    )  # fmt: skip


def _stored(one: DelayedSchedule) -> dict[str, Any]:
    firings = [at.isoformat() for at in one.firings]
    return {"name": one.name, "title": one.title, "zone": one.zone, "firings": firings, "more": one.more, "dropped": one.dropped}  # fmt: skip


def _schedule(data: Mapping[str, Any]) -> DelayedSchedule:
    firings = tuple(datetime.fromisoformat(at) for at in data["firings"])
    return DelayedSchedule(data["name"], data["title"], data["zone"], firings, data["more"], data["dropped"])

"""What a person chose for single firings of a schedule: leave one out, hold it, or move it. `Schedule.overrides` keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from broadsheet.core.recurrence.phrases import ENGLISH, Teller

Kind = Literal["skip", "hold", "move"]
MOST = 100  # of one schedule; more is a change of its rule
MOVED = {"de": "verschoben von {who}", "es": "trasladado por {who}", "fr": "reporté par {who}"}


@dataclass(frozen=True, slots=True)
class Override:
    """``fire_at`` is the firing's instant by the rule, aware; ``meant`` the wall time that the rule means by it, which stays
    when a calendar or a clock moves the firing. ``to`` is where a person moved it. ``by``, ``at`` and ``why``: who chose
    so, when, and in their words."""

    kind: Kind
    fire_at: datetime
    at: datetime
    meant: str = ""
    to: datetime | None = None
    by: str = ""
    why: str = ""

    @property
    def comes_at(self) -> datetime:
        """When the firing comes now, or would."""
        return self.to or self.fire_at

    @property
    def over_at(self) -> datetime:
        """When it can be forgotten: its firing has passed by the rule, and where it was moved to."""
        return max(self.fire_at, self.comes_at)

    def reason(self) -> str:
        """Why its firing is as it is, in English, without a full stop."""
        words = {"skip": "Skipped", "hold": "Held", "move": "Moved"}[self.kind]
        return f"{words} by {self.by or 'hand'}" + (f": {self.why}" if self.why else "")

    def stored(self) -> dict[str, Any]:
        """As JSON holds it."""
        kept = {"kind": self.kind, "fire_at": self.fire_at.isoformat(), "at": self.at.isoformat(), "meant": self.meant}
        kept |= {"by": self.by, "why": self.why}
        return {**kept, "to": self.to.isoformat()} if self.to else kept


@dataclass(frozen=True, slots=True)
class MovedByHand:
    """Why a firing comes when a person moved it to, as `core.recurrence` has causes."""

    who: str

    def told(self, teller: Teller = ENGLISH) -> str:
        return MOVED.get(teller.language, "moved by {who}").format(who=self.who or "hand")

    def __str__(self) -> str:
        return self.told()


def overrides_from(kept: Iterable[Mapping[str, Any]]) -> tuple[Override, ...]:
    """What `Override.stored` wrote, by the firings' instants."""
    found = [
        Override(
            one["kind"], datetime.fromisoformat(one["fire_at"]), datetime.fromisoformat(one["at"]), one.get("meant", ""),
            datetime.fromisoformat(one["to"]) if one.get("to") else None, one.get("by", ""), one.get("why", ""),
        )
        for one in kept
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.fire_at))


def still(kept: Iterable[Override], *, now: datetime) -> list[dict[str, Any]]:
    """Those that are not over at *now*, to be stored."""
    return [one.stored() for one in kept if one.over_at > now]


def carried(one: Override, fire_at: datetime) -> Override:
    """The same for the same firing, whose instant is another by now."""
    return replace(one, fire_at=fire_at)

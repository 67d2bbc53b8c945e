"""A role on a single thing, and things as decisions need them."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("workspace", "report", "dataset", "channel", "schedule")
"""What a role can be granted on. A grant on a report reaches its schedules, runs and deliveries; one on a workspace reaches
all that stands in it."""

ON_THINGS = frozenset(
    {
        "report.read", "report.edit", "report.render", "report.export",
        "schedule.read", "schedule.edit", "schedule.run", "delivery.read", "delivery.resend",
        "source.read", "source.edit", "channel.read", "channel.edit",
    }
)  # fmt: skip
"""Permissions that a grant can give: all others are about the whole organization."""


@dataclass(frozen=True, slots=True)
class Grant:
    """``permissions`` on the thing ``object_id`` of ``kind``, by the role ``role``; ``through`` names the team that it came
    by, empty for the person."""

    kind: str
    object_id: int
    role: str
    permissions: frozenset[str]
    through: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something a decision is about. ``keys`` are (kind, id) of itself and of what it stands in or belongs to; ``open``:
    whether a role in the organization is enough, as it is outside of closed workspaces; ``owner_id`` is a person's."""

    kind: str
    name: str
    keys: frozenset[tuple[str, int]]
    open: bool = True
    owner_id: int | None = None

"""A run, or some of its deliveries, that waits for a person: kept as data, so that each reader has it in their own words.

Kind ``run.held`` of a notification.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

KIND = "run.held"


@dataclass(frozen=True, slots=True)
class RunHeld:
    """``held_for`` is a kind of `runs.holding`; ``reason`` a sentence in English. ``findings`` are those of checks, as
    `core.checks.Finding.stored` writes them. ``deliveries``: so many are held while the others go; 0: the whole run is. ``fire_at`` is aware."""

    schedule: str
    title: str
    run: str
    fire_at: datetime
    held_for: str
    reason: str
    findings: tuple[Mapping[str, Any], ...] = ()
    deliveries: int = 0

    def stored(self) -> dict[str, Any]:
        """As `Notification.data` keeps it."""
        return {
            "schedule": self.schedule, "title": self.title, "run": self.run, "fire_at": self.fire_at.isoformat(),
            "held_for": self.held_for, "reason": self.reason, "findings": [dict(one) for one in self.findings],
            "deliveries": self.deliveries,
        }  # fmt: skip


def run_held(data: Mapping[str, Any]) -> RunHeld:
    """What `RunHeld.stored` wrote."""
    return RunHeld(**{**data, "findings": tuple(data["findings"]), "fire_at": datetime.fromisoformat(data["fire_at"])})

"""Data that did not come in time, so that a run was left out: kept as data, so that each reader has it in their own words.

Kind ``data.late`` of a notification.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

KIND = "data.late"


@dataclass(frozen=True, slots=True)
class DataLate:
    """``lacking`` are sentences in English on what was not there; ``fire_at`` and ``until`` are aware."""

    schedule: str
    title: str
    run: str
    fire_at: datetime
    until: datetime
    lacking: tuple[str, ...]

    def stored(self) -> dict[str, Any]:
        """As `Notification.data` keeps it."""
        return {
            "schedule": self.schedule, "title": self.title, "run": self.run, "fire_at": self.fire_at.isoformat(),
            "until": self.until.isoformat(), "lacking": list(self.lacking),
        }  # fmt: skip


def data_late(data: Mapping[str, Any]) -> DataLate:
    """What `DataLate.stored` wrote."""
    moments = {name: datetime.fromisoformat(data[name]) for name in ("fire_at", "until")}
    return DataLate(**{**data, **moments, "lacking": tuple(data["lacking"])})

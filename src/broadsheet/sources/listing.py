"""Engines that can tell when their files came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from .ports import Engine

LISTED = "lists-files"  # the capability


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file or an object: its name without folders, when it was written (aware, UTC), its size in bytes."""

    name: str
    at: datetime
    size: int


class Listing(Engine, Protocol):
    """An engine that has the capability `LISTED`."""

    def arrived(self, settings: Mapping[str, object], *, secrets: Mapping[str, str]) -> tuple[Arrived, ...]:
        """What lies under the settings' patterns now, some seconds old at most. Raises Unreachable, QueryRefused."""

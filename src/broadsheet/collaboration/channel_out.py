"""A channel failed so often that it is left alone: kept as data. Kind ``channel.out`` of a notification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

KIND = "channel.out"


@dataclass(frozen=True, slots=True)
class ChannelOut:
    """``last_word``: what it said last, in the other side's words. ``waiting``: deliveries that were open through it."""

    name: str
    label: str
    last_word: str
    waiting: int

    def stored(self) -> dict[str, Any]:
        """As `Notification.data` keeps it."""
        return asdict(self)


def channel_out(data: Mapping[str, Any]) -> ChannelOut:
    """What `ChannelOut.stored` wrote."""
    return ChannelOut(data["name"], data["label"], data["last_word"], data["waiting"])

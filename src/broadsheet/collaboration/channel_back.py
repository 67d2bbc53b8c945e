"""A channel that was left alone works again: kept as data. Kind ``channel.back`` of a notification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

KIND = "channel.back"


@dataclass(frozen=True, slots=True)
class ChannelBack:
    """``seconds``: how long it was left alone. Of its deliveries ``late`` had waited for it and go now; those that ended
    meanwhile were ``taken_over`` by a fallback, or ``lost`` where there was none."""

    name: str
    label: str
    seconds: float
    late: int
    taken_over: int
    lost: int

    def stored(self) -> dict[str, Any]:
        """As `Notification.data` keeps it."""
        return asdict(self)


def channel_back(data: Mapping[str, Any]) -> ChannelBack:
    """What `ChannelBack.stored` wrote."""
    return ChannelBack(**{name: data[name] for name in ChannelBack.__slots__})

"""Conditions that a role sets for what it carries: from where, when, how signed in, and for whose things."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network

from broadsheet.core.recurrence.working_hours import working_hours
from broadsheet.core.recurrence.zones import zone_named


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Under which somebody asks: ``now`` (aware), the network address that they ask from ("" where it cannot be told),
    and whether they signed in with a second factor."""

    now: datetime
    address: str = ""
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """``permissions`` (empty: all of the role's) hold only if everything said here does.

    ``networks`` are CIDR blocks, one of which must hold the address; ``hours`` such as "mon-fri 08:00-18:00" on the clock
    of ``zone``; ``second_factor``; ``own``: only for things that the person owns.
    """

    permissions: frozenset[str] = frozenset()
    networks: tuple[str, ...] = ()
    hours: str = ""
    zone: str = "UTC"
    second_factor: bool = False
    own: bool = False

    def about(self, held: frozenset[str]) -> frozenset[str]:
        """Which of *held* it is about."""
        return held & self.permissions if self.permissions else held

    def failing(self, given: Circumstances) -> str:
        """Why it does not hold under *given*, as a sentence with the way on; empty when it does."""
        if self.networks and not _inside(given.address, self.networks):
            return f"it is for the networks {', '.join(self.networks)}. Ask from there."
        if self.hours and not _open(self.hours, self.zone, given.now):
            return f"it is for the hours {self.hours} ({self.zone}). Ask then."
        if self.second_factor and not given.second_factor:
            return "it asks for a second factor at sign-in. Sign in with one."
        return ""

    def sentence(self) -> str:
        """The condition in words, such as “from 10.0.0.0/8, mon-fri 08:00-18:00 (Europe/Berlin)”."""
        parts = [
            f"from {', '.join(self.networks)}" if self.networks else "",
            f"{self.hours} ({self.zone})" if self.hours else "",
            "with a second factor" if self.second_factor else "",
            "for what one owns" if self.own else "",
        ]
        what = ", ".join(sorted(self.permissions)) or "all of it"
        return f"{what}: {', '.join(part for part in parts if part)}"


def withheld(
    held: frozenset[str], conditions: Iterable[Condition], given: Circumstances
) -> tuple[dict[str, str], frozenset[str]]:
    """What of *held* the conditions keep back, each with why; and what holds only for things that one owns."""
    kept_back: dict[str, str] = {}
    own: set[str] = set()
    for condition in conditions:
        about = condition.about(held)
        why = condition.failing(given)
        if why:
            kept_back |= {permission: why for permission in about if permission not in kept_back}
        if condition.own:
            own |= about
    return kept_back, frozenset(own)


def _inside(address: str, networks: Iterable[str]) -> bool:
    try:
        here = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(here, "ipv4_mapped", None) or here
    return any(mapped in ip_network(network, strict=False) for network in networks)


def _open(hours: str, zone: str, now: datetime) -> bool:
    local = now.astimezone(zone_named(zone))
    spans = working_hours(hours).spans
    return any(local.weekday() in span.days and span.holds(local.time()) for span in spans)

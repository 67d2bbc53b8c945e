"""How much may go through a channel, and when it is left alone: as its definition says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field, field_validator

from broadsheet.core.document.definition.reading import Frozen
from broadsheet.core.lifecycle.breaker import Trip
from broadsheet.core.lifecycle.bucket import Limit

PERIODS = {"per_minute": 60, "per_hour": 3600, "per_day": 86_400}  # seconds
PERIOD_NAMES = {60: "minute", 3600: "hour", 86_400: "day"}
PERIOD_WORDS = {60: "a minute", 3600: "an hour", 86_400: "a day"}
EACH = "*"
MOST = 10_000_000


class Rates(Frozen):
    """At most so many tries in any minute, hour and day, and so many ``at_once``; None: no limit."""

    at_once: int | None = Field(None, ge=1, le=1000)
    per_minute: int | None = Field(None, ge=1, le=MOST)
    per_hour: int | None = Field(None, ge=1, le=MOST)
    per_day: int | None = Field(None, ge=1, le=MOST)

    def limits(self) -> list[Limit]:
        """Those over a period, the shortest first."""
        said = ((getattr(self, name), seconds) for name, seconds in PERIODS.items())
        return [Limit(most, seconds) for most, seconds in said if most is not None]


class Limits(Rates):
    """Of the channel as a whole, and of the domains that recipients' addresses end with: by name, such as example.com, and
    "*" for each that is not named. ``megabytes``: the files of one delivery together; what is larger is held before it is
    sent, since it would be refused."""

    megabytes: float | None = Field(None, gt=0, le=10_000)
    domains: dict[str, Rates] = Field(default_factory=dict)

    @field_validator("domains")
    @classmethod
    def _small(cls, value: dict[str, Rates]) -> dict[str, Rates]:
        wrong = next((name for name in value if name != EACH and not _is_domain(name)), None)
        if wrong is not None:
            raise ValueError(f"“{wrong}” is not a domain. | Write it as example.com, or * for each other one.")
        return {name.lower(): rates for name, rates in value.items()}

    def of_domain(self, domain: str) -> Rates | None:
        return (self.domains.get(domain) or self.domains.get(EACH)) if domain else None


class BreakerDefinition(Frozen):
    """When a channel that fails is left alone: after ``failures`` in a row, or when of the last 20 tries the share ``share``
    failed. After ``wait_seconds`` one delivery tries it, then each time twice as long later, at most
    ``ceiling_seconds``; the first that arrives lets the others follow."""

    failures: int = Field(5, ge=1, le=100)
    share: float = Field(0.5, gt=0, le=1)
    wait_seconds: float = Field(60, ge=1, le=86_400)
    ceiling_seconds: float = Field(1800, ge=1, le=86_400)

    def trip(self) -> Trip:
        return Trip(self.failures, self.share, self.wait_seconds, 2.0, self.ceiling_seconds)


@dataclass(frozen=True, slots=True)
class Metered:
    """One limit that a delivery is under: to ``domain``, empty for the channel's own."""

    domain: str
    limit: Limit


def limits_of(stored: Mapping[str, Any]) -> Limits:
    return Limits.model_validate(stored)


def metered(limits: Limits, domain: str) -> Iterator[Metered]:
    """Every limit over a period that a delivery to *domain* is under."""
    yield from (Metered("", one) for one in limits.limits())
    rates = limits.of_domain(domain)
    if rates is not None:
        yield from (Metered(domain, one) for one in rates.limits())


def domain_of(address: str) -> str:
    """In small letters; empty where there is no @."""
    return address.rpartition("@")[2].strip(" .").lower() if "@" in address else ""


def told(one: Metered) -> str:
    """As “100 an hour to example.com”."""
    return f"{one.limit.most} {PERIOD_WORDS[one.limit.seconds]}{f' to {one.domain}' if one.domain else ''}"


def _is_domain(text: str) -> bool:
    return bool(text) and "." in text and not set(text) & set(" @/\\:,;*\"'<>")

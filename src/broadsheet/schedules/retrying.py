"""What becomes of what fails: when it is tried again, for what, and what takes over after that."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from broadsheet.core.document.definition.reading import Frozen
from broadsheet.core.lifecycle import Retry
from broadsheet.core.lifecycle.retry import CAUSES
from broadsheet.core.recurrence import RuleError

from .own_times import time_of_day

Cause = Literal["source", "store", "connection", "timeout", "temporary", "fault"]
EVERY_CAUSE: list[Cause] = ["source", "store", "connection", "timeout", "temporary", "fault"]
assert tuple(EVERY_CAUSE) == CAUSES


class RetryDefinition(Frozen):
    """Attempts, the first included, and the waits between them in seconds. ``jitter``: the share of each wait that is left to
    chance, so that many do not come at once. ``lifetime_hours``: no try later than that after the first. ``on``: what is
    tried again at all: the ``source`` or ``store`` did not answer; the channel could not be reached (``connection``), took
    too long (``timeout``) or said “later” (``temporary``); something of ours failed (``fault``)."""

    tries: int = Field(5, ge=1, le=20)
    first_seconds: float = Field(60, gt=0, le=86_400)
    factor: float = Field(4, ge=1, le=10)
    ceiling_seconds: float = Field(3600, gt=0, le=86_400)
    jitter: float = Field(0.2, ge=0, le=1)
    lifetime_hours: float | None = Field(None, gt=0, le=24 * 31)
    on: list[Cause] = Field(default_factory=lambda: list(EVERY_CAUSE))

    def retry(self) -> Retry:
        lifetime = None if self.lifetime_hours is None else self.lifetime_hours * 3600
        return Retry(
            self.tries, self.first_seconds, self.factor, self.ceiling_seconds, self.jitter, lifetime, tuple(self.on)
        )  # fmt: skip


class FallbackDefinition(Frozen):
    """What takes over once a delivery has failed or expired for good; never while it may have arrived. ``channel``: another
    one, by name; a recipient whose row names one gets that. ``at``: not at once but when the recipient's clock next shows
    this time; without another channel, by the same one. ``hours``: how long it is tried. ``after_minutes``: a channel that is
    left alone since it fails counts as failed after so long."""

    channel: str = ""
    at: str = ""
    hours: float = Field(4, gt=0, le=24 * 7)
    after_minutes: float = Field(30, ge=0, le=24 * 60)

    @field_validator("at")
    @classmethod
    def _time(cls, value: str) -> str:
        try:
            if value:
                time_of_day(value)
        except RuleError as error:
            raise ValueError(f"{error.message}. | {error.fix}") from error
        return value

    def moment(self, zone: str, *, now: datetime) -> datetime:
        """When it is tried for who lives in *zone*: now, or when their clock next shows the time (aware)."""
        return next_time(time_of_day(self.at), zone, after=now) if self.at else now


def next_time(at: time, zone: str, *, after: datetime) -> datetime:
    """The first moment after *after* at which the clock in *zone* shows *at*; where the clock leaps over it, right after."""
    day = after.astimezone(ZoneInfo(zone)).date()
    today = datetime.combine(day, at, ZoneInfo(zone))
    if today > after:
        return today
    return datetime.combine(day + timedelta(days=1), at, ZoneInfo(zone))

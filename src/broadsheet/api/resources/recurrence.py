"""When a rule fires, before anything is scheduled."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from broadsheet.core.recurrence import Firing, RuleError, Spread, explain, firings, reason_in, words
from broadsheet.schedules import queries
from broadsheet.schedules.asked import Form

from ..authentication import asker
from ..paging import Asked, Day, Instant
from ..telling import told

router = Router()
Language = Literal["en", "de", "es", "fr"]


class FiringShape(Schema):
    """One firing, and why then."""

    at: datetime = Field(description="In UTC.")
    local: datetime = Field(description="On the rule's clock, with its offset.")
    reason: str = Field(examples=["Monday"])
    moved_from: datetime | None = Field(
        description="The time that the rule names, where the clock or a calendar moved it."
    )
    last: datetime | None = Field(
        description="On each recipient's own clock: when the last of them gets it, and `at` is the first. Else null."
    )


class Rule(Asked):
    """A rule to try, in exactly one of four forms."""

    when: dict[str, Any] | list[dict[str, Any]] | None = Field(
        None,
        description="As `when:` in a schedule's definition: one rule, or a list of them.",
        examples=[{"every": "week", "on": ["mon"], "at": "08:00"}],
    )
    text: str | None = Field(
        None, max_length=2000, description="In plain English.", examples=["third business day of each month at 07:00"]
    )
    rrule: str | None = Field(
        None,
        max_length=20_000,
        description="RFC 5545. Times of day are its own, or come with `at`.",
        examples=["FREQ=MONTHLY;BYDAY=2MO"],
    )
    at: list[str] | str | None = Field(
        None, description="Times of day for an `rrule` that has none.", examples=["08:00"]
    )
    cron: str | None = Field(None, max_length=500, description="Five or six fields.", examples=["0 8 * * 1-5"])
    calendar: str = Field(
        "", max_length=100, description="Whose business days count, where the rule names no calendar: the organization's "
        "own, a country's (gb-eng) or a market's (nyse).",
    )  # fmt: skip
    zone: str = Field("", max_length=64, description="IANA zone, where the rule names none; empty: the organization's.")
    from_: Instant | None = Field(None, alias="from", description="Firings after this instant; by default after now.")
    count: int = Field(20, ge=1, le=500)
    on: Day | None = Field(None, description="Why it fires on this local date, or why not.")
    language: Language = Field(
        "en", description="Of `words` and of reasons; names of holidays where they are known in it."
    )

    def form(self) -> tuple[Form, str | dict[str, Any] | list[dict[str, Any]]]:
        """Raises RuleError unless there is exactly one."""
        texts: tuple[tuple[Form, str | None], ...] = (("text", self.text), ("rrule", self.rrule), ("cron", self.cron))
        found: list[tuple[Form, str | dict[str, Any] | list[dict[str, Any]]]] = [
            (form, one) for form, one in texts if one is not None
        ]
        if self.when is not None:
            found.append(("text", self.when))
        if self.at is not None and self.rrule is None:
            raise RuleError("at", "it goes with an rrule alone", "Write the time of day into the rule.")
        if len(found) != 1:
            said = "no rule is given" if not found else "several rules are given"
            raise RuleError("", said, "Send exactly one of when, text, rrule and cron.")
        return found[0]

    def times(self) -> list[str]:
        """Of `at`."""
        return [self.at] if isinstance(self.at, str) else list(self.at or ())


class ExplanationShape(Schema):
    """Why, or why not, on one local date."""

    fires: bool
    reason: str = Field(
        examples=["Thursday 26 November 2026 does not fire: it is no business day (Thanksgiving Day (US))."]
    )
    firings: list[FiringShape]


class Tried(Schema):
    """What a rule does."""

    words: str = Field(description="The whole rule as a sentence.", examples=["Every Monday at 08:00, New York time"])
    firings: list[FiringShape]
    explanation: ExplanationShape | None = Field(description="Null unless `on` asks for it.")


def firing_facts(one: Firing | Spread, *, language: str = "en") -> dict[str, Any]:
    last = one.last if isinstance(one, Spread) else None
    reason = reason_in(one, language)
    return {"at": one.at, "local": one.local, "reason": reason, "moved_from": one.moved_from, "last": last}


@router.post(
    "/recurrence/preview",
    **told("previewRecurrence", "Try a rule", permission="schedule.read", response=Tried),
)
def preview(request: HttpRequest, rule: Rule) -> object:
    """The next firings of a rule, each with its reason, and the rule in words. Nothing is kept."""
    after = rule.from_ or timezone.now()
    form, given = rule.form()
    timing = queries.tried(asker(request), given, form=form, zone=rule.zone, calendar=rule.calendar, at=rule.times())
    told_on = explain(timing, on=rule.on, language=rule.language) if rule.on else None
    facts = partial(firing_facts, language=rule.language)
    return {
        "words": words(timing, rule.language),
        "firings": [facts(one) for one in firings(timing, after=after, limit=rule.count)],
        "explanation": told_on and {
            "fires": told_on.fires, "reason": told_on.reason, "firings": [facts(one) for one in told_on.firings],
        },
    }  # fmt: skip

"""What is to come: firings of all schedules on the reader's days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from broadsheet.core.recurrence import Firing, RuleError, Spread, reason_in
from broadsheet.schedules.firing import firings_of, override_of
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.models.override import overrides_from
from broadsheet.web import telling
from broadsheet.web.pages.schedules import reading

Shown = dict[str, Any]
DAYS_AHEAD = 7
MOST = 8 * 24 * 60  # firings of one schedule within today and the week: one a minute
SHOWN = 6  # of one day; the rest is a number
DRAWN = 400  # of one schedule on today's clocks
OF_ONE = 2  # of one day and schedule; the second says how many more there are


@dataclass(frozen=True, slots=True)
class Coming:
    """A firing with its schedule; ``chosen`` is what a person chose for it: skip, hold, move, or nothing."""

    schedule: Schedule
    firing: Firing | Spread
    chosen: str = ""

    @property
    def skipped(self) -> bool:
        return self.chosen == "skip"

    @property
    def state(self) -> str:
        """Of the vocabulary of states."""
        return {"skip": "skipped", "hold": "held"}.get(self.chosen, "moved" if self.firing.moved_from else "due")

    @property
    def reason(self) -> str:
        """Why then, in the language of the page."""
        return reason_in(self.firing, get_language() or "en")


def coming(schedules: Iterable[Schedule], *, after: datetime, until: datetime, zone: str) -> list[Coming]:
    """Firings of those that are not paused, ascending, the last instant left out."""
    found, going = [], [one for one in schedules if one.paused_at is None]
    shelf = reading.shelf(going)
    for one in going:
        try:
            timing = reading.timing(one, zone=zone, shelf=shelf)
        except RuleError:  # a calendar that no longer fits it: its page says so
            continue
        for firing in firings_of(one, timing, after=after, until=until - timedelta(microseconds=1), limit=MOST):
            found.append(Coming(one, firing, _chosen(one, firing)))
    return sorted(found, key=lambda each: (each.firing.at, each.schedule.title))


def _chosen(schedule: Schedule, firing: Firing | Spread) -> str:
    if not schedule.overrides:
        return ""
    found = override_of(overrides_from(schedule.overrides), firing)
    return found.kind if found else ""


def week(found: Iterable[Coming], *, today: date) -> list[Shown]:
    """The seven days after today, those without a firing too."""
    days: dict[date, list[Coming]] = {today + timedelta(days=ahead): [] for ahead in range(1, DAYS_AHEAD + 1)}
    for one in found:
        day = timezone.localtime(one.firing.at).date()
        if day in days:
            days[day].append(one)
    return [_day(day, firing, before=day - timedelta(days=1)) for day, firing in days.items()]


def _day(day: date, found: list[Coming], *, before: date) -> Shown:
    turns, picked = Counter(one.schedule.pk for one in found), few_of_each(found, OF_ONE)[:SHOWN]
    seen = Counter(one.schedule.pk for one in picked)
    last = {one.schedule.pk: one for one in picked}  # which says how many more of its schedule there are
    shown, rest = [], len(found) - len(picked)
    for one in picked:
        key = one.schedule.pk
        more = turns[key] - OF_ONE if last[key] is one and seen[key] == OF_ONE else 0
        shown.append(_firing(one, more=more))
        rest -= more
    if rest:
        words = ngettext("and %(n)d more", "and %(n)d more", rest) % {"n": rest}
        shown.append({"state": "due", "text": words, "under": "", "href": reverse("web:schedules")})
    return {"label": format_date(day, "D j" if day.month == before.month else "D j M"), "firings": shown}


def few_of_each(found: list[Coming], most: int) -> list[Coming]:
    """The same without what would bury the others: of each schedule the first *most*."""
    seen: Counter[int] = Counter()
    few = []
    for one in found:
        seen[one.schedule.pk] += 1
        if seen[one.schedule.pk] <= most:
            few.append(one)
    return few


def _firing(one: Coming, *, more: int) -> Shown:
    state = one.state
    under = {"skip": _("left out by hand"), "hold": _("held by hand")}.get(one.chosen, one.reason)
    if more:
        under = ngettext("%(what)s, %(n)d more", "%(what)s, %(n)d more", more) % {"what": under, "n": more}
    return {
        "state": state,
        "text": f"{telling.clock(one.firing.at)} {one.schedule.title}",
        "under": under,
        "href": reverse("web:schedule", args=[one.schedule.name]),
    }

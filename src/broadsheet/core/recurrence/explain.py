"""Answers "why on that date?" and "why not?" for one local date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from broadsheet.core.recurrence.because import told
from broadsheet.core.recurrence.calendars import Calendar, closure_of
from broadsheet.core.recurrence.combined import Combined
from broadsheet.core.recurrence.engine import firings, firings_on
from broadsheet.core.recurrence.naming import WEEKDAYS, tongue
from broadsheet.core.recurrence.phrases import Teller
from broadsheet.core.recurrence.reasons import teller_of
from broadsheet.core.recurrence.rule import AnyRule, dates_of, is_instants, why_not
from broadsheet.core.recurrence.timing import Firing, Timing
from broadsheet.core.recurrence.zones import zone_named

SHOWN = 3  # firings of one day that a sentence names; the rest is counted
SECOND = timedelta(seconds=1)
CLOSED = {  # said behind "is not one of the rule's dates"
    "en": "{date} is closed: {closure}.",
    "de": "Am {date} ist geschlossen: {closure}.",
    "es": "El {date} está cerrado: {closure}.",
    "fr": "Le {date} est fermé\u00a0: {closure}.",
}
OPENED = {
    "en": "{date} is a business day now.",
    "de": "Der {date} ist jetzt ein Geschäftstag.",
    "es": "El {date} es ahora un día hábil.",
    "fr": "Le {date} est maintenant un jour ouvré.",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a timing does on one local date.

    fires: whether that date gives rise to a firing.
    reason: one sentence, in the language that was asked for.
    firings: those firings, ascending; a clock change may have moved one to the next date.
    """

    fires: bool
    reason: str
    firings: tuple[Firing, ...] = ()


def explain(timing: Timing, *, on: date, language: str = "en") -> Explanation:
    """Why `timing` fires, or does not fire, on the local date `on`. language: as of `words`."""
    teller = teller_of(language)
    phrases = teller.phrases
    if timing.starts is not None and on < timing.starts:
        return Explanation(False, phrases.starts.format(date=teller.dated(timing.starts)))
    if timing.until is not None and on > timing.until:
        return Explanation(False, phrases.ended.format(date=teller.dated(timing.until)))
    if is_instants(timing.rule):
        return _of_instants(timing, on, teller)
    following = next(dates_of(timing.rule, on), None)
    if following != on:
        if hindrance := why_not(timing.rule, on):
            return Explanation(False, phrases.no.format(day=teller.named(on), why=hindrance.told(teller)))
        said = _not_a_date(on, following, until=timing.until, teller=teller)
        return Explanation(False, " ".join([said, *_closures(timing.rule, on, teller)]))
    found = tuple(firings_on(timing, on))
    return Explanation(True, _told(found, teller), found) if found else Explanation(False, phrases.jumped)


def _of_instants(timing: Timing, on: date, teller: Teller) -> Explanation:
    """For rules without dates of their own: what falls between that midnight and the next."""
    zone = zone_named(timing.zone)
    begin = datetime.combine(on, time(), zone)
    end = datetime.combine(on + timedelta(days=1), time(), zone) if on < date.max else begin
    walk = firings(timing, after=begin - 3 * 3600 * SECOND, until=end + 3 * 3600 * SECOND)
    found = tuple(firing for firing in walk if firing.local.date() == on)
    if found:
        return Explanation(True, _told(found, teller), found)
    rule: Any = timing.rule
    phrases = teller.phrases
    if isinstance(rule, Combined):
        members = [explain(member, on=on, language=teller.language) for member in rule.members]
        reasons = " ".join(dict.fromkeys(one.reason for one in members if not one.fires))
        met = {"union": "", "all_of": phrases.never_met, "except": phrases.all_out}
        return Explanation(False, reasons or met[rule.operation])
    hindrance = why_not(rule, on)
    because = hindrance.told(teller) if hindrance else phrases.no_moment
    return Explanation(False, phrases.no.format(day=teller.named(on), why=because))


def _told(found: tuple[Firing, ...], teller: Teller) -> str:
    said = teller.phrases.then.join(f"{firing.local:%H:%M}, {told(firing.because, teller)}" for firing in found[:SHOWN])
    return said if len(found) <= SHOWN else teller.phrases.more.format(told=said, n=len(found) - SHOWN)


def _not_a_date(on: date, following: date | None, *, until: date | None, teller: Teller) -> str:
    if following is None or (until is not None and following > until):
        return teller.phrases.off_for_good.format(day=teller.named(on))
    return teller.phrases.off.format(day=teller.named(on), next=teller.named(following))


def _closures(rule: AnyRule, on: date, teller: Teller) -> list[str]:
    """Why the rule's calendars are closed on a date that it passes over; its weekday alone explains nothing."""
    said = []
    for calendar in _calendars(rule):
        if calendar.is_business_day(on) or calendar.closure(on) == WEEKDAYS[on.weekday()]:
            continue
        closure = closure_of(calendar, on, teller.language)
        named = closure if closure.endswith(")") else f"{closure} ({calendar.name})"
        said.append(CLOSED[tongue(teller.language)].format(date=teller.dated(on), closure=named))
    return list(dict.fromkeys(said))


def changed_days(before: Timing, after: Timing, *, first: date, last: date, language: str = "en") -> list[str]:
    """The dates from `first` to `last`, both included, that the rule's calendars close or open `after` and did not
    `before`, each in a sentence in that language: what lets a rule that counts business days come to another date."""
    teller, said = teller_of(language), []
    number = range((last - first).days + 1)
    for was, now in zip(_calendars(before.rule), _calendars(after.rule), strict=False):
        for day in (first + timedelta(days=ahead) for ahead in number):
            if was.is_business_day(day) and not now.is_business_day(day):
                closure = closure_of(now, day, teller.language)
                said.append(CLOSED[tongue(teller.language)].format(date=teller.dated(day), closure=closure))
            elif now.is_business_day(day) and not was.is_business_day(day):
                said.append(OPENED[tongue(teller.language)].format(date=teller.dated(day)))
    return list(dict.fromkeys(said))


def _calendars(part: Any) -> Iterator[Calendar]:
    """Those by which a rule counts or moves, the outermost first."""
    if calendar := getattr(part, "calendar", None):
        yield calendar
    inner = [getattr(part, name, None) for name in ("rule", "on")]
    for one in (*inner, *getattr(part, "members", ())):
        if one is not None:
            yield from _calendars(one)

"""Why a rule fires on a date, said with the phrases that a `Speech` has for the rule itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from broadsheet.core.recurrence.algebra import Difference, Intersection, Union
from broadsheet.core.recurrence.because import both
from broadsheet.core.recurrence.calendars import closure_of
from broadsheet.core.recurrence.month_patterns import DayOfMonth
from broadsheet.core.recurrence.monthly import Monthly
from broadsheet.core.recurrence.periodic import InPeriod, Yearly
from broadsheet.core.recurrence.relative import OnEvents
from broadsheet.core.recurrence.rolled import Rolled, Shifted
from broadsheet.core.recurrence.rrule import RRuleSet
from broadsheet.core.recurrence.weekly import Weekly
from broadsheet.core.recurrence.written import Dates, WrittenMoments

if TYPE_CHECKING:
    from broadsheet.core.recurrence.spoken.speech import Speech


def why(speech: Speech, rule: Any, day: date) -> str:
    """As it stands in the middle of a sentence. `day` is one of the rule's dates."""
    phrases = speech.phrases
    match rule:
        case Weekly(interval=interval):
            return speech.inner(speech.weekly([day.weekday()], interval))
        case Monthly() | Yearly():
            first, *asides = speech.parts(rule, starts=rule.anchor)
            shorter = isinstance(rule.on, DayOfMonth) and rule.on.day != day.day
            return ", ".join([speech.inner(first), *(asides if shorter else [])])
        case InPeriod():
            first = speech.inner(speech.parts(rule, starts=rule.anchor)[0])
            return f"{first} ({label})" if (label := rule.label_of(day)) else first
        case Dates() | WrittenMoments():
            return phrases.listed
        case OnEvents(events=events):
            return both(rule.titles(day), speech) or phrases.event.format(name=events.name)
        case RRuleSet():
            return _of_set(speech, rule, day)
        case _:
            return _of_others(speech, rule, day)


def _of_others(speech: Speech, rule: Any, day: date) -> str:
    """Rules made of other rules; and those that say of each date what they say of all."""
    match rule:
        case Rolled():
            came = rule.came_from(day)
            if came is None:
                return why(speech, rule.rule, day)
            closure = closure_of(rule.calendar, came, speech.language)
            reason = why(speech, rule.rule, came)
            weekend = closure == speech.weekdays[came.weekday()]
            return (speech.phrases.moved_weekday if weekend else speech.phrases.moved).format(
                reason=reason, day=speech.named(came), closure=closure
            )
        case Shifted(rule=inner, days=days, calendar=calendar):
            said = speech.inner(speech.shifted(days, business=calendar is not None))
            return f"{said}{speech.colon}{why(speech, inner, rule.counted_from(day))}"
        case Union():
            return _all(speech, rule.members_on(day), day)
        case Intersection(members=members):
            return _all(speech, members, day)
        case Difference(members=members):
            return why(speech, members[0], day)
        case _:
            return speech.inner(speech.parts(rule, starts=getattr(rule, "anchor", None))[0])


def _of_set(speech: Speech, rule: RRuleSet, day: date) -> str:
    if rule.adds(day):
        return speech.phrases.added
    if not rule.rules:
        return speech.phrases.start
    return speech.inner(speech.parts(rule, starts=None)[0])


def _all(speech: Speech, members: Iterable[Any], day: date) -> str:
    return both([why(speech, member, day) for member in members], speech)

"""How a sentence about a timing is put together; what its parts are called is each language's own.

A sentence has the dates first, then what qualifies them, the times of day, the zone and the limits, as in English.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Literal

from babel.dates import get_timezone_location

from broadsheet.core.recurrence.algebra import Difference, Intersection, Union
from broadsheet.core.recurrence.calendars import MONDAY_TO_FRIDAY
from broadsheet.core.recurrence.combined import Combined
from broadsheet.core.recurrence.cron import Cron
from broadsheet.core.recurrence.daily import Daily
from broadsheet.core.recurrence.every import Every
from broadsheet.core.recurrence.fiscal.months import CALENDAR_YEAR
from broadsheet.core.recurrence.month_patterns import DayOfMonth, NthBusinessDay, NthWeekday
from broadsheet.core.recurrence.monthly import Monthly
from broadsheet.core.recurrence.periodic import InPeriod, Yearly
from broadsheet.core.recurrence.phrases import Phrases
from broadsheet.core.recurrence.relative import OnEvents
from broadsheet.core.recurrence.rolled import Rolled, Shifted
from broadsheet.core.recurrence.rrule import RRule, RRuleSet, parts_to
from broadsheet.core.recurrence.sessions import AtSession
from broadsheet.core.recurrence.spoken import reasons
from broadsheet.core.recurrence.spoken.plain import plain
from broadsheet.core.recurrence.timing import Timing
from broadsheet.core.recurrence.weekly import Weekly
from broadsheet.core.recurrence.written import Dates, WrittenMoments

Joint = Literal["union", "all_of", "except"]
JOINTS: dict[type, Joint] = {Union: "union", Intersection: "all_of", Difference: "except"}


class Speech(ABC):
    """Sentences of one language. The abstract methods give phrases that can begin a sentence: with a capital where the
    language wants one there. Numbers are 1 or more, `nth` counts from the end where negative, 0 = Monday."""

    language: str
    """As a BCP 47 tag."""

    phrases: Phrases
    weekdays: Sequence[str]
    weekday_date = "{weekday}, {date}"
    colon = ": "
    lasting: frozenset[str] = frozenset()
    """First words that keep their capital in the middle of a sentence."""

    own_clock: str
    """Behind a time of day: on the clock of each recipient."""

    gaps: dict[str, str]
    overlaps: dict[str, str]
    rolls: dict[str, str]
    shorts: dict[str, str]
    joints: dict[Joint, str]

    def words(self, timing: Timing) -> str:
        """The whole sentence, without a full stop."""
        limits = [self.since(timing.starts) if timing.starts else "", self.until(timing.until) if timing.until else ""]
        if isinstance(timing.rule, Combined):
            said = [self.words(member) for member in timing.rule.members]
            return ", ".join([self._joined(timing.rule.operation, said), *filter(None, limits)])
        timing = plain(timing)
        dates, *asides = self.parts(timing.rule, starts=timing.starts)
        zone = self.own_clock if timing.personal else self.zone(timing.zone)
        if not timing.times:
            return ", ".join([dates, *asides, zone, *filter(None, limits)])
        at = self.at([clock(moment) for moment in timing.times])
        when = ", ".join([dates, *asides, at]) if asides else f"{dates} {at}"
        clocks = [self.gaps.get(timing.gap, ""), self.overlaps.get(timing.overlap, "")]
        return ", ".join([when, zone, *filter(None, [*limits, *clocks])])

    def parts(self, rule: Any, *, starts: date | None) -> list[str]:
        """The dates first, then asides; what an interval counts from is one only when the start does not say it."""
        match rule:
            case Daily(interval=interval, weekdays_only=weekdays_only):
                first = self.every_weekday(interval) if weekdays_only else self.every_day(interval)
                return [first, *self._counted(rule, starts)]
            case Weekly(weekdays=weekdays, interval=interval):
                return [self.weekly(sorted(weekdays), interval), *self._counted(rule, starts)]
            case Monthly(on=pattern, interval=interval):
                phrase, asides = self.pattern(pattern)
                return [self.of_each(phrase, "period", interval, fiscal=False), *asides, *self._counted(rule, starts)]
            case InPeriod(unit=unit, interval=interval):
                phrase = self.nth(rule.nth, self._what(rule))
                fiscal = rule.fiscal != CALENDAR_YEAR
                return [self.of_each(phrase, unit, interval, fiscal=fiscal), *self._counted(rule, starts)]
            case Yearly(on=pattern, months=months, interval=interval):
                asides = self.pattern(pattern)[1]
                return [self.yearly(pattern, months, interval), *asides, *self._counted(rule, starts)]
            case _:
                return self._over_others(rule, starts=starts)

    def _over_others(self, rule: Any, *, starts: date | None) -> list[str]:
        """Rules made of other rules."""
        match rule:
            case Rolled(rule=inner, calendar=calendar, convention=convention):
                by = "" if calendar == MONDAY_TO_FRIDAY else f" ({calendar.name})"
                return [*self.parts(inner, starts=starts), f"{self.rolls[convention]}{by}"]
            case Shifted(rule=OnEvents(events=events), days=days, calendar=calendar):
                return [self.beside_events(days, events.name, business=calendar is not None)]
            case Shifted(rule=inner, days=days, calendar=calendar):
                first, *rest = self.parts(inner, starts=starts)
                return [f"{self.shifted(days, business=calendar is not None)}{self.colon}{self.inner(first)}", *rest]
            case Union(members=members) | Intersection(members=members) | Difference(members=members):
                said = [", ".join(self.parts(member, starts=starts)) for member in members]
                return [self._joined(JOINTS[type(rule)], said)]
            case _:
                return self._written(rule)

    def _written(self, rule: Any) -> list[str]:
        """Rules by text, by list and by distance."""
        match rule:
            case Cron(expression=expression, days=days):
                return [self.by_cron(expression), *([self.both_days] if days == "both" else [])]
            case RRule(parts=parts):
                return [self.by_rule(parts_to(parts))]
            case RRuleSet(rules=rules, start=start):
                return [self.by_rule("; ".join(map(parts_to, rules))) if rules else self.once, self.since(start)]
            case Every(anchor=anchor):
                number, unit = rule.parts
                return [self.distance(number, unit), self.counted_from_moment(anchor)]
            case Dates(days=days):
                return [self.on_dates([self.dated(day) for day in days])]
            case WrittenMoments(moments=moments):
                return [self.on_dates([f"{self.dated(one)} {self.at([clock(one.time())])}" for one in moments])]
            case AtSession(calendar=calendar, edge=edge, minutes=minutes):
                return [self.at_session(edge, minutes, calendar.name)]
            case OnEvents(events=events):
                return [self.on_events(events.name)]
            case _:
                return [str(rule)]

    def why(self, rule: Any, day: date, /) -> str:
        """Why one of the rule's dates is one, as it stands in the middle of a sentence."""
        return reasons.why(self, rule, day)

    def named(self, day: date, /) -> str:
        """A date with its weekday."""
        return self.weekday_date.format(weekday=self.weekdays[day.weekday()], date=self.dated(day))

    def pattern(self, pattern: Any) -> tuple[str, list[str]]:
        """The phrase for a date of a month, and what qualifies it."""
        match pattern:
            case DayOfMonth(day=day, short_month=short):
                return self.day(day), [self.shorts[short]] if day > 28 else []
            case NthWeekday(nth=nth, weekday=weekday):
                return self.nth(nth, weekday), []
            case NthBusinessDay(nth=nth):
                return self.nth(nth, "business_day"), []
            case _:
                return str(pattern), []

    def inner(self, text: str) -> str:
        """A sentence in the middle of another."""
        return text if text.split(" ")[0] in self.lasting else text[:1].lower() + text[1:]

    def place(self, zone: str) -> str:
        """The zone's city in this language, or the zone's own name where it has none: “UTC”."""
        area, slash, _ = zone.partition("/")
        if not slash or area == "Etc":
            return ""
        return get_timezone_location(zone, locale=self.language, return_city=True)

    def _joined(self, joint: Joint, said: Sequence[str]) -> str:
        return self.joints[joint].join([said[0], *map(self.inner, said[1:])])

    def _counted(self, rule: Any, starts: date | None) -> list[str]:
        if rule.interval == 1 or rule.anchor is None or rule.anchor == starts:
            return []
        return [self.counted_from(rule.anchor)]

    def _what(self, rule: InPeriod) -> int | str:
        return rule.weekday if rule.weekday is not None else rule.count

    once: str
    both_days: str

    @abstractmethod
    def every_day(self, interval: int) -> str: ...
    @abstractmethod
    def every_weekday(self, interval: int) -> str: ...
    @abstractmethod
    def weekly(self, weekdays: Sequence[int], interval: int) -> str: ...
    @abstractmethod
    def day(self, day: int) -> str:
        """A day of a month by its number."""

    @abstractmethod
    def nth(self, nth: int, what: int | str) -> str:
        """The nth weekday, "day" or "business_day"."""

    @abstractmethod
    def of_each(self, phrase: str, unit: str, interval: int, *, fiscal: bool) -> str:
        """That date of every period (a month), quarter, half or year."""

    @abstractmethod
    def yearly(self, pattern: Any, months: Sequence[int], interval: int) -> str: ...
    @abstractmethod
    def distance(self, number: int, unit: str) -> str:
        """Every so many hours, minutes or seconds."""

    @abstractmethod
    def shifted(self, days: int, *, business: bool) -> str:
        """So many days before (negative) or after what follows behind a colon."""

    @abstractmethod
    def beside_events(self, days: int, name: str, *, business: bool) -> str: ...
    @abstractmethod
    def on_events(self, name: str) -> str: ...
    @abstractmethod
    def at_session(self, edge: str, minutes: int, name: str) -> str:
        """So many minutes after (or before, where negative) the "open" or "close" of each day of a calendar."""

    @abstractmethod
    def on_dates(self, dates: Sequence[str]) -> str: ...
    @abstractmethod
    def by_cron(self, text: str) -> str: ...
    @abstractmethod
    def by_rule(self, text: str) -> str: ...
    @abstractmethod
    def at(self, times: Sequence[str]) -> str: ...
    @abstractmethod
    def zone(self, zone: str) -> str: ...
    @abstractmethod
    def dated(self, day: date, /) -> str: ...
    @abstractmethod
    def since(self, day: date) -> str: ...
    @abstractmethod
    def until(self, day: date) -> str: ...
    @abstractmethod
    def counted_from(self, day: date) -> str: ...
    @abstractmethod
    def counted_from_moment(self, moment: datetime) -> str: ...


def clock(moment: time) -> str:
    """ "08:00", with seconds only where there are some."""
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def listed(items: Sequence[str], word: str) -> str:
    """ "a", "a und b", "a, b und c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}"

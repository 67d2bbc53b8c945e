"""Stretches of time: fiscal periods of a span, every period of a span, and the same stretch some time before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from broadsheet.core.document.periods import add_months
from broadsheet.core.document.tables import FISCAL_GRAINS, Ask, Grouping, Span, Value
from broadsheet.core.recurrence.fiscal import FiscalCalendar, Period

from ..dataset import Earlier
from ..errors import QueryRefused

UNITS = {"fiscal_week": "week", "fiscal_month": "period", "fiscal_quarter": "quarter", "fiscal_year": "year"}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
DAYS = {"day": 1, "week": 7}
WEEKS_A_YEAR, MOST_PERIODS = 52, 2_000
HALF_AN_HOUR = timedelta(minutes=30)  # some clocks change by that much, and some hours begin then
CYCLES = ("weekday", "hour_of_day")
FINENESS = (
    "hour", "day", "week", "fiscal_week", "month", "fiscal_month", "quarter", "fiscal_quarter", "year", "fiscal_year",
)  # fmt: skip


def edge(day: date, *, zone: str, instant: bool) -> date:
    """Where *day* begins: an aware moment in *zone*, or the date itself for what is only a date."""
    return datetime.combine(day, time(), ZoneInfo(zone)) if instant else day


def fiscal_periods(ask: Ask, grain: str, fiscal: FiscalCalendar) -> tuple[Period, ...]:
    """The fiscal periods that the ask's span touches, in order. Raises QueryRefused where it has none."""
    if ask.span is None:
        raise QueryRefused(f"“{grain}” needs a period, and this asks of all times. Add a period.")
    first, last = _days(ask.span, ask.zone)
    found = [fiscal.period(first, UNITS[grain])]  # type: ignore[arg-type]
    while found[-1].last < last:
        if len(found) >= MOST_PERIODS:
            raise QueryRefused(f"The period has more than {MOST_PERIODS} of “{grain}”. Choose a shorter one.")
        found.append(fiscal.next(found[-1]))
    return tuple(found)


def every(ask: Ask, grouping: Grouping, *, fiscal: FiscalCalendar, until: datetime) -> list[Value]:
    """The key of each period of the ask's span that began before *until*; none where they cannot be counted up."""
    grain = grouping.grain or ""
    if grain in CYCLES:
        return list(range(7 if grain == "weekday" else 24))
    if ask.span is None or not grain:
        return []
    now = until.astimezone(ZoneInfo(ask.zone))
    if grain in FISCAL_GRAINS:
        return [one.first for one in fiscal_periods(ask, grain, fiscal) if one.first <= now.date()]
    if grain == "hour":
        return list(dict.fromkeys(_hours(ask.span, ask.zone, until)))
    first, last = _days(ask.span, ask.zone)
    return list(_stepped(grain, first, min(last, now.date())))


def _stepped(grain: str, first: date, last: date) -> Iterator[Value]:
    at = _begin(grain, first)
    for _ in range(MOST_PERIODS):
        if at > last:
            return
        yield at
        at = _moved(at, grain, 1)
    raise _too_many(grain)


def _hours(span: Span, zone: str, until: datetime) -> Iterator[Value]:
    """The local hours that there are: one is left out in spring, and one comes twice in autumn."""
    found, end = ZoneInfo(zone), min(span.end, until).astimezone(UTC)
    at = span.start.astimezone(UTC)
    if (end - at) / HALF_AN_HOUR > 2 * MOST_PERIODS:
        raise _too_many("hour")
    while at < end:
        yield at.astimezone(found).replace(minute=0, second=0, microsecond=0, tzinfo=None, fold=0)
        at += HALF_AN_HOUR


def _too_many(grain: str) -> QueryRefused:
    return QueryRefused(f"The period has more than {MOST_PERIODS} of “{grain}”. Choose a shorter one.")


def _begin(grain: str, day: date) -> date:
    match grain:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case "year":
            return date(day.year, 1, 1)
        case _:
            return day


def _moved(day: date, unit: str, number: int) -> date:
    """*day*, or a local moment, so many units later; the end of a month stays inside."""
    if unit == "hour" and isinstance(day, datetime):
        return day + timedelta(hours=number)
    if unit in MONTHS:
        moved = add_months(day, MONTHS[unit] * number)
        return datetime.combine(moved, day.time()) if isinstance(day, datetime) else moved
    return day + timedelta(days=DAYS[unit] * number)


def before(ask: Ask, earlier: Earlier, fiscal: FiscalCalendar, *, time: str) -> Ask:
    """*ask* for the stretch before; *time* is the dataset's. Raises QueryRefused where there is none."""
    grouping = timed(ask, time)
    if ask.span is None:
        if grouping is None:
            raise QueryRefused(f"“{earlier.of}” before needs a period, and this asks of all times. Add a period.")
        return ask
    zone = ZoneInfo(ask.zone)
    start, end = (one.astimezone(zone).replace(tzinfo=None) for one in (ask.span.start, ask.span.end))
    if grouping is not None and grouping.grain in FISCAL_GRAINS:
        moved: tuple[date, date] = _fiscal_stretch(start.date(), end, grouping.grain, earlier, fiscal)
    else:
        moved = _stretch(start, end, step_back(ask, earlier, fiscal, time=time))
    return replace(ask, span=Span(*(_aware(one, zone) for one in moved)))


def _stretch(start: datetime, end: datetime, back: Callable[[date], date]) -> tuple[date, date]:
    """From where *start* was to where *end* was. Whole months stay whole; else the last day is moved, and not what follows:
    a month before 30 March is 28 February, but a month before the end of that day would be, too."""
    if start.day == end.day == 1 or end.time() != time():
        return back(start), back(end)
    return back(start), back(end - timedelta(days=1)) + timedelta(days=1)


def _fiscal_stretch(
    start: date, end: datetime, grain: str, earlier: Earlier, fiscal: FiscalCalendar
) -> tuple[date, date]:
    """As far into the earlier periods as the span is into its own; whole periods stay whole."""
    last = (end - timedelta(microseconds=1)).date()
    unit = UNITS[grain]

    def back(day: date) -> date:
        now = fiscal.period(day, unit)  # type: ignore[arg-type]
        then = fiscal.period(_fiscal_before(day, grain, earlier, fiscal), unit)  # type: ignore[arg-type]
        return then.last if day == now.last != now.first else min(then.first + (day - now.first), then.last)

    return back(start), back(last) + timedelta(days=1)


def step_back(ask: Ask, earlier: Earlier, fiscal: FiscalCalendar, *, time: str) -> Callable[[date], date]:
    """What a period's key, or an edge of the span, was before."""
    grouping = timed(ask, time)
    grain = (grouping.grain or "") if grouping is not None else ""
    if grain in FISCAL_GRAINS:
        return lambda day: _fiscal_before(day, grain, earlier, fiscal)
    unit, number = (earlier.unit, earlier.number) if earlier.unit != "previous" else _length(ask, grain)
    if grain == "week" and unit in MONTHS:
        if unit != "year":
            raise QueryRefused(f"Weeks have none of a {unit} before. Group by day, or by {unit}.")
        unit, number = "week", number * WEEKS_A_YEAR
    return lambda day: _moved(day, unit, -number)


def timed(ask: Ask, time: str) -> Grouping | None:
    """The grouping that counts on in time, if there is one; of several, the finest of the dataset's *time*."""
    found = [one for one in ask.by if one.grain and one.grain not in CYCLES]
    mine = [one for one in found if one.dimension in ("", time)] or found[:1]
    return min(mine, key=lambda one: FINENESS.index(str(one.grain)), default=None)


def keys_back(
    ask: Ask, earlier: Earlier, fiscal: FiscalCalendar, *, time: str
) -> Callable[[tuple[Value, ...]], tuple[Value, ...]]:
    """What the values of all groupings were before: those of the same time go with the finest. Raises QueryRefused for
    groupings that do not follow from it."""
    finest = timed(ask, time)
    if finest is None:
        return lambda key: key
    back, at = step_back(ask, earlier, fiscal, time=time), ask.by.index(finest)
    same = ("", time) if finest.dimension in ("", time) else (finest.dimension,)
    others = [
        (place, _follows(finest.grain or "", one.grain, fiscal))
        for place, one in enumerate(ask.by)
        if place != at and one.grain and one.dimension in same
    ]

    def moved(key: tuple[Value, ...]) -> tuple[Value, ...]:
        found = list(key)
        if isinstance(day := key[at], date):
            found[at] = day = back(day)
            for place, follows in others:
                found[place] = follows(day, key[place])
        return tuple(found)

    return moved


Following = Callable[[date, Value], Value]


def _follows(finest: str, grain: str, fiscal: FiscalCalendar) -> Following:
    """How a value of *grain* follows from a day of the grouping *finest* and what it was."""
    days, hours = finest in ("hour", "day"), finest == "hour"
    if grain == "weekday" and days:
        return lambda day, was: day.weekday()
    if grain == "hour_of_day" and hours:
        return lambda day, was: day.hour if isinstance(day, datetime) else was
    if grain in CYCLES:
        return lambda day, was: was  # whole days, or whole weeks, later
    if grain in FISCAL_GRAINS and (days or finest in FISCAL_GRAINS):
        return lambda day, was: fiscal.period(_day(day), UNITS[grain]).first  # type: ignore[arg-type]
    if grain not in FISCAL_GRAINS and (days or finest in MONTHS):
        return lambda day, was: _begin(grain, _day(day))
    raise QueryRefused(f"A look back cannot be grouped by “{grain}” and “{finest}” at once. Take one of them out.")


def _day(at: date) -> date:
    return at.date() if isinstance(at, datetime) else at


def _length(ask: Ask, grain: str) -> tuple[str, int]:
    """What “previous” goes back: a period where it is grouped by periods, else as long as the span is."""
    if grain:
        return grain, 1
    assert ask.span is not None  # `before` has refused it
    first, last = _days(ask.span, ask.zone)
    following = last + timedelta(days=1)
    if first.day == following.day == 1:
        return "month", (following.year - first.year) * 12 + following.month - first.month
    return "day", (following - first).days


def _fiscal_before(day: date, grain: str, earlier: Earlier, fiscal: FiscalCalendar) -> date:
    current = fiscal.period(day.date() if isinstance(day, datetime) else day, UNITS[grain])  # type: ignore[arg-type]
    own = grain.removeprefix("fiscal_")
    if earlier.unit in ("previous", own):
        return fiscal.previous(current, earlier.number).first
    if earlier.unit == "year":
        year = current.year - earlier.number
        many = len(fiscal.starts(current.unit, year)) - 1
        return fiscal.numbered(current.unit, year, min(current.number, many)).first
    raise QueryRefused(
        f"“{grain}” can be compared with the {own} or the year before, not with a {earlier.unit} before."
    )


def _days(span: Span, zone: str) -> tuple[date, date]:
    """The first and the last local day of *span*."""
    found = ZoneInfo(zone)
    last = span.end.astimezone(found) - timedelta(microseconds=1)
    return span.start.astimezone(found).date(), last.date()


def _aware(day: date, zone: ZoneInfo) -> datetime:
    return (day if isinstance(day, datetime) else datetime.combine(day, time())).replace(tzinfo=zone)

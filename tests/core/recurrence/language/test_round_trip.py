"""What is written is read back: parse(write(x)) == x over random rules."""

from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core.recurrence import RuleError, timing_from, timing_to
from broadsheet.core.recurrence.calendars import CONVENTIONS, Business, Events, FixedDays, Hours
from broadsheet.core.recurrence.fiscal import FiscalWeeks, YearEnd
from broadsheet.core.recurrence.language import parse, write
from broadsheet.core.recurrence.naming import MONTH_KEYS, WEEKDAY_KEYS

CALENDARS = {
    "nyse": Business("NYSE", hours=Hours(time(9, 30), time(16), "America/New_York")),
    "new-york": Business("New York", own=(FixedDays(closed=((date(2026, 11, 26), "Thanksgiving"),)),)),
    "Élan days": Business("Élan", frozenset({4, 5})),
}
FISCAL = {"retail": FiscalWeeks(YearEnd(1, 5, "nearest"), "4-5-4", "start"), "fiscal": FiscalWeeks(YearEnd(9, 5))}
EVENTS = {name: Events(name, ()) for name in ("board-meeting", "releases", 'the "big" one', "half-year")}
NAMES = {"calendars": CALENDARS, "fiscal": FISCAL, "events": EVENTS}

DATES = st.dates(date(2020, 1, 1), date(2031, 12, 31))
STAMPS = st.datetimes(datetime(2020, 1, 1), datetime(2031, 1, 1)).map(lambda moment: f"{moment:%Y-%m-%d %H:%M}")
CLOCKS = st.times().map(lambda moment: f"{moment:%H:%M:%S}".removesuffix(":00"))
NTH = st.integers(1, 5) | st.integers(-5, -1)
BUSINESS_DAY = st.integers(1, 15) | st.integers(-15, -1)
WEEKDAY_LISTS = st.lists(st.sampled_from(WEEKDAY_KEYS), min_size=1, unique=True)
MONTH_LISTS = st.lists(st.sampled_from(MONTH_KEYS), min_size=1, unique=True)
INTERVAL = st.integers(2, 12).map(lambda number: {"interval": number})
ON_MONTH = st.one_of(
    st.integers(1, 31).map(lambda day: {"day": day}),
    st.tuples(st.integers(29, 31), st.sampled_from(["skip", "next"])).map(lambda one: {"day": one[0], "short": one[1]}),
    st.tuples(NTH, st.sampled_from(WEEKDAY_KEYS)).map(lambda one: {"nth": one[0], "weekday": one[1]}),
    BUSINESS_DAY.map(lambda nth: {"business_day": nth}),
)
ON_PERIOD = st.one_of(
    (st.integers(1, 25) | st.integers(-25, -1)).map(lambda day: {"day": day}),
    st.tuples(NTH, st.sampled_from(WEEKDAY_KEYS)).map(lambda one: {"nth": one[0], "weekday": one[1]}),
    BUSINESS_DAY.map(lambda nth: {"business_day": nth}),
)


def maybe(strategy):
    return st.just({}) | strategy


def merged(*strategies):
    return st.tuples(*strategies).map(lambda parts: {key: value for part in parts for key, value in part.items()})


BASES = st.one_of(
    merged(st.sampled_from([{"every": "day"}, {"every": "weekday"}]), maybe(INTERVAL)),
    merged(WEEKDAY_LISTS.map(lambda on: {"every": "week", "on": on}), maybe(INTERVAL)),
    merged(ON_MONTH.map(lambda on: {"every": "month", "on": on}), maybe(INTERVAL)),
    merged(
        st.tuples(st.sampled_from(["period", "quarter", "half", "year"]), ON_PERIOD).map(lambda one: {"every": one[0], "on": one[1]}),
        maybe(INTERVAL),
        maybe(st.sampled_from(["retail", "fiscal", "apr", "oct"]).map(lambda name: {"fiscal": name})),
    ),
    merged(st.tuples(MONTH_LISTS, ON_MONTH).map(lambda one: {"every": "year", "months": one[0], "on": one[1]}), maybe(INTERVAL)),
    st.lists(DATES, min_size=1, max_size=4).map(lambda days: {"dates": days}),
    st.sampled_from(sorted(EVENTS)).map(lambda name: {"events": name}),
    st.sampled_from(["FREQ=MONTHLY;BYDAY=-1FR", "FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20301231"]).map(lambda text: {"rrule": text}),
)  # fmt: skip
MODIFIERS = merged(
    maybe((st.integers(1, 40) | st.integers(-40, -1)).flatmap(
        lambda days: st.sampled_from([{"offset": {"days": days}}, {"offset": {"business_days": days}}])
    )),
    maybe(st.sampled_from(CONVENTIONS).map(lambda roll: {"roll": roll})),
    maybe(st.sampled_from(sorted(CALENDARS)).map(lambda name: {"calendar": name})),
    maybe(st.lists(DATES, min_size=1, max_size=3).map(lambda days: {"also": days})),
    maybe(st.lists(DATES, min_size=1, max_size=3).map(lambda days: {"not_on": days})),
)  # fmt: skip
TAILS = merged(
    st.lists(CLOCKS, min_size=1, max_size=3).map(lambda at: {"at": at}),
    st.sampled_from(["Europe/London", "America/Argentina/Buenos_Aires", "UTC", "Etc/GMT+5", "CET"]).map(lambda zone: {"zone": zone}),
    maybe(DATES.map(lambda day: {"from": day})),
    maybe(DATES.map(lambda day: {"anchor": day})),
    maybe(st.dates(date(2032, 1, 1), date(2040, 1, 1)).map(lambda day: {"until": day})),
    maybe(st.sampled_from(["skip", "shift"]).map(lambda gap: {"gap": gap})),
    maybe(st.sampled_from(["second", "both"]).map(lambda overlap: {"overlap": overlap})),
)  # fmt: skip
RULES = merged(BASES, MODIFIERS)
SIMPLE = merged(RULES, TAILS)
JOINED = merged(
    st.tuples(st.sampled_from(["union", "all_of", "except"]), st.lists(RULES, min_size=2, max_size=3)).map(lambda one: {one[0]: one[1]}),
    MODIFIERS,
    TAILS,
)  # fmt: skip
COMBINED = st.tuples(st.sampled_from(["union", "all_of", "except"]), st.lists(SIMPLE, min_size=2, max_size=3)).map(
    lambda one: {one[0]: one[1]}
)
TIMED = st.one_of(
    st.tuples(st.integers(1, 5000), st.sampled_from(["hours", "minutes", "seconds"]), STAMPS).map(
        lambda one: {"every": {one[1]: one[0]}, "anchor": one[2]}
    ),
    st.sampled_from(["0 8 * * 1-5", "*/5 * * * *", "0 0 L * *"]).map(lambda text: {"cron": text}),
    st.integers(-90, 90).flatmap(lambda number: st.sampled_from([{"session": {"close": number}, "calendar": "nyse"}, {"session": {"open": number}, "calendar": "nyse"}])),
    st.lists(STAMPS, min_size=1, max_size=3).map(lambda stamps: {"dates": stamps}),
    merged(st.just({"rrule": "DTSTART;TZID=Europe/London:20260105T080000\nRRULE:FREQ=DAILY"}), st.just({"zone": "Europe/London"})),
)  # fmt: skip


def canonical(mapping):
    """As the engine writes it; None for what it refuses."""
    try:
        timing = timing_from(mapping, default_zone="Europe/Paris", **NAMES)
        return timing_to(timing, calendars=CALENDARS, fiscal=FISCAL)
    except RuleError:
        return None


@pytest.mark.feature("SCH-05")
@settings(max_examples=400, deadline=None)
@given(st.one_of(SIMPLE, SIMPLE, JOINED, COMBINED, TIMED))
def test_what_is_written_reads_back_equal(mapping):
    whole = canonical(mapping)
    if whole is None:
        return
    text = write(whole)
    assert parse(text, default_zone="Asia/Tokyo") == whole, text


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "every",
                "monday",
                "and",
                "15th",
                "of",
                "month",
                "at",
                "08:00",
                ",",
                "(",
                ")",
                "first",
                "last",
                "business",
                "day",
                "before",
                "on",
                "each",
                "quarter",
                "rolled",
                "forward",
                "plus",
                "2026-01-05",
                "except",
            ]
        ),
        max_size=12,
    ).map(" ".join)
)
def test_any_text_is_read_or_refused_with_its_place(text):
    try:
        found = parse(text, default_zone="UTC")
    except RuleError as error:
        assert error.message and error.fix and 0 <= error.start <= error.end <= len(text)
    else:
        assert "zone" in found

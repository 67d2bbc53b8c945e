"""Random recurrence rules, valid by RFC 5545's table."""

from datetime import datetime

from hypothesis import strategies as st

from broadsheet.core.recurrence.rrule import Parts

FREQS = ["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]


def some(values, most=3, *, chance=3):
    """A few of the values, most often none."""
    return st.integers(0, chance).flatmap(
        lambda die: st.just(()) if die else st.lists(values, min_size=1, max_size=most).map(tuple)
    )


def either(most):
    return st.integers(1, most) | st.integers(-most, -1)


@st.composite
def all_parts(draw, freqs=FREQS):
    freq = draw(st.sampled_from(freqs))
    longer = freq in ("MONTHLY", "YEARLY")
    given = {
        "by_month": draw(some(st.integers(1, 12))),
        "by_hour": draw(some(st.integers(0, 23))),
        "by_minute": draw(some(st.integers(0, 59))),
        "by_second": draw(some(st.integers(0, 59), chance=6)),
    }
    if freq != "WEEKLY":
        given["by_month_day"] = draw(some(either(31)))
    if freq not in ("DAILY", "WEEKLY", "MONTHLY"):
        given["by_year_day"] = draw(some(either(366), chance=6))
    if freq == "YEARLY":
        given["by_week_no"] = draw(some(either(53), chance=5))
    numbered = longer and not given.get("by_week_no")
    nth = st.sampled_from([0, 0, 1, 2, -1, 5]) if numbered else st.just(0)
    given["by_day"] = draw(some(st.tuples(nth, st.integers(0, 6)), chance=2))
    if any(given.values()) and not draw(st.integers(0, 3)):
        given["by_set_pos"] = draw(st.lists(either(5), min_size=1, max_size=2).map(tuple))
    rscale = longer and draw(st.booleans())
    return Parts(
        freq,
        interval=draw(st.integers(1, 5) | st.sampled_from([7, 12, 90])),
        count=draw(st.none() | st.integers(1, 40)),
        week_start=draw(st.integers(0, 6)),
        rscale=rscale,
        skip=draw(st.sampled_from(["OMIT", "BACKWARD", "FORWARD"])) if rscale else "OMIT",
        **given,
    )


starts = st.datetimes(datetime(2019, 1, 1), datetime(2025, 12, 31)).map(lambda moment: moment.replace(microsecond=0))

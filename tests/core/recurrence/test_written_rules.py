"""Timings by cron and RRULE: written, read back, sent between processes."""

import pickle
from datetime import UTC, date, datetime, time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.recurrence.cron.test_cron import expressions
from tests.core.recurrence.rrule.strategies import all_parts, starts

from broadsheet.core.recurrence import Cron, RRule, RRuleSet, Timing, firings, timing_from, timing_to
from broadsheet.core.recurrence.definition import usual

pytestmark = pytest.mark.feature("SCH-05")

zones = st.sampled_from(["Europe/Berlin", "America/New_York", "UTC"])


def again(timing):
    """Through YAML, as a file would."""
    return timing_from(yaml.safe_load(yaml.safe_dump(timing_to(timing))), default_zone="Asia/Tokyo")


@settings(max_examples=100, deadline=None)
@given(
    expressions, zones, st.sampled_from(["either", "both"]), st.none() | st.dates(date(2024, 1, 1), date(2026, 1, 1))
)
def test_cron_is_written_and_read_back(expression, zone, days, first):
    rule = Cron(expression, days)
    gap, overlap = usual(rule)
    for choice in ("shift", gap):
        timing = Timing(rule, (), zone, gap=choice, overlap=overlap, starts=first)
        assert again(timing) == timing


@settings(max_examples=100, deadline=None)
@given(
    all_parts(),
    starts,
    zones,
    st.lists(starts, max_size=2),
    st.lists(st.dates(date(2024, 1, 1), date(2026, 1, 1)), max_size=2),
)
def test_rrules_are_written_and_read_back(parts, start, zone, also, but):
    timing = Timing(RRuleSet(start, zone, (parts,), tuple(also), tuple(but)), (), zone)
    assert again(timing) == timing
    alone = RRule(parts, start.date())
    timing = Timing(alone, () if alone.has_times else (time(8),), zone, starts=start.date())
    assert again(timing) == timing


@settings(max_examples=30, deadline=None)
@given(all_parts(), starts)
def test_a_timing_survives_the_way_between_processes(parts, start):
    timing = Timing(RRule(parts, start), (), "UTC")
    sent = pickle.loads(pickle.dumps(timing))
    after = datetime(2024, 1, 1, tzinfo=UTC)
    assert sent == timing and hash(sent) == hash(timing)
    assert list(firings(sent, after=after, limit=3)) == list(firings(timing, after=after, limit=3))

"""A schedule's rule: one mapping, or a list of them as their union; and the order in which its keys are written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from broadsheet.core.document.loading import DefinitionError, dump, load
from broadsheet.core.recurrence import firings, timing_from
from broadsheet.schedules.definition import ScheduleDefinition, arranged, schedule_from, schedule_schema

pytestmark = pytest.mark.feature("SCH-01")
FILE = """schedule: two-rules
report: buyers
when:
  - {every: week, on: [mon], at: "08:00", zone: Europe/Berlin}
  - {every: month, on: 1, at: "07:00"}
audience: {people: [{name: Ada, address: ada@example.com}]}
channels: [{channel: inbox, formats: [pdf]}]
"""
RULES = [
    {"every": "week", "on": ["mon"], "at": "08:00", "zone": "Europe/Berlin"},
    {"every": "month", "on": 1, "at": "07:00"},
]


def read(text: str = FILE) -> ScheduleDefinition:
    [loaded] = load(text, file="schedule")
    return schedule_from(loaded)


def moments(when: Any) -> list[str]:
    timing = timing_from(when, default_zone="UTC")
    return [f"{one.at:%d %H:%M}" for one in firings(timing, after=datetime(2026, 11, 29, tzinfo=UTC), limit=3)]


def test_a_list_of_rules_is_their_union() -> None:
    found = read()
    assert found.when == {"union": RULES}
    assert moments(found.when) == ["30 07:00", "01 07:00", "07 07:00"]


def test_a_list_of_one_is_that_rule() -> None:
    text = FILE.replace('  - {every: week, on: [mon], at: "08:00", zone: Europe/Berlin}\n', "")
    assert read(text).when == RULES[1]


def test_it_is_written_as_a_list_and_reads_back_to_the_same() -> None:
    found = read()
    shuffled = {key: found.stored()[key] for key in sorted(found.stored(), reverse=True)}
    shuffled["when"] = {"union": [dict(sorted(one.items())) for one in RULES]}
    written = arranged(shuffled)
    assert list(written) == ["report", "when", "audience", "channels"]
    assert [list(one) for one in written["when"]] == [["every", "on", "at", "zone"], ["every", "on", "at"]]
    assert read(dump("schedule", "two-rules", written)) == found


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("[]", "is not a mapping"),
        ("[{every: day}]", "no time of day is given"),
        ('[{every: day, at: "08:00"}, {every: weak, at: "08:00"}]', '[1].every: "weak" is not known'),
        ('[{every: day, at: "08:00"}, daily]', "is not a mapping"),
        ("daily", "when"),
    ],
)
def test_what_is_no_rule_is_refused_at_its_place(rule: str, said: str) -> None:
    head, _, rest = FILE.partition("when:")
    text = f"{head}when: {rule}\n{rest[rest.index('audience') :]}"
    with pytest.raises(DefinitionError) as refused:
        read(text)
    assert said in str(refused.value)


def test_the_schema_knows_both_forms() -> None:
    one, many = schedule_schema()["properties"]["when"]["anyOf"]
    assert (one["type"], many["type"], many["items"]["type"]) == ("object", "array", "object")

"""Any definition through the form: shown, posted as it stands, and the same definition again."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from broadsheet.core.document.loading import DefinitionError, dump, load
from broadsheet.schedules.definition import ScheduleDefinition, schedule_from
from broadsheet.web.pages.schedules.drafts import data_from
from broadsheet.web.pages.schedules.starting import posted

pytestmark = [pytest.mark.feature("SCH-02"), pytest.mark.feature("SCH-30")]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ZONE = "America/New_York"
ROOT = Path(__file__).resolve().parents[4]
BASE: dict[str, Any] = {
    "report": "purchases",
    "when": {"every": "week", "on": ["mon"], "at": "08:00", "zone": ZONE},
    "audience": {"dataset": "buyers", "key": "buyer_id"},
    "channels": [{"channel": "mail"}],
}

FIELDS = {*ScheduleDefinition.model_fields, "with"}


def meant(data: dict[str, Any]) -> ScheduleDefinition:
    [loaded] = load(dump("schedule", "any", data), file="text")
    return schedule_from(loaded)


def through_the_form(data: dict[str, Any], *, before: dict[str, Any]) -> ScheduleDefinition:
    post = posted(data, name="any", zone=ZONE)
    for name in [name for name in post if not any(post.getlist(name)) and name not in SENT_EMPTY]:
        del post[name]  # a box that is not ticked is not sent
    again, errors = data_from(post, before=before, report=None, now=NOW, zone=ZONE)
    assert {field: texts for field, texts in errors.items() if texts} == {}
    return meant(again)


SENT_EMPTY = {name for name in posted({}, name="any", zone=ZONE) if name not in ("clockless", "call")}


def same(one: ScheduleDefinition, other: ScheduleDefinition) -> None:
    assert one.model_dump(exclude={"when"}) == other.model_dump(exclude={"when"})
    assert one.timing(zone=ZONE) == other.timing(zone=ZONE)


def examples() -> list[Any]:
    """Every schedule of the docs and of the sample; a block that is a part of one, on a schedule that says the rest."""
    found = []
    for page in sorted((ROOT / "docs").rglob("*.md")):
        blocks = re.findall(r"^```yaml[^\n]*\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
        for number, block in enumerate(blocks):
            for data in _mappings(block):
                found.append(pytest.param(data, id=f"{page.stem}-{number}"))
    sample = ROOT / "src/broadsheet/sample/definitions/schedules.yaml"
    found += [pytest.param(data, id=f"sample-{data['report']}") for data in _mappings(sample.read_text())]
    return found


def _mappings(text: str) -> list[dict[str, Any]]:
    known = {"on_event", "on_call", "milestone", "ready", "only_if", "policies", "checks", "audience", "channels"}
    whole = any(line.startswith("schedule:") for line in text.splitlines())
    try:
        loaded = load(text if whole else f"schedule: any\n{text}", file="text")
    except DefinitionError:  # no definition of ours
        return []
    found = [dict(one.data) for one in loaded if one.kind == "schedule"]
    return [{**BASE, **one} for one in found if one.keys() <= FIELDS and (whole or known & one.keys())]


@pytest.mark.parametrize("data", examples())
def test_what_the_docs_and_the_sample_say_comes_back(data: dict[str, Any]) -> None:
    definition = meant(data)
    same(through_the_form(definition.stored(), before=definition.stored()), definition)


WORD = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
PATH = st.lists(WORD, min_size=1, max_size=3).map(".".join)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)
NUMBER = st.integers(-(10**6), 10**6) | st.floats(-1e8, 1e8, allow_nan=False)
LARGE = st.sampled_from([2_000_000_000, -(10**12), 2**53 + 2, 12_345_678_901.5, 1e300]) | st.floats(
    -1e15, 1e15, allow_nan=False
)
SCALAR = TEXT | st.booleans() | NUMBER
SPAN = st.sampled_from([0, 1, 30, 60, 90, 600, 3600, 5400, 86_400]) | st.floats(0.5, 5000)
COMPARISON = st.fixed_dictionaries(
    {}, optional={"above": NUMBER, "at_least": NUMBER, "below": NUMBER, "at_most": NUMBER, "not": SCALAR, "present": st.booleans()}
).filter(bool)  # fmt: skip
TRIGGER = st.fixed_dictionaries(
    {},
    optional={
        "where": st.dictionaries(PATH, SCALAR | st.lists(SCALAR, min_size=2, max_size=3) | COMPARISON, max_size=3),
        "with": st.dictionaries(WORD, PATH, max_size=2),
        "cool_down_seconds": SPAN,
    },
)
WAITED = st.tuples(TRIGGER, st.sampled_from(["delay_seconds", "debounce_seconds"]), SPAN).map(
    lambda found: {**found[0], **({found[1]: found[2]} if found[2] else {})}
)
MILESTONE = st.fixed_dictionaries(
    {"dataset": WORD, "metric": WORD, "reaches": NUMBER | LARGE},
    optional={
        "over": st.sampled_from(["this month", "this year"]),
        "where": st.dictionaries(WORD, SCALAR, max_size=2),
        "every_minutes": st.floats(1, 1440),
    },
)
DO = st.sampled_from(["hold", "warn", "off"])
CHECKS = st.fixed_dictionaries(
    {},
    optional={
        "failed_block": DO,
        "blank_block": DO,
        "collapse": DO | st.fixed_dictionaries({}, optional={"do": DO, "percent": st.floats(1, 100), "runs": st.integers(3, 50)}),
        "stale": DO | st.fixed_dictionaries({}, optional={"do": DO, "hours": st.floats(0.5, 100)}),
        "size": DO | st.fixed_dictionaries({}, optional={"do": DO, "megabytes": st.floats(0.5, 100)}),
        "share_percent": st.floats(0, 100).map(lambda value: round(value, 3)),
    },
)  # fmt: skip
POLICIES = st.fixed_dictionaries(
    {},
    optional={
        "priority": st.sampled_from(["highest", "low"]),
        "at_once": st.integers(1, 20),
        "ahead": st.sampled_from(["auto", "none"]) | st.integers(1, 720),
        "float": st.fixed_dictionaries({"minutes": st.integers(5, 720)}),
        "retry": st.fixed_dictionaries(
            {},
            optional={
                "tries": st.integers(1, 20),
                "first_seconds": SPAN.filter(bool),
                "factor": st.floats(1, 10),
                "ceiling_seconds": SPAN.filter(bool),
                "jitter": st.integers(0, 100).map(lambda value: value / 100),
                "lifetime_hours": st.floats(0.1, 700),
                "on": st.sampled_from([[], ["source"], ["store", "fault"], ["source", "connection", "timeout"]]),
            },
        ),
        "fallback": st.fixed_dictionaries(
            {"channel": st.just("inbox")},
            optional={"at": st.just("07:00"), "hours": st.floats(1, 100), "after_minutes": st.floats(0, 1000)},
        ),
        "limits": st.fixed_dictionaries(
            {}, optional={"rows": st.integers(1, 10**12), "seconds": st.integers(1, 86_400)}
        ),
    },
)
ROW = st.tuples(WORD, st.sampled_from(["equals", "not", "over", "at_least", "under", "at_most"]), SCALAR).map(
    lambda found: {"dimension": found[0], found[1]: found[2]}
) | st.tuples(WORD, st.sampled_from(["in", "not_in"]), st.lists(SCALAR, min_size=2, max_size=3)).map(
    lambda found: {"dimension": found[0], found[1]: found[2]}
)
ONLY = st.fixed_dictionaries(
    {"dataset": WORD, "metric": WORD},
    optional={
        "where": st.lists(ROW, max_size=3),
        "in_a_row": st.integers(1, 9),
        "once": st.booleans(),
    },
)
KIND = (NUMBER | LARGE).map(lambda much: {"above": much, "clears": much - 1 - abs(much) / 2}) | st.fixed_dictionaries(
    {"anomaly": st.fixed_dictionaries({}, optional={"history": st.integers(5, 400), "by_weekday": st.booleans()})}
)
AUDIENCE = st.fixed_dictionaries(
    {"dataset": st.just("buyers"), "key": st.just("buyer_id")},
    optional={
        "fallback": WORD,
        "fallback_address": WORD,
        "where": st.dictionaries(WORD, SCALAR, max_size=3),
        "defaults": st.fixed_dictionaries(
            {},
            optional={
                "language": st.just("de"),
                "zone": st.sampled_from(["Europe/Berlin", ZONE]),
                "currency": st.just("EUR"),
                "formats": st.sampled_from([["pdf"], ["xlsx", "pdf"], ["csv"]]),
                "at": st.just("06:30"),
                "hours": st.just("09:00-17:00"),
            },
        ),
    },
)
SCHEDULE = st.fixed_dictionaries(
    {},
    optional={
        "on_event": st.lists(st.tuples(PATH, WAITED).map(lambda one: {**one[1], "event": one[0]}), max_size=3),
        "on_call": WAITED,
        "milestone": MILESTONE,
        "checks": CHECKS,
        "policies": POLICIES,
        "only_if": st.tuples(ONLY, KIND).map(lambda one: {**one[0], **one[1]}),
        "audience": AUDIENCE,
    },
)


@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(SCHEDULE)
def test_whatever_a_definition_says_comes_back_by_its_fields_alone(parts: dict[str, Any]) -> None:
    """Nothing is kept from before: the fields themselves say all of it."""
    definition = meant({**BASE, **parts})
    same(through_the_form(definition.stored(), before={}), definition)


@pytest.mark.parametrize(
    ("people", "defaults"),
    [
        ([{"name": "Ada", "address": "ada@a.example"}], {}),
        ([{"name": "Ada", "address": "ada@a.example"}], {"zone": ZONE}),
        ([{"name": "Ada", "address": "ada@a.example"}], {"zone": "Europe/London"}),
        ([{"name": "Ada", "address": "ada@a.example", "zone": "Asia/Tokyo"}], {"zone": "Europe/London"}),
        ([{"name": "Ada", "fallback": "inbox", "fallback_address": "ada", "key": "a", "zone": "UTC"}], {}),
    ],
)
def test_people_keep_where_they_live_and_what_takes_over(people: list[Any], defaults: dict[str, str]) -> None:
    definition = meant({**BASE, "audience": {"people": people, "defaults": defaults}})
    same(through_the_form(definition.stored(), before=definition.stored()), definition)


def test_what_is_no_field_is_kept() -> None:
    ready = [{"rows": "orders", "at_least": 5, "where": [{"dimension": "buyer_id", "equals": "b1"}]}]
    mark = {"dataset": "orders", "metric": "spent", "reaches": 5, "since": date(2026, 1, 1)}
    definition = meant({**BASE, "ready": ready, "milestone": mark})
    same(through_the_form(definition.stored(), before=definition.stored()), definition)


@pytest.mark.parametrize("size", [2_000_000_000, 1e12, 12_345_678_901.25])
def test_figures_may_be_as_large_as_they_are(size: float) -> None:
    mark = {"dataset": "orders", "metric": "spent", "reaches": size}
    only = {"dataset": "orders", "metric": "spent", "below": size + 1, "clears": size + 2}
    limits = {"rows": int(size), "megabytes": size}
    definition = meant({**BASE, "milestone": mark, "only_if": only, "policies": {"limits": limits}})
    same(through_the_form(definition.stored(), before={}), definition)


@pytest.mark.parametrize("text", ["1e400", "inf", "nan", "-inf", "²"])
def test_what_is_no_figure_is_said_at_its_field(text: str) -> None:
    only = {"dataset": "orders", "metric": "spent", "above": 1, "clears": 2}
    post = posted(
        {**BASE, "milestone": {"dataset": "orders", "metric": "spent", "reaches": 1}, "only_if": only},
        name="any",
        zone=ZONE,
    )
    for field in (fields := ("mark-reaches", "only-clears", "limit-megabytes", "only-limit")):
        post[field] = text
    _data, errors = data_from(post, before={}, report=None, now=NOW, zone=ZONE)
    assert set(fields) <= {field for field, texts in errors.items() if texts}

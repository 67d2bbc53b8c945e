"""The examples of the pages about calendars are what they say."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from broadsheet.core.document.loading import load
from broadsheet.core.recurrence import timing_from, words
from broadsheet.core.recurrence.calendars import CONVENTIONS, rolled
from broadsheet.core.recurrence.language import parse, write
from broadsheet.schedules.calendars import CalendarDefinition, Shelf, any_names, calendar_from, fiscal_of

DOCS = Path(__file__).resolve().parents[3] / "docs"
FENCED = re.compile(r"^```yaml\n(.*?)^```$", re.M | re.S)
PAGES = ("reference/calendars.md", "how-to/business-days.md")
BLOCKS = [block for page in PAGES for block in FENCED.findall((DOCS / page).read_text("utf-8"))]
TABLE = [
    [re.sub(r"^`|`$", "", cell.strip()) for cell in line.strip("|\n").split(" | ")]
    for line in (DOCS / "reference/when-in-words.md").read_text("utf-8").splitlines()
    if line.startswith("| `")
]


@pytest.mark.parametrize("text", BLOCKS)
def test_every_example_is_a_calendar_or_a_rule(text):
    if text.startswith("calendar:"):
        definitions = {one.name: calendar_from(one) for one in load(text, file="page.md")}
        shelf = Shelf(definitions, {"board-meeting": "BEGIN:VCALENDAR\nEND:VCALENDAR"}, date(2026, 11, 24))
        for name in definitions:
            if name == "europe":  # of places whose weekends are alike
                assert shelf.calendar(name).closure(date(2026, 6, 4)) == "Corpus Christi (DE-BY)"
            assert shelf.calendar(name).name and shelf.fiscal(name)
    else:
        when = yaml.safe_load(text)["when"]
        assert words(timing_from(when, default_zone="UTC", **any_names()))


@pytest.mark.parametrize(("sentence", "mapping"), TABLE, ids=[row[0] for row in TABLE])
def test_every_sentence_of_the_page_means_its_mapping(sentence, mapping):
    whole = {"zone": "UTC", **yaml.safe_load(mapping)}
    whole = {("on" if key is True else key): value for key, value in whole.items()}
    assert parse(sentence, default_zone="UTC") == _with_on(whole)
    assert parse(write(_with_on(whole)), default_zone="UTC") == _with_on(whole)


def _with_on(value):
    """YAML 1.1 reads the key ``on`` as true."""
    if isinstance(value, dict):
        return {("on" if key is True else key): _with_on(one) for key, one in value.items()}
    return [_with_on(one) for one in value] if isinstance(value, list) else value


def test_the_table_of_rolls_is_right():
    lines = (DOCS / "reference/calendars.md").read_text("utf-8").splitlines()
    found = [re.match(r"\| `([a-z-]+)` \| (?:\w+ (\d+ \w+)|nowhere)", line) for line in lines]
    rows = dict(one.groups() for one in found if one and one[1] in CONVENTIONS)
    shelf = Shelf({})
    for convention, day in rows.items():
        to = rolled(date(2026, 10, 31), shelf.calendar("weekdays"), convention)
        assert (f"{to.day} {to:%B}" if to else None) == day
    assert len(rows) == 6


@pytest.mark.parametrize("line", [line for line in (DOCS / "reference/calendars.md").read_text("utf-8").splitlines() if re.match(r"\| `(\{start|\{pattern|iso|broadcast)", line)])  # fmt: skip
def test_every_fiscal_year_of_the_table_can_be_made(line):
    text = re.match(r"\| `(.*?)` \|", line)[1]
    definition = CalendarDefinition.model_validate({"name": "x", "fiscal": yaml.safe_load(text)})
    assert fiscal_of(definition.fiscal).period(date(2026, 11, 24), "quarter").label

"""Definition files say file, line and fix for whatever is wrong with them."""

from __future__ import annotations

from datetime import date

import pytest

from broadsheet.core.document.loading import DefinitionError, load

pytestmark = pytest.mark.feature("BEY-09")
TWO = """\
dataset: lead-events
source: leads
metrics:
  cost: {expression: sum(cost), label: Cost}
  delivered:
    expression: count(*)
---
source: leads
engine: duckdb
from: 2026-01-05
settings:
  files: [a.parquet, b.csv]
"""


def test_documents_have_kind_name_data_and_lines() -> None:
    dataset, source = load(TWO, file="leads.yaml")
    assert (dataset.kind, dataset.name, source.kind, source.name) == ("dataset", "lead-events", "source", "leads")
    assert dataset.data["metrics"]["cost"] == {"expression": "sum(cost)", "label": "Cost"}
    assert source.data == {"engine": "duckdb", "from": date(2026, 1, 5), "settings": {"files": ["a.parquet", "b.csv"]}}
    assert dataset.lines["metrics", "delivered", "expression"] == 6
    assert source.lines["settings", "files", 1] == 12


def test_unknown_keys_say_what_was_likely_meant() -> None:
    [dataset] = load("dataset: d\nmetrics:\n  cost:\n    lable: Cost\n", file="d.yaml")
    [problem] = dataset.unknown_keys({"label", "expression"}, path=("metrics", "cost"))
    assert str(problem) == "d.yaml:4: metrics.cost.lable: “lable” is not known here. Did you mean “label”?"


def test_a_missing_key_is_told_at_the_nearest_line_above() -> None:
    [dataset] = load("dataset: d\nmetrics:\n  cost: {}\n", file="d.yaml")
    assert dataset.problem(("metrics", "cost", "label"), "is missing").line == 3


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("dataset: d\nmetrics: {a: [1\n", 3, "This is not YAML"),
        ("dataset: d\n  sql: x\n", 2, "This is not YAML"),
        ("dataset: d\nsql: a\nsql: b\n", 3, "“sql” is there twice. The first is on line 2."),
        ("datasett: d\n", 1, "It begins with “datasett”."),
        ("- a\n", 1, "It is not a mapping."),
        ("dataset:\nsql: a\n", 1, "The name is missing. Write “dataset: some-name”."),
        ("dataset: d\nx: \x00\n", 1, "not text that YAML can read"),
        ("dataset: d\na: &a [1]\nb: [*a, *a]\n", 3, "“*a” is an alias."),
    ],
)
def test_what_is_wrong_names_file_line_and_fix(text: str, line: int, said: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        load(text, file="bad.yaml")
    [problem] = caught.value.problems
    assert (problem.file, problem.line) == ("bad.yaml", line)
    assert said in str(problem)
    assert problem.fix


def test_all_problems_of_a_file_are_told_at_once() -> None:
    with pytest.raises(DefinitionError) as caught:
        load("foo: 1\n---\ndataset:\n---\nsource: s\na: 1\na: 2\n", file="bad.yaml")
    assert [problem.line for problem in caught.value.problems] == [1, 3, 7]


def test_very_deep_nesting_is_refused_and_not_a_crash() -> None:
    with pytest.raises(DefinitionError):
        load("dataset: d\nx: " + "[" * 5000 + "]" * 5000, file="deep.yaml")


def test_a_tag_makes_no_object() -> None:
    assert load("dataset: d\nx: !!python/object:os.system {}\n", file="bad.yaml")[0].data == {"x": {}}


@pytest.mark.feature("BEY-09")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("report: My report", "f.yaml:1: report: “My report” cannot be a name."),
        ("report: ../x", "f.yaml:1: report: “../x” cannot be a name."),
        ("report: " + "a" * 101, "f.yaml:1: report: “" + "a" * 100 + "” cannot be a name."),
        ("report: a\nday: 2026-02-31", "f.yaml:2: day: This value cannot be read."),
        ("report: a\nday: !!binary '*'", "f.yaml:2: day: This value cannot be read."),
        ("report: a\nnumber: " + "9" * 5000, "f.yaml:2: number: This value cannot be read."),
        ('report: a\ntitle: "x\\0y"', "f.yaml:2: title: The text holds a character that cannot be kept."),
        ('report: a\ntitle: "x\\uD800y"', "f.yaml:2: title: The text holds a character that cannot be kept."),
    ],
)
def test_what_cannot_be_kept_is_refused_where_it_stands(text: str, said: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        load(text, file="f.yaml")
    assert str(caught.value).startswith(said)

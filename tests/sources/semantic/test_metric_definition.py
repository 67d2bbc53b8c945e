"""Metrics, joins and smallest groups in dataset files, and every mistake in them told with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.document.loading import DefinitionError, load
from broadsheet.sources.dataset import Earlier, Smallest, Taken
from broadsheet.sources.definitions import dataset_from
from broadsheet.sources.semantic.formula import FormulaError, names_in, parsed, worked_out

TEXT = """\
dataset: leads
source: house
sql: select * from events
time: at
dimensions:
  at: instant
  buyer_id: {kind: text, unit: no., sensitivity: restricted, description: Whose it is}
metrics:
  delivered: count(*)
  cost: {expression: sum(cost), kind: money, currency: USD, decimals: 2}
  each: {ratio: [cost, delivered], kind: money}
  more: {derived: (cost + 2 * delivered) / 2}
  grown: {of: cost, before: 2 months, as: percent}
  then: {of: cost, before: previous}
  stock: {expression: sum(cost), over: day, take: first}
joins: {buyer: {dataset: buyers, on: {buyer_id: id}}}
smallest: 5
owner: mara@northlight.example
sensitivity: confidential
certified: true
"""
pytestmark = pytest.mark.feature("EXT-19")


def complaints(old: str, new: str) -> list[str]:
    assert old in TEXT
    [loaded] = load(TEXT.replace(old, new, 1), file="d.yaml")
    with pytest.raises(DefinitionError) as refused:
        dataset_from(loaded)
    return [str(problem) for problem in refused.value.problems]


def test_a_file_says_what_a_dataset_is_and_whose():
    [loaded] = load(TEXT, file="d.yaml")
    found = dataset_from(loaded)
    assert (found.owner, found.sensitivity, found.certified) == ("mara@northlight.example", "confidential", True)
    metrics = found.dataset.metrics
    assert metrics["grown"].earlier == Earlier("cost", 2, "month", "percent")
    assert metrics["stock"].taken == Taken("day", "first")
    assert found.dataset.smallest == Smallest(5)
    assert found.dataset.bases(["each", "grown"]) == ("cost", "delivered")
    assert [metrics[name].kind for name in ("grown", "then", "each")] == ["percent", "money", "money"]
    assert (metrics["then"].currency, metrics["then"].decimals) == ("USD", 2)
    fields = {name: one.sensitivity for name, one in found.dataset.dimensions.items()}
    assert fields == {"at": "confidential", "buyer_id": "restricted"}


MISTAKES = [
    ("ratio: [cost, delivered]", "ratio: [cost, delivred]", "d.yaml:11: metrics.each.ratio: There is no metric “delivred”. Did you mean “delivered”?"),
    ("ratio: [cost, delivered]", "ratio: [cost]", "d.yaml:11: metrics.each.ratio: Here is 1; at least 2 are needed."),
    ("(cost + 2 * delivered) / 2", "(cost + 2 * delivered / 2", "d.yaml:12: metrics.more.derived: A bracket is not closed. Add “)”."),
    ("(cost + 2 * delivered) / 2", "cost ** 2", "d.yaml:12: metrics.more.derived: “*” does not fit there."),
    ("(cost + 2 * delivered) / 2", "__import__('os')", "d.yaml:12: metrics.more.derived: “'” at column 12 is no part of a formula."),
    ("(cost + 2 * delivered) / 2", "more + 1", "d.yaml:12: metrics.more: “more” is made of itself."),
    ("of: cost, before: 2 months", "of: then, before: 2 months", "d.yaml:13: metrics.grown.of: “then” looks back itself."),
    ("before: 2 months", "before: lately", "d.yaml:13: metrics.grown: “lately” is no time before. Write 1 month, 1 year, 7 days or previous."),
    ("{ratio: [cost, delivered], kind: money}", "{ratio: [cost, delivered], derived: cost}", "d.yaml:11: metrics.each: A metric has exactly one of expression, ratio, derived, of; this has 2."),
    ("{ratio: [cost, delivered], kind: money}", "{kind: money}", "d.yaml:11: metrics.each: A metric has exactly one of expression, ratio, derived, of; this has 0."),
    ("over: day, take: first", "take: first", "d.yaml:15: metrics.stock: “take” is for a balance."),
    ("time: at\n", "", "d.yaml:12: metrics.grown: This needs to know what time is here."),
    ("on: {buyer_id: id}", "on: {buyer: id}", "d.yaml:16: joins.buyer.on.buyer: There is no dimension “buyer” here. Did you mean “buyer_id”?"),
    ("dataset: buyers", "dataset: leads", "d.yaml:16: joins.buyer.dataset: A dataset cannot join itself."),
    ("smallest: 5", "smallest: 1", "d.yaml:17: smallest: 1 is too small. Write 2 or more."),
    ("smallest: 5", "smallest: {count: lead, least: 5}", "d.yaml:17: smallest.count: There is no dimension “lead”."),
    ("sensitivity: confidential", "sensitivity: secret", "d.yaml:19: sensitivity: “secret” is not known here."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES)
def test_mistakes_are_told_with_line_and_cure(old: str, new: str, said: str):
    found = complaints(old, new)
    assert any(problem.startswith(said) for problem in found), found


def test_circles_over_several_steps_are_found():
    found = complaints(
        "each: {ratio: [cost, delivered], kind: money}\n  more: {derived: (cost + 2 * delivered) / 2}",
        "each: {ratio: [more, delivered]}\n  more: {derived: each + 1}",
    )
    assert [one.split(": ")[1] for one in found] == ["metrics.each", "metrics.more"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("a - b - c", 10 - 4 - 3), ("a - (b - c)", 10 - 1), ("a / b * c", 7.5), ("-a + b", -6), ("2 * (a + b) / c", 28 / 3), ("1.5", 1.5), ("a / (b - 4)", None), ("a + none", None)],
)  # fmt: skip
def test_formulas_are_read_as_arithmetic_is(text: str, value: float | None):
    values = {"a": 10, "b": 4, "c": 3, "none": None}
    found = worked_out(parsed(text), values.__getitem__)
    assert found is None if value is None else float(found) == pytest.approx(value)  # type: ignore[arg-type]


@given(st.text(max_size=30))
def test_any_text_is_a_formula_or_told_not_to_be(text: str):
    try:
        names_in(parsed(text))
    except FormulaError as error:
        assert str(error)
        assert error.fix


def test_deep_formulas_are_refused_and_do_not_overflow():
    with pytest.raises(FormulaError, match="nested too deeply"):
        parsed("(" * 10_000 + "a" + ")" * 10_000)


@pytest.mark.feature("COL-07")
def test_a_metric_is_below_all_that_is_made_of_it_however_far():
    text = TEXT.replace("joins:", "  far: {ratio: [more, each]}\njoins:").replace("  far", "  far", 1)
    [loaded] = load(text, file="d.yaml")
    of = dataset_from(loaded).dataset
    assert of.below("far") == {"far", "more", "each", "cost", "delivered"}
    assert of.below("grown") == {"grown", "cost"}

"""Parameters: checked, in the reader's zone, with keys that tell slices apart and fields for a form."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.core.document.definition import ReportDefinition, report_from
from broadsheet.core.document.loading import load
from broadsheet.core.document.parameters import ParameterError, parameter_fields, resolve
from broadsheet.core.policy import Reader

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CHICAGO = Reader("a", "Ada", language="en", zone="America/Chicago")
BERLIN = Reader("b", "Bea", language="de-DE", zone="Europe/Berlin")


@pytest.fixture(scope="module")
def report() -> ReportDefinition:
    text = """
report: r
title: R
parameters:
  period: {kind: period}
  channel: {kind: choice, choices: [Telephone, {value: own, label: Own campaign}], everything: All channels}
  floor: {kind: number, default: 80, least: 0, most: 100}
  word: {kind: text, longest: 5}
  detail: {kind: flag}
blocks: [{heading: H}]
translations:
  de: {Own campaign: Eigene Kampagne, All channels: Alle Kanäle}
"""
    return report_from(load(text, file="r.yaml")[0])


def test_defaults_are_taken_where_nothing_is_given(report: ReportDefinition) -> None:
    values = resolve(report, {}, reader=CHICAGO, now=NOW)
    assert values.texts()["period.range"] == "1–31 October 2026"
    assert (values.values["channel"], values.values["floor"], values.values["detail"]) == ("", 80, False)
    assert values.period() is values.values["period"]


@pytest.mark.feature("PRF-04")
def test_keys_are_equal_for_equal_values_and_differ_by_zone(report: ReportDefinition) -> None:
    words, dates = ({"period": text} for text in ("last month", "2026-10"))
    keys = {resolve(report, given, reader=CHICAGO, now=NOW).key() for given in (words, dates)}
    assert keys == {"channel=;detail=false;floor=80;period=2026-10@America/Chicago;word="}
    assert resolve(report, dates, reader=BERLIN, now=NOW).key() not in keys


def test_a_key_cannot_be_forged_by_a_text(report: ReportDefinition) -> None:
    plain = resolve(report, {"word": "a"}, reader=CHICAGO, now=NOW).key()
    assert resolve(report, {"word": "a;b=c"}, reader=CHICAGO, now=NOW).key() == f"{plain}%3Bb=c"


def test_texts_are_in_the_readers_language(report: ReportDefinition) -> None:
    texts = resolve(report, {"channel": "own", "floor": "87.5", "detail": "yes"}, reader=BERLIN, now=NOW).texts()
    assert {name: texts[name] for name in ("period", "period.previous", "channel", "floor", "detail")} == {
        "period": "Oktober 2026",
        "period.previous": "September 2026",
        "channel": "Eigene Kampagne",
        "floor": "87,50",
        "detail": "ja",
    }


def test_every_problem_is_told_with_its_fix(report: ReportDefinition) -> None:
    given = {
        "perod": "x",
        "period": "last mont",
        "channel": "Telefone",
        "floor": "120",
        "word": "toolong",
        "detail": "si",
    }
    with pytest.raises(ParameterError) as refused:
        resolve(report, given, reader=CHICAGO, now=NOW)
    assert [(problem.name, problem.message) for problem in refused.value.problems] == [
        ("perod", "The report has no such parameter."),
        ("period", "“last mont” is not a period."),
        ("channel", "“Telefone” is not a choice."),
        ("floor", "120 is out of bounds."),
        ("word", "This text has 7 characters."),
        ("detail", "“si” is neither yes nor no."),
    ]
    fixes = [problem.fix for problem in refused.value.problems]
    assert fixes[0] == "Did you mean “period”?"
    assert fixes[2:4] == ["Did you mean “Telephone”?", "Write at least 0 and at most 100."]


@pytest.mark.parametrize("text", ["nan", "inf", "eighty"])
def test_what_is_no_number_is_refused(report: ReportDefinition, text: str) -> None:
    with pytest.raises(ParameterError):
        resolve(report, {"floor": text}, reader=CHICAGO, now=NOW)


def test_fields_of_a_form_hold_what_was_given_even_if_it_is_wrong(report: ReportDefinition) -> None:
    fields = {
        one.name: one
        for one in parameter_fields(report, reader=BERLIN, now=NOW, given={"floor": "x", "period": "2026-W43"})
    }
    assert (fields["period"].value, fields["period"].text) == ("2026-W43", "19.–25. Okt. 2026")
    assert fields["period"].choices[0] == ("last month", "Last month")
    assert fields["channel"].choices == (("", "Alle Kanäle"), ("Telephone", "Telephone"), ("own", "Eigene Kampagne"))
    assert (fields["floor"].value, fields["floor"].least, fields["floor"].most) == ("x", 0, 100)
    assert [one.kind for one in fields.values()] == ["period", "choice", "number", "text", "flag"]

"""`broadsheet when` shows firings with reasons, as a table or as JSON, and says how to mend a bad rule."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests.plugins.django import NOW
from typer.testing import CliRunner, Result

from broadsheet.cli.main import app

pytestmark = pytest.mark.feature("SCH-30")
MONDAYS = '{every: week, on: [mon], at: "08:00"}'


def called(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["when", *arguments])


def test_firings_as_json() -> None:
    result = called(MONDAYS, "--zone", "America/New_York", "--from", "2026-11-23T09:00+00:00", "--count", "2", "--json")
    assert result.exit_code == 0
    got = json.loads(result.stdout)
    assert [one["at"] for one in got] == ["2026-11-23T13:00:00+00:00", "2026-11-30T13:00:00+00:00"]
    assert [one["local"] for one in got] == ["2026-11-23T08:00:00-05:00", "2026-11-30T08:00:00-05:00"]
    assert got[0]["moved_from"] is None
    assert got[0]["reason"]


def test_firings_for_people_name_the_rule_first() -> None:
    result = called(MONDAYS, "--zone", "Europe/London", "--from", "2026-11-23T09:00+00:00", "--count", "1")
    assert result.stdout.startswith("Every Monday at 08:00")
    assert "Mon 30 Nov 2026 08:00 GMT" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("every monday",), "no time of day"),
        (("every mondy at 8",), 'Did you mean "monday"'),
        (("every monday at 8", "--rrule"), "rrule"),
        (("0 8 * * *", "--rrule", "--cron"), "either an RRULE or a cron"),
        (("every monday at 8", "--words", "xx"), "en, de, es, fr"),
        (("every monday at 8", "--on", "christmas"), "is not a date"),
        (("every monday at 8", "--at", "09:00"), "add --rrule"),
        (("FREQ=MONTHLY;BYDAY=2MO", "--rrule"), "Add --at 08:00"),
        (("FREQ=MONTHLY;BYDAY=2MO", "--rrule", "--at", "8am"), '"8am" is not a time of day'),
        (("FREQ=MONTHLY;BYDAY=2MO;BYHOUR=7", "--rrule", "--at", "08:00"), "its own times"),
        (("every business day at 8", "--calendar", "atlantis"), "atlantis"),
        (("every monday at 8", "--calendar", "us"), "nothing here asks for business days"),
        (("{every: [",), "cannot be read as YAML"),
        (('{every: week, on: [mondy], at: "08:00"}',), "mon"),
        ((MONDAYS, "--zone", "America/New_Yrok"), "America/New_York"),
        ((MONDAYS, "--from", "yesterday"), "is not an instant"),
    ],
)
def test_bad_input_is_refused_with_the_fix(arguments: tuple[str, ...], said: str) -> None:
    result = called(*arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "fixes"),
    [
        (("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "--rrule", "--at", "08:00"), ["DTSTART:", "T080000 RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO”"]),
        (("every 2nd tuesday at 9",), ["“every 2nd tuesday at 9, counted from 20", "“second Tuesday of each month at 9”"]),
        (("every 2 weeks on Friday at 9",), ["“every 2 weeks on Friday at 9, counted from 20"]),
        (("every 90 minutes",), ["“every 90 minutes, counted from 20", " 08:00”"]),
        (("{every: day, interval: 2, at: '08:00'}",), ['Add "from: 2026-01-05"']),
    ],
)  # fmt: skip
def test_a_missing_start_is_mended_in_the_rule_s_own_form(arguments: tuple[str, ...], fixes: list[str]) -> None:
    told = " ".join(called(*arguments).stderr.split())
    for fix in fixes:
        assert fix in told
    for again in re.findall("“([^”]+)”", told):
        mended = called(again, *[one for one in arguments[1:] if one == "--rrule"], "--count", "1")
        assert mended.exit_code == 0, mended.stderr


@pytest.mark.feature("SCH-09")
@pytest.mark.parametrize(
    "arguments",
    [
        ("every Monday at 8, New York time",),
        ("FREQ=WEEKLY;BYDAY=MO;BYHOUR=8;BYMINUTE=0;BYSECOND=0", "--rrule", "--zone", "America/New_York"),
        ("0 8 * * 1", "--cron", "--zone", "America/New_York"),
    ],
)
def test_the_same_rule_in_other_forms(arguments: tuple[str, ...]) -> None:
    result = called(*arguments, "--from", "2026-11-23T09:00+00:00", "--count", "2", "--json")
    assert result.exit_code == 0, result.stderr
    got = [one["at"] for one in json.loads(result.stdout)]
    assert got == ["2026-11-23T13:00:00+00:00", "2026-11-30T13:00:00+00:00"]


@pytest.mark.feature("SCH-06")
def test_a_calendar_counts_where_the_rule_names_none() -> None:
    rule = "third business day of each month at 07:00, rolled forward"
    arguments = (rule, "--from", "2026-07-01T00:00+00:00", "--count", "1", "--json")
    assert json.loads(called(*arguments).stdout)[0]["at"].startswith("2026-07-03")
    assert json.loads(called(*arguments, "--calendar", "us").stdout)[0]["at"].startswith("2026-07-06")
    joined = '{union: [{every: month, on: {business_day: 3}}, {every: month, on: 28}], at: "07:00"}'
    got = json.loads(called(joined, *arguments[1:], "--calendar", "us").stdout)
    assert got[0]["at"].startswith("2026-07-06")


def test_why_and_why_not_on_a_day() -> None:
    rule = ("every business day on us days at 8", "--zone", "America/New_York", "--on")
    closed = called(*rule, "2026-11-26")
    assert closed.exit_code == 0
    assert "does not fire" in closed.stdout
    assert "Thanksgiving" in closed.stdout
    fires = json.loads(called(*rule, "2026-11-25", "--json").stdout)
    assert (fires["fires"], fires["firings"][0]["at"]) == (True, "2026-11-25T13:00:00+00:00")


def test_words_in_other_languages() -> None:
    arguments = ("every Monday at 8, New York time", "--from", "2026-11-23T09:00+00:00", "--count", "1", "--words")
    assert called(*arguments, "de").stdout.startswith("Jeden Montag um 08:00")
    assert called(*arguments, "fr").stdout.startswith("Tous les lundis à 08:00")


def test_an_rrule_with_its_times_beside_it() -> None:
    arguments = ("FREQ=MONTHLY;BYDAY=2MO", "--rrule", "--at", "08:00, 17:30", "--from", "2026-11-23T09:00+00:00")
    got = json.loads(called(*arguments, "--count", "3", "--json").stdout)
    assert [one["at"][:16] for one in got] == ["2026-12-14T08:00", "2026-12-14T17:30", "2027-01-11T08:00"]


def test_reasons_in_german() -> None:
    arguments = ("every business day on de days at 8", "--language", "de", "--from", "2026-12-23T09:00+00:00")
    got = json.loads(called(*arguments, "--count", "1", "--json").stdout)
    assert got[0]["reason"] == "jeden Tag"
    told = called(*arguments, "--on", "2026-12-25", "--json").stdout
    assert "kein Geschäftstag (Erster Weihnachtstag (DE)), deshalb ausgelassen" in json.loads(told)["reason"]


@pytest.mark.parametrize(
    ("language", "heads", "there", "silent"),
    [
        ("en", "There UTC Why then", "Mon 30 Nov 2026 08:00 GMT", "Fri 25 Dec 2026: does not fire."),
        ("de", "Dort UTC Warum dann", "Mo. 30 Nov. 2026 08:00 GMT", "Fr. 25 Dez. 2026: kein Versand."),
        ("es", "Allí UTC Por qué entonces", "lun 30 nov 2026 08:00 GMT", "vie 25 dic 2026: sin envío."),
        ("fr", "Sur place UTC Pourquoi alors", "lun. 30 nov. 2026 08:00 GMT", "ven. 25 déc. 2026\u00a0: pas d’envoi."),
    ],
)
def test_what_stands_around_a_rule_is_in_its_language(language: str, heads: str, there: str, silent: str) -> None:
    rule = ("every Monday at 8", "--zone", "Europe/London", "--language", language)
    shown = called(*rule, "--from", "2026-11-23T09:00+00:00", "--count", "1").stdout
    assert heads in " ".join(shown.split())
    assert there in shown
    assert silent in called(*rule, "--on", "2026-12-25").stdout


@pytest.mark.parametrize("day", ["25 Dec 2026", "25 December 2026", "Fri 25 Dec 2026", "25. Dezember 2026"])
def test_a_day_is_taken_as_the_pages_write_it(day: str) -> None:
    assert called("every Monday at 8", "--on", day).stdout.splitlines()[1] == "Fri 25 Dec 2026: does not fire."


def test_no_installation_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("an installation was asked for")

    monkeypatch.setattr("broadsheet.cli.when.ready", refuse)
    assert called("every Monday at 8", "--calendar", "", "--count", "1").exit_code == 0


def test_the_calendars_of_an_organization(cast: Any, actor: Any) -> None:
    from broadsheet.core.document.loading import load
    from broadsheet.schedules.actions.save_calendar import save_calendar

    text = "calendar: harbour\nclosed: [{date: 2026-11-24, name: Harbour Day}]\n"
    save_calendar(actor("editor"), load(text, file="harbour.yaml")[0], now=NOW)
    arguments = ("every business day at 8", "--calendar", "harbour", "--on", "2026-11-24")
    assert "There is no calendar “harbour”" in " ".join(called(*arguments).stderr.split())
    assert "Harbour Day" in called(*arguments, "--organization", "harbour-books").stdout


def an_own_calendar(actor: Any) -> None:
    from broadsheet.core.document.loading import load
    from broadsheet.schedules.actions.save_calendar import save_calendar

    text = "calendar: harbour\nclosed: [{date: 2026-11-24, name: Harbour Day}]\n"
    save_calendar(actor, load(text, file="harbour.yaml")[0], now=NOW)


HARBOUR = ("every business day on harbour days at 8", "--on", "2026-11-24")


def test_the_only_organization_is_taken(organization: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from broadsheet.access.queries import system_actor

    monkeypatch.setattr("broadsheet.cli.at_hand.installed", lambda: True)
    an_own_calendar(system_actor(organization.pk))
    told = called(*HARBOUR)
    assert "Harbour Day" in told.stdout, told.stderr
    assert "New York time" in told.stdout


def test_of_several_organizations_one_is_asked_for(cast: Any, actor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.cli.at_hand.installed", lambda: True)
    an_own_calendar(actor("editor"))
    told = " ".join(called(*HARBOUR).stderr.split())
    assert "--organization: harbour-books, lantern-press" in told
    assert "--organization" not in called("every mondy at 8").stderr


def test_an_installation_that_cannot_be_asked_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.cli.at_hand.installed", lambda: True)  # and pytest refuses the database
    assert called("every Monday at 8", "--count", "1").exit_code == 0
    told = " ".join(called(*HARBOUR).stderr.split())
    assert "There is no calendar yet" in told
    assert "Known are" not in told

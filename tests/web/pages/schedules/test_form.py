"""Making and changing schedules by the form and as text: both become the same definition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

Visitor = Callable[[str], Client]
NEW = "/new-schedule/"
EDIT = "/schedules/buyers-monday/edit/"
TEXT = "/schedules/buyers-monday/text/"


def text(response: Any) -> str:
    return str(response.content.decode())


def stored(name: str = "buyers-monday") -> dict[str, Any]:
    from broadsheet.schedules.models import Schedule

    return dict(Schedule.objects.get(name=name).definition)


def filled(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send if nothing were changed: the fields of the page as they stand."""
    from html.parser import HTMLParser

    class Fields(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: dict[str, Any] = {}
            self.select = self.area = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            name = given.get("name") or ""
            if tag == "select":
                self.select = name
            elif tag == "option" and self.select and ("selected" in given or self.select not in self.found):
                self.found[self.select] = given.get("value") or ""
            elif tag == "textarea":
                self.area = name
                self.found[name] = ""
            elif tag == "input" and given.get("type") in ("checkbox", "radio"):
                if "checked" in given:
                    many = given["type"] == "checkbox"
                    self.found[name] = [*self.found.get(name, []), given["value"]] if many else given["value"]
            elif tag == "input" and name:
                self.found[name] = given.get("value") or ""

        def handle_endtag(self, tag: str) -> None:
            self.select = "" if tag == "select" else self.select
            self.area = "" if tag == "textarea" else self.area

        def handle_data(self, data: str) -> None:
            if self.area:
                self.found[self.area] += data

    parser = Fields()
    parser.feed(text(client.get(address)))
    for name in ("csrfmiddlewaretoken", "theme", "contrast", "sheet-theme", "sheet-contrast", "q"):
        parser.found.pop(name, None)
    return parser.found


@pytest.mark.parametrize("address", [NEW, "/new-schedule/text/", EDIT, TEXT])
def test_forms_are_for_those_who_may_change_schedules(shop: object, visitor: Visitor, address: str) -> None:
    theirs = 200 if address.startswith("/new") else 404
    expected = {"owner": 200, "editor": 200, "viewer": 403, "outsider": theirs, "": 302}
    assert {role: visitor(role).get(address).status_code for role in expected} == expected


@pytest.mark.feature("SCH-02")
def test_saving_the_form_as_it_stands_changes_nothing(shop: object, visitor: Visitor) -> None:
    before, client = stored(), visitor("editor")
    answer = client.post(EDIT, filled(client, EDIT), follow=True)
    assert stored() == before
    assert "Nothing differs" in text(answer)


@pytest.mark.parametrize(
    ("changed", "when"),
    [
        ({"every": "day"}, {"every": "day", "at": "08:00", "zone": "America/New_York"}),
        ({"every": "weekday", "at": "07:15"}, {"every": "weekday", "at": "07:15", "zone": "America/New_York"}),
        (
            {"days": ["mon", "thu"], "interval": "2", "starts": "Mon 7 Dec 2026", "until": "31 Dec 2027"},
            {
                "every": "week", "on": ["mon", "thu"], "interval": 2, "at": "08:00", "zone": "America/New_York",
                "from": "2026-12-07", "until": "2027-12-31",
            },
        ),
        (
            {"every": "month", "nth": "2", "what": "business_day", "side": "start", "zone": "Asia/Tokyo"},
            {"every": "month", "on": {"business_day": 2}, "at": "08:00", "zone": "Asia/Tokyo"},
        ),
    ],
)  # fmt: skip
@pytest.mark.feature("SCH-01")
@pytest.mark.feature("SCH-02")
@pytest.mark.feature("SCH-03")
def test_the_rule_by_words_becomes_the_rule(shop: object, visitor: Visitor, changed: dict, when: dict) -> None:
    client = visitor("editor")
    answer = client.post(EDIT, {**filled(client, EDIT), **changed})
    assert (answer.status_code, answer["Location"]) == (302, "/schedules/buyers-monday/")
    assert stored()["when"] == when


def test_a_new_schedule_from_the_form(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")
    data = {
        **filled(client, NEW),
        "name": "two-people",
        "title": "Two people",
        "channels": ["inbox"],
        "audience": ":people",
    }
    data |= {
        "people": "Ada <ada@a.example>, Europe/London, en-GB, csv, buyer_id=b1\nBo <bo@b.example>, buyer_id=b2",
        "formats-inbox": ["csv", "html"],
    }
    answer = client.post(NEW, data)
    assert answer.status_code == 302, text(answer)
    assert stored("two-people") == {
        "title": "Two people",
        "report": "purchases",
        "when": {"every": "week", "on": ["mon"], "at": "08:00", "zone": "America/New_York"},
        "audience": {
            "people": [
                {
                    "name": "Ada",
                    "address": "ada@a.example",
                    "zone": "Europe/London",
                    "language": "en-GB",
                    "formats": ["csv"],
                    "attributes": {"buyer_id": "b1"},
                },
                {"name": "Bo", "address": "bo@b.example", "attributes": {"buyer_id": "b2"}},
            ],
            "defaults": {"zone": "America/New_York"},
        },
        "channels": [{"channel": "inbox", "formats": ["csv", "html"]}],
    }


def test_a_new_form_proposes_the_dataset_that_has_addresses_and_its_columns(shop: object, visitor: Visitor) -> None:
    data = filled(visitor("editor"), NEW)
    assert data["audience"] == "buyers"
    assert (data["column-key"], data["column-name"], data["column-address"]) == ("buyer_id", "contact", "email")
    assert data["attributes"] == "buyer_id"  # what the orders' row rule compares


def speak_of(what: str) -> None:
    """The report's confidentiality line names *what* of the reader."""
    from broadsheet.reports.models import ReportVersion

    version = ReportVersion.objects.get()
    ReportVersion.objects.update(
        definition=f"{version.definition.rstrip()}\nconfidentiality: 'For {{reader.{what}}}'\n"
    )


def test_attributes_follow_the_report_until_somebody_writes_others(shop: object, visitor: Visitor) -> None:
    speak_of("buyer")
    client = visitor("editor")
    data = filled(client, NEW)
    assert data["attributes"] == "buyer_id, buyer"
    data |= {"attributes": "", "proposed": "", "title": "Purchases again", "name": "", "channels": ["inbox"]}
    client.post(NEW, data)  # as proposed for another report, and the name left to the title
    assert stored("purchases-again")["audience"]["attributes"] == ["buyer_id", "buyer"]
    data |= {"attributes": "buyer_id, contact", "title": "A third"}
    client.post(NEW, data)
    assert stored("a-third")["audience"]["attributes"] == ["buyer_id", "contact"]


def test_what_a_text_says_and_the_audience_has_not_is_no_proposal(shop: object, visitor: Visitor) -> None:
    speak_of("shoe")
    assert filled(visitor("editor"), NEW)["attributes"] == "buyer_id"


def test_datasets_without_addresses_stand_apart(shop: object, visitor: Visitor) -> None:
    page = text(visitor("editor").get(NEW))
    offered = page.split('id="id_audience"')[1].split("</select>")[0]
    likely, others = offered.split('<optgroup label="All datasets">')
    assert 'value="buyers"' in likely and 'value=":people"' in likely
    assert 'value="orders"' in others and 'value="orders"' not in likely


def test_wrong_people_are_told_at_once_with_a_button_and_the_audience_is_not_blamed(
    shop: object, visitor: Visitor
) -> None:
    client = visitor("editor")
    people = "Ann One, ann@a.example, London, buyer_id=b1\nBo, bo@b.example, soon!, buyer_id=b2"
    data = {**filled(client, EDIT), "audience": ":people", "people": people}
    page = text(client.post(EDIT, data))
    assert "Line 1: “London” is not the name of a zone. Write Europe/London." in page
    assert "Line 2: “soon!” is neither" in page
    assert 'id="id_audience_error"' not in page
    fix = f"people={people.replace('London', 'Europe/London')}"
    mended = text(client.post(EDIT, {**data, "fix": fix.replace("\n", "\r\n")}))
    assert "Ann One, ann@a.example, Europe/London" in mended


def test_people_without_a_zone_live_where_the_rules_clock_is(shop: object, visitor: Visitor) -> None:
    from broadsheet.schedules.models import Schedule

    client = visitor("editor")
    people = "Ann, ann@a.example, buyer_id=b1"
    client.post(EDIT, {**filled(client, EDIT), "audience": ":people", "people": people, "zone": "Asia/Tokyo"})
    assert stored()["audience"]["defaults"] == {"zone": "Asia/Tokyo"}
    client.post(EDIT, {**filled(client, EDIT), "zone": "Europe/London"})
    assert stored()["audience"]["defaults"] == {"zone": "Europe/London"}
    whole = stored()
    del whole["audience"]["defaults"]  # as a file may say it: they live by UTC
    Schedule.objects.update(definition=whole)
    client.post(EDIT, filled(client, EDIT))
    assert stored() == whole


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"days": []}, "id_days_error", "weekdays"),
        ({"at": "25:00"}, "id_at_error", "not a time of day"),
        ({"at": ""}, "id_at_error", "No time of day"),
        ({"zone": "America/New_Yrok"}, "id_zone_error", "America/New_York"),
        ({"interval": "1.5"}, "id_interval_error", "whole number"),
        ({"every": "fortnight"}, "id_every_error", "day, weekday, week, month"),
        ({"interval": "2"}, "id_starts_error", "date to count from"),
        ({"starts": "12/31/2026"}, "id_starts_error", "31 Dec 2026"),
        ({"starts": "1 Feb 2027", "until": "1 Jan 2027"}, "id_until_error", "before the start"),
        ({"every": "month", "nth": "now and then"}, "id_nth_error", "Write 3, or several as 1, 15."),
        ({"column-key": ""}, "id_column-key_error", "key column is missing"),
        ({"column-address": "mail"}, "id_column-address_error", "no dimension “mail”"),
        ({"attributes": "buyer, shoe"}, "id_attributes_error", "“shoe”"),
        ({"channels": []}, "id_channels_error", "This is empty. Choose at least one."),
        ({"audience": ":people", "people": "Ada <a@b.example>, tomorrow!"}, "id_people_error", "Line 1"),
        ({"audience": ":people", "people": ""}, "id_people_error", "Nobody is on the list"),
        ({"with-least": "many"}, "id_with-least_error", "not a number"),
        ({"tries": "0"}, "id_tries_error", "0 is too small. Write 1 or more."),
        ({"deadline": "800"}, "id_deadline_error", "800.0 is too large. Write 744 or less."),
        ({"deadline": "soon"}, "id_deadline_error", "not a number"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(
    shop: object, visitor: Visitor, changed: dict, field: str, said: str
) -> None:
    before, client = stored(), visitor("editor")
    answer = client.post(EDIT, {**filled(client, EDIT), **changed})
    page = text(answer)
    assert answer.status_code == 422
    assert "Not saved yet" in page
    beside = page.split(f'id="{field}"')[1].split('<div class="field')[0]
    assert said in beside.replace("&quot;", '"')
    assert stored() == before


def test_a_name_that_cannot_be_in_an_address_gets_a_button_that_mends_it(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")
    data = {**filled(client, NEW), "name": "Buyers / Monday", "channels": ["inbox"]}
    page = text(client.post(NEW, data))
    assert 'value="name=buyers-monday"' in page
    mended = text(client.post(NEW, {**data, "fix": "name=buyers-monday"}))
    assert 'value="buyers-monday"' in mended
    taken = text(client.post(NEW, {**data, "name": "buyers-monday"}))
    assert "There is a schedule “buyers-monday” already" in taken


def test_what_the_form_does_not_show_stays(shop: object, visitor: Visitor) -> None:
    from broadsheet.schedules.models import Schedule

    whole = stored() | {
        "when": {
            "every": "week",
            "on": ["mon"],
            "at": "02:30",
            "zone": "Europe/Berlin",
            "gap": "skip",
            "overlap": "both",
        },
        "policies": {"retry": {"tries": 3, "first_seconds": 5.0}},
    }
    whole["audience"] = {**whole["audience"], "where": {"buyer_id": "b1"}, "defaults": {"formats": ["html"]}}
    Schedule.objects.filter(name="buyers-monday").update(definition=whole)
    client = visitor("editor")
    client.post(EDIT, {**filled(client, EDIT), "tries": "4"})
    after = stored()
    assert after["when"] == whole["when"]
    assert after["policies"] == {"retry": {"tries": 4, "first_seconds": 5.0}}
    assert after["audience"]["where"] == {"buyer_id": "b1"}
    assert after["audience"]["defaults"]["formats"] == ["html"]


def test_a_version_saved_meanwhile_is_said_once_and_can_be_overruled(shop: object, visitor: Visitor) -> None:
    client, other = visitor("editor"), visitor("owner")
    mine = {**filled(client, EDIT), "at": "09:00"}
    other.post(EDIT, {**filled(other, EDIT), "at": "10:00"})
    answer = client.post(EDIT, mine)
    assert "was saved in the meantime" in text(answer)
    assert stored()["when"]["at"] == "10:00"
    client.post(EDIT, {**mine, "version": "2"})
    assert stored()["when"]["at"] == "09:00"


@pytest.mark.feature("SCH-30")
def test_the_preview_shows_what_the_draft_adds_and_takes_away_and_keeps_nothing(shop: object, visitor: Visitor) -> None:
    before, client = stored(), visitor("editor")
    data = {**filled(client, EDIT), "days": ["thu"]}
    page = text(client.post("/schedule-preview/?of=buyers-monday", data))
    assert "Every Thursday" in page
    assert "new:" in page
    assert 'class="gone"' in page
    assert stored() == before
    wrong = text(client.post("/schedule-preview/?of=buyers-monday", {**data, "at": "8 o'clock"}))
    assert "No firings to show yet" in wrong
    assert "“" in wrong or "&quot;" in wrong


def test_the_preview_is_refused_where_the_form_is(shop: object, visitor: Visitor) -> None:
    address = "/schedule-preview/?of=buyers-monday"
    expected = {"editor": 200, "viewer": 403, "outsider": 404, "": 302}
    assert {role: visitor(role).post(address, {"at": "08:00"}).status_code for role in expected} == expected
    assert visitor("editor").get(address).status_code == 405


def test_without_script_a_button_shows_the_firings_and_saves_nothing(shop: object, visitor: Visitor) -> None:
    before, client = stored(), visitor("editor")
    answer = client.post(EDIT, {**filled(client, EDIT), "days": ["wed"], "preview": "1"})
    assert answer.status_code == 200
    assert "Every Wednesday" in text(answer)
    assert stored() == before


def test_the_text_is_the_same_definition(shop: object, visitor: Visitor) -> None:
    before, client = stored(), visitor("editor")
    written = filled(client, TEXT)
    assert "every: week" in written["text"]
    client.post(TEXT, written)
    assert stored() == before
    client.post(TEXT, {**written, "text": written["text"].replace("08:00", "'09:30'")})
    assert stored()["when"]["at"] == "09:30"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("report: purchases", "report: purchase", 3, "Did you mean “purchases”?"),
        ("every: week", "every: wek", 4, "wek"),
        ("channel: inbox", "channel: outbocks", 0, "outbox"),
        ("schedule: buyers-monday", "schedule: another", 1, "Begin with “schedule: buyers-monday”"),
        ("title:", "titel:", 2, "Did you mean “title”?"),
        ("title:", "\ttitle:", 2, "This is not YAML"),
    ],
)
def test_errors_of_the_text_name_line_and_fix_and_show_the_line(
    shop: object, visitor: Visitor, old: str, new: str, line: int, said: str
) -> None:
    before, client = stored(), visitor("editor")
    written = filled(client, TEXT)
    answer = client.post(TEXT, {**written, "text": written["text"].replace(old, new, 1)})
    page = text(answer)
    assert answer.status_code == 422
    assert said in page
    if line:
        assert f"Line {line}" in page
    assert stored() == before


def test_checking_the_text_saves_nothing(shop: object, visitor: Visitor) -> None:
    before, client = stored(), visitor("editor")
    written = filled(client, TEXT)
    changed = {**written, "text": written["text"].replace("08:00", "'09:30'"), "check": "1"}
    assert "Nothing is wrong with it" in text(client.post(TEXT, changed))
    assert stored() == before


def test_a_new_schedule_as_text_starts_with_something_that_can_be_saved(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")
    written = filled(client, "/new-schedule/text/")
    answer = client.post("/new-schedule/text/", written)
    assert answer.status_code == 302, text(answer)
    assert stored("new-schedule")["audience"]["dataset"] == "buyers"

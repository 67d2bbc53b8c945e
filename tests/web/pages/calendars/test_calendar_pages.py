"""Calendars on pages: who may see and change what, the year and its list, form and text, and what moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from broadsheet.core.document.loading import load

pytestmark = pytest.mark.feature("SCH-06")
Visitor = Callable[[str], Client]
OURS = """calendar: our-days
label: Harbour office
countries: [US]
closed:
  - {date: 2026-12-28, until: 2026-12-31, name: Stocktaking}
half_days:
  - {every: 12-23, closes: "13:00", name: Party}
"""
FORM = {"name": "berlin", "label": "Berlin office", "places": ["de-be"], "closed": "12-24 Christmas Eve", "act": "save"}


def text(answer: Any) -> str:
    return answer.content.decode()  # type: ignore[no-any-return]


@pytest.fixture
def ours(actor: Callable[[str], Any]) -> Any:
    from broadsheet.schedules.actions.save_calendar import save_calendar
    from broadsheet.schedules.models import Calendar

    [loaded] = load(OURS, file="calendar")
    save_calendar(actor("editor"), loaded, now=timezone.now())
    return Calendar.objects.get(name="our-days")


@pytest.fixture
def dependent(shop: object, ours: Any, organization: Any) -> Any:
    """The shop's schedule, over our calendar: Mondays, or the business day after."""
    from broadsheet.core.recurrence import next_firing
    from broadsheet.schedules import queries
    from broadsheet.schedules.models import Schedule

    schedule = Schedule.objects.get(organization=organization, name="buyers-monday")
    schedule.definition["when"] |= {"roll": "following", "calendar": "our-days"}
    firing = next_firing(queries.timing_of(schedule), after=timezone.now())
    assert firing is not None
    schedule.next_fire_at = firing.at
    schedule.save()
    return schedule


@pytest.mark.feature("SEC-03")
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", {"owner": 200, "editor": 200, "viewer": 200, "outsider": 200, "": 302}),
        ("our-days/", {"owner": 200, "editor": 200, "viewer": 200, "outsider": 404, "": 302}),
        ("our-days/edit/", {"editor": 200, "viewer": 403, "outsider": 404, "": 302}),
        ("our-days/text/", {"editor": 200, "viewer": 403, "outsider": 404, "": 302}),
        ("gb-eng/", {"viewer": 200, "outsider": 200, "": 302}),
        ("nowhere/", {"owner": 404, "": 302}),
    ],
)
def test_each_page_opens_for_those_it_is_for(ours: Any, visitor: Visitor, address: str, expected: dict) -> None:
    assert {role: visitor(role).get(f"/settings/calendars/{address}").status_code for role in expected} == expected


@pytest.mark.feature("SEC-03")
@pytest.mark.parametrize("role", ["viewer", "outsider", ""])
def test_others_change_nothing(ours: Any, visitor: Visitor, role: str) -> None:
    client = visitor(role)
    for act in ("edit", "text", "remove", "refresh"):
        answer = client.post(f"/settings/calendars/our-days/{act}/", {"text": OURS.replace("US", "DE"), "label": "X"})
        assert answer.status_code == {"viewer": 403, "outsider": 404, "": 302}[role]
    ours.refresh_from_db()
    assert (ours.version, ours.label) == (1, "Harbour office")


def test_the_list_names_ours_with_what_they_are_and_the_usual_ones(
    dependent: Any, visitor: Visitor, django_assert_max_num_queries: Any
) -> None:
    client = visitor("viewer")
    with django_assert_max_num_queries(15):
        shown = text(client.get("/settings/calendars/"))
    assert "Harbour office" in shown and "United States; 1 closure of its own" in shown
    assert f'href="/schedules/{dependent.name}/"' in shown
    assert "New York Stock Exchange" in shown and "United Kingdom, England" in shown
    assert "Harbour office" not in text(visitor("outsider").get("/settings/calendars/"))


def test_ready_made_ones_are_found_by_name_and_code(organization: Any, visitor: Visitor) -> None:
    client = visitor("viewer")
    assert "United States, California" in text(client.get("/settings/calendars/?q=californ"))
    assert "Saint Patrick" in text(client.get("/settings/calendars/gb-nir/?year=2026"))
    assert "Nothing here is called" in text(client.get("/settings/calendars/?q=zzzz"))
    codes = text(client.get("/settings/calendars/?q=us"))
    assert "United States" in codes and "Australia" not in codes and "Austria" not in codes


def test_the_year_and_the_list_beside_it_say_the_same(ours: Any, visitor: Visitor) -> None:
    client = visitor("viewer")
    shown = text(client.get("/settings/calendars/our-days/?year=2026"))
    assert shown.count("<caption>") == 12
    assert "Thanksgiving Day (US)" in shown and "Mon 28 Dec – Thu 31 Dec" in shown
    assert 'class="closed" title="Stocktaking"' in shown
    assert "Party, until 13:00" in shown and 'class="half"' in shown
    assert "?year=2025" in shown and "?year=2027" in shown
    assert client.get("/settings/calendars/our-days/?year=99999").status_code == 200


@pytest.mark.parametrize("year", ["1990", "2099"])
def test_years_end_where_nothing_is_known_any_more(ours: Any, visitor: Visitor, year: str) -> None:
    shown = text(visitor("viewer").get(f"/settings/calendars/our-days/?year={year}"))
    assert ('rel="prev"' in shown, 'rel="next"' in shown) == (year == "2099", year == "1990")


def test_a_calendar_is_made_by_the_form(organization: Any, visitor: Visitor) -> None:
    from broadsheet.schedules.models import Calendar

    half = {"half": "12-31 13:00 New Year’s Eve", "weekend": ["sun"], "pattern": "months", "start": "4"}
    answer = visitor("editor").post("/settings/new-calendar/", FORM | half | {"places": ["de-be", "ecb"]})
    assert (answer.status_code, answer.url) == (302, "/settings/calendars/berlin/")
    kept = Calendar.objects.get(name="berlin").definition
    assert kept["countries"] == [{"country": "DE", "subdivision": "BE"}] and kept["markets"] == [{"market": "ECB"}]
    assert kept["closed"] == [{"every": "12-24", "name": "Christmas Eve"}]
    assert kept["half_days"] == [{"every": "12-31", "name": "New Year’s Eve", "closes": "13:00"}]
    assert kept["weekend"] == ["sun"] and kept["fiscal"] == {"start": 4}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "Not a name"}, "Use up to 100 small letters"),
        ({"name": "our-days"}, "There is a calendar “our-days” already"),
        ({"name": "us"}, "is a ready-made calendar"),
        ({"closed": "2026-12-24\n24 December"}, "Line 2, “24 December”: begin with a date"),
        ({"closed": "2026-02-30 Never"}, "2026-02-30 is not in the calendar"),
        ({"half": "12-24 Christmas Eve"}, "say behind the date when the day ends"),
        ({"open": "12-24"}, "begin with a date"),
        ({"places": ["xx"]}, "There are no holidays for “XX”"),
        ({"join": "all_of"}, "Name the calendars that it is joined from"),
        ({"join": "union", "members": "us, nowhere", "places": [], "closed": ""}, "There is no calendar “nowhere”"),
        ({"url": "ftp://here"}, "is no web address"),
        ({"places": ["us", "ae", "nyse"]}, "have different weekends"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    ours: Any, visitor: Visitor, typed: dict, said: str
) -> None:
    from broadsheet.schedules.models import Calendar

    answer = visitor("editor").post("/settings/new-calendar/", FORM | typed)
    assert answer.status_code == 422 and said in text(answer)
    assert Calendar.objects.count() == 1


def test_a_joined_calendar_refuses_days_of_its_own_at_their_field_and_line(ours: Any, visitor: Visitor) -> None:
    from broadsheet.schedules.models import Calendar

    client = visitor("editor")
    typed = {"name": "both", "label": "Both", "join": "all_of", "members": "us, gb-eng", "act": "save"}
    assert client.post("/settings/new-calendar/", typed).status_code == 302
    closed = {**typed, "closed": "2026-12-03 Office move", "version": "1"}
    refused = client.post("/settings/calendars/both/edit/", closed)
    at_field = text(refused).split('id="id_closed_error"')[1].split('<div class="field')[0]
    assert refused.status_code == 422
    assert "has no effect on joined calendars. Make a calendar of it, and name that one too." in at_field
    turned = text(client.post("/settings/calendars/both/text/", {**closed, "turn": "1"}))
    assert "Office move" in turned and "cannot be read" not in turned
    written = "calendar: both\nall_of: [us, gb-eng]\nclosed:\n  - {date: 2026-12-03, name: Office move}\n"
    as_text = client.post("/settings/calendars/both/text/", {"text": written, "version": "1"})
    assert as_text.status_code == 422 and "Line 3" in text(as_text)
    assert Calendar.objects.get(name="both").version == 1


def test_looking_for_a_country_keeps_what_was_typed_and_saves_nothing(organization: Any, visitor: Visitor) -> None:
    from broadsheet.schedules.models import Calendar

    for act in ("find", "enter"):  # the button, and Enter in the box
        shown = text(visitor("editor").post("/settings/new-calendar/", FORM | {"act": act, "find": "scot"}))
        assert "United Kingdom, Scotland" in shown and "Germany, Berlin" in shown and "12-24 Christmas Eve" in shown
    assert not Calendar.objects.exists()


def test_the_form_gives_back_what_is_kept(ours: Any, visitor: Visitor) -> None:
    """Opened and saved without a change, nothing differs; parts that the form does not show stay."""
    client = visitor("editor")
    made = "calendar: full\nlabel: Full\ncountries: [{country: DE, categories: [public, catholic]}]\nweekend: []\n" \
        "fiscal: {pattern: 4-4-5, ends: {month: 1, weekday: fri, rule: nearest}, leap_month: 3}\n" \
        "events: {text: \"BEGIN:VCALENDAR\\r\\nEND:VCALENDAR\\r\\n\", zone: Europe/Berlin}\n"  # fmt: skip
    assert client.post("/settings/new-calendar/text/", {"text": made}).status_code == 302
    page = client.get("/settings/calendars/full/edit/")
    posted = {one["name"]: one["value"] for group in page.context["fields"].values() for one in group}
    posted |= {"places": page.context["places"]["value"], "version": "1", "act": "save"}
    posted["events_closed"] = []
    assert client.post("/settings/calendars/full/edit/", posted).status_code == 302
    from broadsheet.schedules.models import Calendar

    assert Calendar.objects.get(name="full").version == 1


def test_text_is_checked_by_line(ours: Any, visitor: Visitor) -> None:
    client = visitor("editor")
    wrong = client.post(
        "/settings/calendars/our-days/text/", {"text": OURS.replace("[US]", "[US, XX]"), "version": "1"}
    )
    assert wrong.status_code == 422 and "Line 3" in text(wrong) and "countries.1" in text(wrong)
    other = client.post("/settings/calendars/our-days/text/", {"text": OURS.replace("our-days", "theirs")})
    assert other.status_code == 422
    twice = client.post("/settings/new-calendar/text/", {"text": OURS})
    assert twice.status_code == 422 and "already" in text(twice)
    ours.refresh_from_db()
    assert ours.version == 1


def test_what_moves_is_said_before_and_after_saving(dependent: Any, visitor: Visitor) -> None:
    from broadsheet.schedules.models import Schedule

    client, was = visitor("editor"), dependent.next_fire_at
    day = was.astimezone(ZoneInfo("America/New_York")).date()
    closing = OURS.replace("closed:\n", f"closed:\n  - {{date: {day}, name: Fair}}\n")
    checked = text(client.post("/settings/calendars/our-days/text/", {"text": closing, "check": "1"}))
    assert "would go from" in checked
    assert Schedule.objects.get(pk=dependent.pk).next_fire_at == was
    saved = client.post("/settings/calendars/our-days/text/", {"text": closing, "version": "1"}, follow=True)
    assert " goes from " in text(saved)
    assert Schedule.objects.get(pk=dependent.pk).next_fire_at > was


def test_somebody_else_was_first(ours: Any, visitor: Visitor) -> None:
    client = visitor("editor")
    late = client.post("/settings/calendars/our-days/text/", {"text": OURS.replace("US", "DE"), "version": "0"})
    assert late.status_code == 422 and "was saved in the meantime" in text(late)
    form = client.post("/settings/calendars/our-days/edit/", {"label": "X", "version": "0", "act": "save"})
    assert form.status_code == 422 and "was saved in the meantime" in text(form)
    ours.refresh_from_db()
    assert ours.version == 1


def test_form_and_text_turn_into_each_other(ours: Any, visitor: Visitor) -> None:
    client = visitor("editor")
    as_text = text(client.post("/settings/new-calendar/text/", FORM | {"turn": "1"}))
    assert "calendar: berlin" in as_text and "country: DE-BE" in as_text
    as_form = client.post("/settings/calendars/our-days/edit/", {"text": OURS, "turn": "1"})
    assert "2026-12-28..2026-12-31 Stocktaking" in text(as_form)
    unread = client.post("/settings/calendars/our-days/edit/", {"text": OURS + "nonsense: 1\n", "turn": "1"})
    assert unread.status_code == 422 and "nonsense" in text(unread)


def test_removing_says_what_depends_on_it(dependent: Any, visitor: Visitor) -> None:
    from broadsheet.schedules.models import Calendar

    client = visitor("editor")
    assert "Remove this calendar" not in text(client.get("/settings/calendars/our-days/"))
    refused = client.post("/settings/calendars/our-days/remove/", follow=True)
    assert "is in use by buyers-monday" in text(refused)
    dependent.delete()
    assert "is removed" in text(client.post("/settings/calendars/our-days/remove/", follow=True))
    assert not Calendar.objects.exists()


@pytest.mark.feature("SCH-09")
def test_events_are_read_at_once(organization: Any, visitor: Visitor, settings: Any) -> None:
    from broadsheet.schedules.models import Calendar

    settings.CALENDAR_FETCHER = f"{__name__}.fetched"
    client = visitor("editor")
    made = "calendar: fairs\nevents: {url: https://fairs.example/a.ics, closed: true}\n"
    assert client.post("/settings/new-calendar/text/", {"text": made}).status_code == 302
    assert "have not been fetched yet" in text(client.get("/settings/calendars/fairs/"))
    assert "as they are there now" in text(client.post("/settings/calendars/fairs/refresh/", follow=True))
    assert "Book fair" in text(client.get("/settings/calendars/fairs/?year=2026"))
    assert Calendar.objects.get(name="fairs").trouble == ""
    settings.CALENDAR_FETCHER = f"{__name__}.away"
    assert "Nobody answers." in text(client.post("/settings/calendars/fairs/refresh/", follow=True))


def fetched(url: str) -> str:
    event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20261014\r\nSUMMARY:Book fair\r\nEND:VEVENT\r\n"
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{event}END:VCALENDAR\r\n"


def away(url: str) -> str:
    from broadsheet.schedules.errors import NotFetched

    raise NotFetched("Nobody answers.")

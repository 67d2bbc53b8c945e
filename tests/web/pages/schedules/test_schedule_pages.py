"""The list of schedules, one schedule, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.plugins.django import NOW

Visitor = Callable[[str], Client]
PAGE = "/schedules/buyers-monday/"


def text(response: Any) -> str:
    return str(response.content.decode())


def schedule() -> Any:
    from broadsheet.schedules.models import Schedule

    return Schedule.objects.get(name="buyers-monday")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/schedules/", {"owner": 200, "editor": 200, "viewer": 200, "outsider": 200, "": 302}),
        (PAGE, {"owner": 200, "editor": 200, "viewer": 200, "outsider": 404, "": 302}),
        (f"{PAGE}as/?recipient=b1&form=csv", {"owner": 200, "editor": 200, "viewer": 403, "outsider": 404, "": 302}),
        ("/schedules/none/", {"owner": 404}),
    ],
)
def test_each_page_opens_for_those_it_is_for(shop: object, visitor: Visitor, address: str, expected: dict) -> None:
    assert {role: visitor(role).get(address).status_code for role in expected} == expected


@pytest.mark.parametrize("act", ["run", "pause", "resume", "skip", "unskip"])
def test_acts_are_for_those_who_may_and_asking_does_nothing(shop: object, visitor: Visitor, act: str) -> None:
    expected = {"editor": 302, "viewer": 403, "outsider": 404, "": 302}
    assert {role: visitor(role).post(f"{PAGE}{act}/").status_code for role in expected} == expected
    assert visitor("editor").get(f"{PAGE}{act}/").status_code == (200 if act == "run" else 405)


def test_another_tenants_list_holds_nothing_of_ours(shop: object, visitor: Visitor) -> None:
    assert "Purchases, Mondays" in text(visitor("viewer").get("/schedules/"))
    assert "Purchases, Mondays" not in text(visitor("outsider").get("/schedules/"))


@pytest.mark.parametrize(
    ("words", "found"), [("mondays purch", True), ("buyers", True), ("inbox", True), ("sftp", False)]
)
def test_the_list_is_filtered_by_words(shop: object, visitor: Visitor, words: str, found: bool) -> None:
    assert (f'href="{PAGE}"' in text(visitor("viewer").get("/schedules/", {"q": words}))) is found


def test_the_list_asks_as_often_for_many_as_for_one(
    shop: object, visitor: Visitor, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    from broadsheet.schedules.models import Schedule

    one = schedule()
    for number in range(20):
        one.pk, one.name = None, f"copy-{number}"
        one.definition["when"] |= {"calendar": "us", "roll": "following"}  # calendars are asked for once, too
        one.save(force_insert=True)
    client = visitor("viewer")
    client.get("/schedules/")
    with django_assert_max_num_queries(15):
        page = text(client.get("/schedules/"))
    assert "21 of 21 shown" in page
    assert Schedule.objects.count() == 21


@pytest.mark.feature("SCH-30")
def test_the_page_shows_twenty_firings_with_their_why_in_both_clocks(shop: object, visitor: Visitor, cast: Any) -> None:
    from broadsheet.access.models import User

    User.objects.filter(pk=cast.viewer.pk).update(zone="Europe/London")
    with time_machine.travel(NOW):
        page = text(visitor("viewer").get(PAGE))
    rows = page.split('class="firings')[1].split("</table>")[0]
    assert rows.count('scope="row"') == 20
    assert "Mon 30 Nov" in rows
    assert "Mon 30 Nov 13:00" in rows  # eight in New York is one in London
    assert "Every Monday" in rows


def test_the_twenty_after_these_lead_on(shop: object, visitor: Visitor) -> None:
    client = visitor("viewer")
    with time_machine.travel(NOW):
        first = text(client.get(PAGE))
        address = first.split('href="?after=')[1].split("#")[0]
        second = text(client.get(f"{PAGE}?after={address}"))
    assert "Mon 19 Apr 2027" in second.split('class="firings')[1]  # the 21st Monday from 30 November
    assert client.get(f"{PAGE}?after=nonsense").status_code == 200
    assert client.get(f"{PAGE}?after=99999999999999999999").status_code == 200


def test_a_change_of_clocks_is_said(shop: object) -> None:
    from django.utils import timezone

    from broadsheet.core.recurrence import firings, timing_from
    from broadsheet.web.pages.schedules.firings import coming

    timing = timing_from(
        {"every": "week", "on": ["mon"], "at": "08:00", "zone": "America/New_York"}, default_zone="UTC"
    )
    with timezone.override("Europe/London"):
        shown = coming(timing, list(firings(timing, after=NOW.replace(year=2027, month=3, day=1), limit=10)))
    # New York changes on 14 March 2027, London on the 28th: on the 15th they are four hours apart.
    assert shown["note"] == "Clocks change in between: from Mon 15 Mar 2027, 08:00 in New York is 12:00 on your clock."


@pytest.mark.feature("SCH-20")
def test_pause_and_skip_can_be_taken_back(shop: object, visitor: Visitor) -> None:
    from broadsheet.schedules.firing import left_out_at

    client = visitor("editor")
    page = text(client.post(f"{PAGE}pause/", follow=True))
    assert schedule().paused_at is not None
    assert f'action="{PAGE}resume/"' in page
    client.post(f"{PAGE}resume/")
    assert schedule().paused_at is None
    page = text(client.post(f"{PAGE}skip/", follow=True))
    assert left_out_at(schedule()) == schedule().next_fire_at
    assert "left out by hand" in page
    client.post(f"{PAGE}unskip/")
    assert left_out_at(schedule()) is None


def test_skipping_a_paused_schedule_says_why_not(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")
    client.post(f"{PAGE}pause/")
    assert "has no next firing to skip" in text(client.post(f"{PAGE}skip/", follow=True))


@pytest.mark.feature("SCH-20")
def test_run_now_leads_to_the_runs_page(shop: object, visitor: Visitor) -> None:
    from broadsheet.runs.models import Occurrence

    answer = visitor("editor").post(f"{PAGE}run/")
    run = Occurrence.objects.get()
    assert answer["Location"] == f"/runs/{run.pk}/"
    assert (run.kind, run.requested_by) == ("manual", "Edda")


@pytest.mark.feature("DLV-07")
def test_the_audience_as_it_is_now_with_what_is_to_mend(
    shop: object, shop_files: dict, visitor: Visitor, tmp_path: Any
) -> None:
    from django.core.cache import cache

    cache.clear()
    buyers = tmp_path / "shop" / "buyers.csv"
    buyers.write_text(buyers.read_text("utf-8").replace("Europe/Berlin", "Europe/Berlim"), "utf-8")
    page = text(visitor("viewer").get(PAGE))
    assert "2 ready" in page
    assert "1 to mend" in page
    assert "Zone “Europe/Berlim” does not exist. Use Europe/Berlin." in page
    assert "As this recipient gets it" not in page  # looking through others' eyes is not a viewer's
    assert "As this recipient gets it" in text(visitor("editor").get(PAGE))


@pytest.mark.feature("DLV-07")
def test_a_look_as_a_recipient_holds_their_rows_alone(shop: object, visitor: Visitor) -> None:
    with time_machine.travel(NOW):
        answer = visitor("editor").get(f"{PAGE}as/?recipient=b1&form=csv")
    body = answer.content.decode("utf-8-sig")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "Novel" in body
    assert "100" not in body  # Cy's Atlas
    refused = visitor("editor").get(f"{PAGE}as/?recipient=nobody&form=csv", follow=True)
    assert "has a recipient “nobody”" in text(refused)


def with_rule(when: dict, calendars: str = "") -> None:
    """The shop's schedule by that rule, over calendars that are kept as they are written."""
    from broadsheet.schedules.models import Calendar, Schedule

    one = Schedule.objects.get()
    for name in calendars.split():
        definition = {"countries": ["US"], "weekend": ["fri", "sat"], "label": "Harbour office"}
        Calendar.objects.update_or_create(
            organization=one.organization,
            name=name,
            defaults={"definition": definition, "label": "Harbour office", "created_at": NOW, "updated_at": NOW},
        )
    one.definition["when"] = when
    one.save()


@pytest.mark.feature("SCH-11")
def test_months_mark_the_closed_days_of_the_schedules_own_calendar(shop: object, visitor: Visitor) -> None:
    rule = {"every": "month", "on": {"day": 15}, "at": "08:00", "roll": "following", "calendar": "our-days"}
    with_rule(rule, "our-days")
    with time_machine.travel(NOW):
        page = text(visitor("viewer").get(PAGE))
    november = page.split('<div class="mini')[1].split("</table>")[0]
    assert 'class="off">27' in november and 'class="">29' in november  # Friday off, Sunday open
    assert 'class="closed" title="Thanksgiving Day' in november
    assert "Underlined: closed days of Harbour office." in page
    assert '<a href="/settings/calendars/our-days/">Harbour office</a>' in page


@pytest.mark.feature("SCH-30")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("2026-12-07", "It fires on Mon 7 Dec 2026."),
        ("Tue 8 Dec 2026", "It does not fire on Tue 8 Dec 2026."),
        ("12/25/2026", "“12/25/2026” is not a day. Write it as 31 Dec 2026."),
        ("9999-12-31", "Ask about a day from 1970 to 2199."),
    ],
)
def test_the_page_answers_for_a_day(shop: object, visitor: Visitor, asked: str, said: str) -> None:
    assert said in text(visitor("viewer").get(PAGE, {"on": asked}))


def test_a_rule_that_its_calendar_does_not_fit_is_told_on_page_list_and_form(shop: object, visitor: Visitor) -> None:
    with_rule({"events": "gone-fairs", "at": "08:00"})
    client = visitor("editor")
    page = text(client.get(PAGE))
    assert "Its rule cannot be read, so it does not fire" in page
    assert "gone-fairs" in text(client.get("/schedules/"))
    assert "No firings to show yet" in text(client.get(f"{PAGE}edit/"))
    assert client.get("/").status_code == 200


@pytest.mark.feature("SCH-20")
def test_a_later_firing_that_is_left_out_is_not_the_next(shop: object, visitor: Visitor, actor: Any) -> None:
    from broadsheet.schedules.actions.override import skip

    later = schedule().next_fire_at + timedelta(days=14)
    skip(actor("editor"), "buyers-monday", at=later, now=NOW)
    page = text(visitor("editor").get(PAGE))
    assert "Do not skip the next" not in page
    assert "Skip next" in page

"""Today: what went out, what waits for a person and what is to come, each with the way to its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.plugins.django import NOW

Visitor = Callable[[str], Client]


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    """Nine o'clock in London on Tuesday 24 November; four in New York, where the organization is."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def run(finish: Callable[..., Any], shop: object, actor: Callable[[str], Any]) -> Any:
    from broadsheet.runs.actions.run_now import run_now

    return finish(run_now(actor("editor"), "buyers-monday", now=NOW))


def text(response: Any) -> str:
    return str(response.content.decode())


def needing(page: str) -> str:
    return page.split('id="needs"')[1].split("</section>")[0]


def deliveries(**found: object) -> Any:
    from broadsheet.delivery.models import Delivery

    return Delivery.unchecked.filter(**found)


def test_today_is_for_members(shop: object, visitor: Visitor) -> None:
    expected = {"owner": 200, "editor": 200, "viewer": 200, "outsider": 200, "": 302}
    assert {role: visitor(role).get("/").status_code for role in expected} == expected


def test_a_new_organization_is_told_how_to_begin(visitor: Visitor) -> None:
    page = text(visitor("outsider").get("/"))
    assert "Nothing has gone out today, and nothing more is due." in page
    assert "Make the first schedule" in page


def test_what_went_out_leads_to_its_rows(run: Any, visitor: Visitor) -> None:
    page = text(visitor("viewer").get("/"))
    assert "By 04:00, all 3 deliveries of today had been accepted." in page
    assert "/deliveries/?day=2026-11-24&amp;state=accepted" in page
    assert f"/deliveries/?run={run.pk}&amp;state=accepted" in page
    assert "Nothing waits for you" in page


def test_another_tenant_sees_none_of_it(run: Any, visitor: Visitor) -> None:
    deliveries(recipient_name="Ada Stone").update(state="failed")
    page = text(visitor("outsider").get("/"))
    assert "Purchases" not in page
    assert "Nothing waits for you" in page


def test_failed_deliveries_wait_with_the_act_that_mends_them(run: Any, visitor: Visitor) -> None:
    deliveries(recipient_name__in=("Ada Stone", "Bo Reed")).update(state="failed", reason="550 no such user")
    part = needing(text(visitor("editor").get("/")))
    assert "2 deliveries failed" in part
    assert "550 no such user" in part
    assert "Resend these 2" in part
    assert f'action="/runs/{run.pk}/resend/?state=failed"' in part
    assert "Resend" not in needing(text(visitor("viewer").get("/")))


def test_an_unconfirmed_delivery_is_looked_at_and_never_resent_in_one_press(run: Any, visitor: Visitor) -> None:
    deliveries(recipient_name="Ada Stone").update(state="unconfirmed", reason="cut after the last byte")
    part = needing(text(visitor("editor").get("/")))
    assert "1 delivery is unconfirmed" in part
    assert "<form" not in part
    assert f"/deliveries/?run={run.pk}&amp;state=unconfirmed" in part


def test_the_rail_counts_what_the_page_lists(run: Any, visitor: Visitor) -> None:
    deliveries(recipient_name="Ada Stone").update(state="failed")
    deliveries(recipient_name="Bo Reed").update(state="expired")
    for address in ("/", "/schedules/"):
        assert '<span class="count">2<' in text(visitor("viewer").get(address))


def test_a_week_later_it_waits_no_more(run: Any, visitor: Visitor) -> None:
    deliveries().update(state="failed")
    with time_machine.travel(NOW + timedelta(days=8), tick=False):
        assert "Nothing waits for you" in text(visitor("viewer").get("/"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "missed", "reason": "Nothing ran then"}, "was missed"),
        ({"state": "failed", "error": "The source is gone."}, "could not be made"),
        ({"state": "accepted", "invalid": [{"row": 3, "who": "Cy", "message": "No zone.", "fix": "Fill it."}]}, "Row 3, Cy: No zone. Fill it."),
    ],
)  # fmt: skip
def test_runs_that_need_a_person_do_until_a_later_one_did_better(
    shop: object, actor: Callable[[str], Any], visitor: Visitor, fields: dict, said: str
) -> None:
    from broadsheet.runs.actions.run_now import run_now

    run = run_now(actor("editor"), "buyers-monday", now=NOW - timedelta(hours=2))
    type(run).unchecked.filter(pk=run.pk).update(finished_at=NOW, **fields)
    assert said in needing(text(visitor("editor").get("/")))
    later = run_now(actor("editor"), "buyers-monday", now=NOW - timedelta(hours=1))
    type(run).unchecked.filter(pk=later.pk).update(state="accepted", finished_at=NOW)
    assert said not in needing(text(visitor("editor").get("/")))


def test_channels_and_sources_whose_last_test_failed_wait(shop: object, visitor: Visitor) -> None:
    from broadsheet.delivery.models import StoredChannel
    from broadsheet.sources.models import Source

    StoredChannel.objects.filter(name="outbox").update(ok=False, verdict="The folder is read-only.", checked_at=NOW)
    Source.objects.update(ok=False, verdict="It does not answer.", checked_at=NOW)
    page = text(visitor("viewer").get("/"))
    part = needing(page)
    assert "The folder is read-only." in part
    assert "It does not answer." in part
    assert "1 of 2 failed the last test" in page


def test_a_scheduler_that_stands_still_is_said(shop: object, visitor: Visitor) -> None:
    from broadsheet.schedules.models import Schedule

    assert "nothing overdue" in text(visitor("viewer").get("/"))
    Schedule.objects.update(next_fire_at=NOW - timedelta(minutes=5), begin_at=NOW - timedelta(minutes=5))
    assert "stopped: due since Tue 24 Nov 03:55" in text(visitor("viewer").get("/"))


def test_the_queue_and_punctuality_are_what_the_rows_say(
    run: Any, actor: Callable[[str], Any], visitor: Visitor
) -> None:
    from broadsheet.runs.actions.run_now import run_now

    assert "100 %" in text(visitor("viewer").get("/"))
    deliveries(recipient_name="Ada Stone").update(settled_at=NOW + timedelta(minutes=11))  # a minute too late
    run_now(actor("editor"), "buyers-monday", now=NOW - timedelta(minutes=6))
    page = text(visitor("viewer").get("/"))
    assert "66.6 %" in page
    assert "1 run, oldest 6 min 0 s" in page


def test_the_week_ahead_has_every_firing_with_its_reason_and_what_is_skipped(shop: object, visitor: Visitor) -> None:
    from broadsheet.schedules.models import Schedule
    from broadsheet.schedules.models.override import Override

    page = text(visitor("viewer").get("/")).split('class="week"')[1]
    assert page.count("08:00 Purchases, Mondays") == 1
    assert "every Monday" in page
    one = Schedule.objects.get()
    one.overrides = [Override("skip", one.next_fire_at, NOW).stored()]
    one.save(update_fields=["overrides"])
    assert "left out by hand" in text(visitor("viewer").get("/")).split('class="week"')[1]


def test_a_schedule_of_every_few_minutes_does_not_bury_the_others_of_a_day(shop: object, visitor: Visitor) -> None:
    from broadsheet.schedules.models import Schedule

    often = Schedule.objects.get()
    often.pk, often.name, often.title = None, "often", "Watch"
    often.definition = {**often.definition, "when": {"every": {"minutes": 10}, "anchor": "2026-01-01"}}
    often.save()
    week = text(visitor("viewer").get("/")).split('class="week"')[1]
    assert week.count("08:00 Purchases, Mondays") == 1
    assert "every 10 minutes, 142 more" in week
    assert week.count(" Watch") == 2 * 7
    assert week.count("142 more") == 7  # on the last days too
    assert "and 1" not in week


def test_the_seven_days_before_lead_to_their_rows(run: Any, visitor: Visitor) -> None:
    deliveries(recipient_name="Bo Reed").update(state="failed")
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        page = text(visitor("viewer").get("/")).split('class="seven"')[1].split("</ol>")[0]
    assert "2 of 3" in page
    assert "/deliveries/?day=2026-11-24&amp;state=" in page
    assert page.count("none") == 6


def test_the_day_across_the_zones_stands_on_the_readers_clock(run: Any, visitor: Visitor) -> None:
    page = text(visitor("viewer").get("/")).split('class="timeline"')[1]
    rows = [line.split("<")[0] for line in page.split('<div class="zone">')[1:] for line in [line_text(line)]]
    assert rows == ["Berlin", "London", "Chicago"]  # the east first
    assert 'x="16.67%"' in page  # four o'clock of twenty-four


def line_text(part: str) -> str:
    return part.split("<span>")[1]


def test_today_asks_as_often_for_many_runs_as_for_one(
    run: Any, actor: Callable[[str], Any], visitor: Visitor, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    from broadsheet.runs.actions.run_now import run_now

    for minutes in range(1, 15):
        run_now(actor("editor"), "buyers-monday", now=NOW - timedelta(minutes=minutes))
    client = visitor("viewer")
    client.get("/")
    with django_assert_max_num_queries(30):
        client.get("/")


def test_a_run_names_channels_as_people_do(run: Any, visitor: Visitor) -> None:
    with time_machine.travel(NOW):
        page = text(visitor("viewer").get("/"))
    assert "by Inbox" in page and "by inbox" not in page

"""What starts a schedule beside the clock, on pages: events, the trigger address, a milestone, and the form's part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.plugins.django import NOW
from tests.web.pages.schedules.test_form import EDIT, filled, stored

from broadsheet.core.document.loading import load
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.actions.save import save_schedule
from broadsheet.schedules.actions.send_event import send_event
from broadsheet.schedules.models import Event, Hook, Milestone, Schedule

pytestmark = pytest.mark.django_db
Visitor = Callable[[str], Client]
PAGE, ADDRESS = "/schedules/buyers-monday/", "/schedules/buyers-monday/trigger/"
WHEN = 'when: {every: week, on: [mon], at: "08:00", zone: America/New_York}\n'
EVENT = "on_event: {event: import.finished, where: {source.country: [US, CA], rows: {at_least: 1}}, with: {least: rows}, cool_down_seconds: 3600}\n"
MARK = "milestone: {dataset: orders, metric: spent, reaches: 200, since: 2026-10-01}\n"


@pytest.fixture
def kept(shop, actor) -> Callable[..., None]:
    """``kept(EVENT)`` puts these in place of the schedule's rule; ``clock=True``: beside it."""

    def keep(*texts: str, clock: bool = False) -> None:
        text = shop["shop.yaml"].split("---\n")[-1]
        assert WHEN in text
        text = text.replace(WHEN, "".join([*([WHEN] if clock else []), *texts]))
        save_schedule(actor("editor"), load(text, file="s.yaml")[0], now=NOW)

    return keep


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


@pytest.mark.feature("SCH-18")
def test_a_schedule_without_a_clock_says_what_starts_it_wherever_a_firing_would_stand(kept, visitor: Visitor) -> None:
    kept(EVENT)
    client = visitor("editor")
    page = text(client, PAGE)
    assert "When the event “import.finished” happens," in page
    assert "It does not go by the clock" in page and "never fires again" not in page
    for point in (
        "only if source.country is US or CA", "only if rows is at least 1", "rows gives the parameter least",
        "at most one run with the same parameters in 1 h 0 min",
    ):  # fmt: skip
        assert point in page
    assert "When the event “import.finished” happens" in text(client, "/schedules/")
    for address in (
        "/",
        "/schedules/buyers-monday/edit/",
        "/schedules/buyers-monday/text/",
        "/schedules/buyers-monday/run/",
    ):
        text(client, address)


@pytest.mark.feature("SCH-18")
def test_events_and_what_they_started_stand_on_the_page_for_who_may_send_them(kept, visitor: Visitor, actor) -> None:
    kept(EVENT)
    send_event(actor("editor"), "import.finished", payload={"source": {"country": "US"}, "rows": 812}, now=NOW)
    page = text(visitor("editor"), PAGE)
    assert "&quot;rows&quot;: 812" in page and str(Occurrence.objects.get().pk) in page
    assert "812" not in text(visitor("viewer"), PAGE)


@pytest.mark.feature("SCH-18")
def test_the_page_of_events_lists_narrows_and_tells(kept, visitor: Visitor) -> None:
    kept(EVENT)
    client = visitor("editor")
    assert "schedules listen to import.finished" in text(client, "/events/")
    told = {"name": "import.finished", "payload": '{"source": {"country": "CA"}, "rows": 5}', "key": "batch-7"}
    for said in ("Runs written: 1.", "was told with this key before"):
        answer = client.post("/events/", told, follow=True)
        assert said in answer.content.decode()
    assert Occurrence.objects.count() == 1 and Event.objects.get().sent_by == "Edda"
    assert "batch-7" in text(client, "/events/?name=import.finished")
    assert "batch-7" not in text(client, "/events/?schedule=other")
    for fields, said in (
        ({"name": "Import"}, "is no name of an event"),
        ({"name": "a", "payload": "{"}, "not JSON that can be read"),
    ):
        answer = client.post("/events/", fields)
        assert answer.status_code == 422 and said in answer.content.decode()


@pytest.mark.feature("SCH-18")
@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, "It is looked at for the first time within a minute."),
        ({"value": 176.0, "looked_at": NOW}, "176 of 200"),
        ({"value": 210.0, "looked_at": NOW, "reached_at": NOW}, "It does not start again."),
        (
            {"value": 210.0, "looked_at": NOW, "reached_at": NOW, "before": True},
            "It was reached already when it was set",
        ),
        ({"error": "The shop does not answer."}, "It could not be looked at: The shop does not answer."),
    ],
)
def test_the_page_says_how_far_a_mark_is(kept, visitor: Visitor, row: dict[str, Any], said: str) -> None:
    kept(MARK)
    Milestone.objects.update(**row)
    page = text(visitor("viewer"), PAGE)
    assert "Once, when spent of orders reaches 200" in page and "since 2026-10-01" in page and said in page


@pytest.mark.feature("SCH-19")
def test_an_address_is_made_shown_once_renewed_and_ended(kept, visitor: Visitor) -> None:
    kept("on_call: {}\n", clock=True)
    client = visitor("editor")
    assert "Make a trigger address" in text(client, PAGE) and "There is none yet." in text(client, ADDRESS)
    made = client.post(ADDRESS)
    assert "whsec_" in made.content.decode() and made["Cache-Control"] == "no-store"
    again = text(client, ADDRESS)
    assert str(Hook.objects.get().pk) in again and "whsec_M" not in again and "shown this once" not in again
    client.post(ADDRESS)
    assert Hook.objects.get().before_until is not None
    client.post(ADDRESS, {"at_once": "yes"})
    assert Hook.objects.get().before_until is None
    assert "The trigger address has ended." in client.post(f"{ADDRESS}end/", follow=True).content.decode()
    assert "has no trigger address" in client.post(f"{ADDRESS}end/", follow=True).content.decode()


@pytest.mark.feature("SCH-19")
@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("outsider", 404)])
def test_who_may_not_run_it_makes_no_address(kept, visitor: Visitor, who: str, status: int) -> None:
    kept(clock=True)
    client = visitor(who)
    assert (client.get(ADDRESS).status_code, client.post(ADDRESS).status_code) == (status, status)
    assert not Hook.objects.exists()


def save(client: Client, **fields: str) -> Any:
    sent = {**filled(client, EDIT), **fields}
    return client.post(EDIT, {name: value for name, value in sent.items() if value is not None})


@pytest.mark.feature("SCH-18")
def test_the_form_names_an_event_beside_the_clock_or_instead_of_it(shop, visitor: Visitor) -> None:
    client = visitor("editor")
    rule = stored()["when"]
    assert save(client, **{"event-1": "import.finished"}).status_code == 302
    assert (stored()["when"], stored()["on_event"]) == (rule, [{"event": "import.finished"}])
    assert save(client, clockless="on").status_code == 302
    assert "when" not in stored() and Schedule.objects.get(name="buyers-monday").next_fire_at is None
    before = stored()
    assert save(client).status_code == 302  # as it stands there, it stays
    assert stored() == before
    assert save(client, clockless=None).status_code == 302
    assert stored()["when"] == {"every": "week", "on": ["mon"], "at": "08:00", "zone": "America/New_York"}
    assert save(client, **{"event-1": ""}).status_code == 302
    assert "on_event" not in stored()


@pytest.mark.feature("SCH-18")
def test_what_the_form_does_not_show_of_events_stays(kept, visitor: Visitor) -> None:
    kept(EVENT, MARK, "on_call: {where: {status: done}}\n")
    client, before = visitor("editor"), stored()
    assert save(client, title="Another title").status_code == 302
    assert stored() == {**before, "title": "Another title"}
    assert save(client, **{"event-1": "load.done"}).status_code == 302
    assert stored()["on_event"] == [{**before["on_event"][0], "event": "load.done"}]
    kept("on_event: [{event: a}, {event: b}]\n")
    before = stored()
    assert save(client, title="Another title").status_code == 302
    assert stored()["on_event"] == before["on_event"]


@pytest.mark.feature("SCH-18")
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"event-1": "Import Finished"}, "is no name of an event"),
        ({"event-1": "", "clockless": "on"}, "Nothing starts the schedule."),
    ],
)
def test_what_cannot_be_is_said(shop, visitor: Visitor, fields: dict[str, str], said: str) -> None:
    answer = save(visitor("editor"), **fields)
    assert answer.status_code == 422 and said in answer.content.decode()


@pytest.mark.feature("SCH-18")
def test_the_preview_says_that_no_clock_says_it(kept, visitor: Visitor) -> None:
    kept(EVENT)
    client = visitor("editor")
    answer = client.post("/schedule-preview/?of=buyers-monday", filled(client, EDIT))
    assert answer.status_code == 200 and "It does not go by the clock" in answer.content.decode()

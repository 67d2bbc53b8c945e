"""Through somebody else's eyes: their rows and rights, marked on every page, in the journal, and nothing can be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.plugins.django import NOW, Cast

pytestmark = pytest.mark.feature("SEC-07")


def journal(action: str) -> list[tuple[str, str]]:
    from broadsheet.compliance.models import Entry

    return list(Entry.objects.filter(action=action).order_by("pk").values_list("actor", "object"))


@pytest.fixture
def looking(shop: object, cast: Cast, actor: Callable[[str], Any], visitor: Callable[[str], Client]) -> Client:
    """Amir looks through the eyes of Vito, who is buyer 1."""
    from broadsheet.access.actions.change_person import change_attributes

    change_attributes(actor("admin"), cast.viewer.pk, attributes={"buyer_id": "b1"}, now=NOW)
    client = visitor("admin")
    assert client.post("/look-as/", {"who": cast.viewer.email})["Location"] == "/"
    return client


def test_every_page_says_so_and_shows_what_they_see(looking: Client, visitor: Callable[[str], Client]) -> None:
    page = looking.get("/reports/purchases/?period=2026-10").content.decode()
    assert "You see what" in page and "Vito" in page
    assert "50.00" in page and "101.00" not in page  # Ada’s total, and not Cy’s
    own = visitor("viewer").get("/reports/purchases/?period=2026-10").content.decode()
    assert "You see what" not in own
    assert looking.get("/settings/journal/").status_code == 403  # a viewer may not


def test_nothing_can_be_changed(looking: Client, cast: Cast) -> None:
    from broadsheet.schedules.models import Schedule

    for address in ("/schedules/buyers-monday/pause/", "/settings/account/", "/look-as/", "/notifications/read/"):
        answer = looking.post(address, {"name": "Mallory", "who": cast.owner.email})
        assert answer.status_code == 403, address
    answer = looking.put("/api/v1/reports/purchases", "{}", content_type="application/json")
    assert answer.status_code == 403
    cast.viewer.refresh_from_db()
    assert cast.viewer.name == "Vito"
    assert Schedule.objects.get().paused_at is None


def test_the_journal_knows_who_looked_and_until_when(looking: Client, cast: Cast) -> None:
    assert journal("person.viewed_as") == [("Amir", cast.viewer.email)]
    looking.get("/reports/purchases/file/csv/")
    assert looking.post("/look-as/stop/")["Location"] == "/settings/people/"
    assert journal("person.view_ended") == [("Amir", cast.viewer.email)]
    assert "You see what" not in looking.get("/").content.decode()


def test_an_inbox_that_is_looked_into_stays_unread(
    looking: Client, cast: Cast, define_list: Callable[[str], Any]
) -> None:
    from broadsheet.delivery.models import Delivery

    define_list(cast.viewer.email)
    delivery = Delivery.objects.get(address=cast.viewer.email)
    assert looking.get(f"/inbox/{delivery.pk}/").status_code == 200
    delivery.refresh_from_db()
    assert delivery.read_at is None


@pytest.fixture
def define_list(actor: Callable[[str], Any], finish: Callable[..., Any]) -> Callable[[str], Any]:
    """Sends the report into somebody's inbox."""
    from broadsheet.operations.definitions.apply import apply
    from broadsheet.runs.actions.run_now import run_now

    def send(address: str) -> Any:
        text = (
            "schedule: to-one\nreport: purchases\nwhen: {every: day, at: '08:00'}\naudience:\n"
            f"  people: [{{name: V, address: {address}, formats: [csv], attributes: {{buyer_id: b1}}}}]\nchannels: [{{channel: inbox}}]\n"
        )
        apply(actor("admin"), {"x.yaml": text}, now=NOW)
        return finish(run_now(actor("admin"), "to-one", now=NOW))

    return send


@pytest.mark.parametrize("role", ["viewer", "editor", "outsider"])
def test_others_may_not_look(shop: object, cast: Cast, visitor: Callable[[str], Client], role: str) -> None:
    client = visitor(role)
    answer = client.post("/look-as/", {"who": cast.viewer.email})
    assert answer.status_code == 403 or answer["Location"] == "/settings/people/"
    assert "You see what" not in client.get("/").content.decode()
    assert journal("person.viewed_as") == []


def test_who_loses_the_right_sees_with_their_own_eyes_at_once(looking: Client, cast: Cast) -> None:
    from broadsheet.access.models import Membership

    Membership.objects.filter(user=cast.admin).update(role="viewer")
    assert "You see what" not in looking.get("/").content.decode()


def test_who_was_looked_at_and_goes_is_seen_no_more(looking: Client, actor: Callable[[str], Any], cast: Cast) -> None:
    from broadsheet.access.actions.change_person import deactivate

    deactivate(actor("owner"), cast.viewer.pk, now=NOW)
    assert "You see what" not in looking.get("/").content.decode()


def test_the_check_answers_and_leads_there(shop: object, cast: Cast, visitor: Callable[[str], Client]) -> None:
    query = {"who": cast.viewer.email, "dataset": "orders", "fields": "spent", "where": "buyer_id = b1"}
    page = visitor("admin").get("/settings/access/", query).content.decode()
    assert "has no attribute “buyer_id”" in page and "Look through their eyes" in page
    own = visitor("viewer").get("/settings/access/", {"dataset": "orders"}).content.decode()
    assert "has no attribute “buyer_id”" in own and "Look through their eyes" not in own
    assert visitor("viewer").get("/settings/access/", query | {"who": cast.admin.email}).status_code == 403
    wrong = visitor("admin").get("/settings/access/", query | {"fields": "spend"})
    assert wrong.status_code == 422 and "has no field “spend”" in wrong.content.decode()


@pytest.mark.feature("SEC-06")
@pytest.mark.parametrize("more", ["", ", data.all", ", workspace.all", ", data.all, workspace.all"])
def test_nobody_sees_more_through_others_eyes_than_they_may(
    shop: object, cast: Cast, actor: Callable[[str], Any], visitor: Callable[[str], Client], more: str
) -> None:
    """A help desk that may look through eyes does not become an owner by it."""
    from broadsheet.access.actions.change_person import change_role
    from broadsheet.operations.definitions.apply import apply

    reading = "report.read, report.render, report.export, schedule.read, delivery.read, source.read, channel.read, brand.read, person.read"  # fmt: skip
    apply(actor("owner"), {"r.yaml": f"role: help\npermissions: [{reading}, person.view_as{more}]\n"}, now=NOW)
    change_role(actor("owner"), cast.editor.pk, role="help", now=NOW)
    client = visitor("editor")
    assert client.post("/look-as/", {"who": cast.owner.email}).status_code == 403
    enough = more == ", data.all, workspace.all"  # a viewer’s eyes then see nothing that these may not
    assert (client.post("/look-as/", {"who": cast.viewer.email}).status_code == 302) == enough
    assert ("You see what" in client.get("/").content.decode()) == enough


def test_an_editor_is_seen_with_all_that_they_see(shop: object, cast: Cast, visitor: Callable[[str], Client]) -> None:
    client = visitor("admin")
    client.post("/look-as/", {"who": cast.editor.email})
    page = client.get("/reports/purchases/?period=2026-10").content.decode()
    assert "You see what" in page and "176.00" in page


def test_looking_ends_in_the_journal_however_it_ends(
    looking: Client, cast: Cast, actor: Callable[[str], Any], visitor: Callable[[str], Client]
) -> None:
    """Also when who looks signs out, or who is looked at is deactivated."""
    from broadsheet.access.actions.change_person import deactivate

    looking.post("/sign-out/")
    assert journal("person.view_ended") == [("Amir", cast.viewer.email)]
    assert journal("person.signed_out") == [("Amir", "Amir")]
    again = visitor("admin")
    again.post("/look-as/", {"who": cast.viewer.email})
    deactivate(actor("owner"), cast.viewer.pk, now=NOW)
    assert "You see what" not in again.get("/").content.decode()
    assert journal("person.view_ended") == [("Amir", cast.viewer.email)] * 2


def test_the_secret_of_their_feed_is_not_shown(looking: Client, actor: Callable[[str], Any], visitor: Any) -> None:
    """It would open the feed long after looking has ended."""
    from broadsheet.access.actions.feed_address import make_feed_address

    secret = make_feed_address(actor("viewer"), now=NOW)
    assert secret in visitor("viewer").get("/settings/account/calendar/").content.decode()
    page = looking.get("/settings/account/calendar/")
    assert page.status_code == 200 and "bsf_" not in page.content.decode()

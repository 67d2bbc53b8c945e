"""A schedule that names what is gone, or out of the editor's reach: its form keeps the name as a choice, and drops nothing."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from tests.plugins.django import NOW
from tests.web.pages.schedules.test_form import EDIT, filled, stored, text

pytestmark = pytest.mark.feature("SCH-02")
Visitor = Callable[[str], Client]
MARK = {"dataset": "lost", "metric": "spent", "reaches": 200}
FIGURE = {"dataset": "lost", "metric": "spent", "above": 5.0}


def keep(**parts: Any) -> None:
    from broadsheet.schedules.models import Schedule

    Schedule.objects.filter(name="buyers-monday").update(definition={**stored(), **parts})


@pytest.mark.parametrize(
    ("parts", "field", "sent"),
    [
        ({"milestone": MARK}, "mark-dataset", "lost"),
        ({"only_if": FIGURE}, "only-dataset", "lost"),
        ({"policies": {"fallback": {"channel": "lost"}}}, "fallback-channel", "lost"),
        ({"audience": {"dataset": "lost", "key": "buyer_id", "attributes": ["buyer_id"]}}, "audience", "lost"),
        ({"channels": [{"channel": "inbox"}, {"channel": "lost", "formats": ["csv"]}]}, "channels", ["inbox", "lost"]),
        ({"channels": [{"channel": "inbox", "formats": ["lost"]}]}, "formats-inbox", ["lost"]),
        ({"brand": "lost"}, "brand", "lost"),
        ({"report": "lost"}, "report", "lost"),
    ],
)
def test_a_name_that_is_gone_is_kept_and_said_to_be_lost(
    shop: object, visitor: Visitor, parts: dict[str, Any], field: str, sent: Any
) -> None:
    keep(**parts)
    before, client = stored(), visitor("editor")
    found = filled(client, EDIT)
    assert found[field] == sent
    answer = client.post(EDIT, {**found, "title": "Another"})
    page = unescape(text(answer))
    assert answer.status_code == 422 and stored() == before
    assert "lost (gone, or not yours to see)" in page
    told = page[page.index(f'id="id_{field}_error"') :]
    assert "“lost”" in told[: told.index("</div>")]


@pytest.mark.parametrize("files", [["csv"], []])
def test_a_channel_that_is_gone_keeps_its_files(shop: object, visitor: Visitor, files: list[str]) -> None:
    keep(channels=[{"channel": "inbox"}, {"channel": "lost", **({"formats": files} if files else {})}])
    assert filled(visitor("editor"), EDIT).get("formats-lost", []) == files


def test_the_brand_stays_where_no_field_asks_for_it(shop: object, visitor: Visitor) -> None:
    keep(brand="harbour")
    client = visitor("editor")
    found = {name: one for name, one in filled(client, EDIT).items() if name != "brand"}
    assert client.post(EDIT, {**found, "title": "Another"}).status_code == 302
    assert (stored()["title"], stored()["brand"]) == ("Another", "harbour")


def test_what_stands_in_a_closed_workspace_is_not_dropped_by_who_does_not_reach_it(
    shop: object, visitor: Visitor, organization: Any
) -> None:
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply

    keep(milestone={**MARK, "dataset": "orders"})
    closed = "workspace: board\nopen: false\ndatasets: [orders]\n"
    apply(system_actor(organization.pk), {"a.yaml": closed}, now=NOW)
    before, client = stored(), visitor("editor")
    found = filled(client, EDIT)
    assert found["mark-dataset"] == "orders"
    client.post(EDIT, {**found, "title": "Another"})
    assert stored()["milestone"] == before["milestone"]


def test_what_is_there_is_not_said_to_be_lost(shop: object, visitor: Visitor) -> None:
    keep(milestone={**MARK, "dataset": "orders"}, only_if={**FIGURE, "dataset": "orders"})
    assert "gone, or not yours to see" not in text(visitor("editor").get(EDIT))


@pytest.mark.parametrize("name", ["event-²", "event-", f"event-{'9' * 5000}", "event-1²"])
def test_a_group_without_a_number_is_nobodys(shop: object, visitor: Visitor, name: str) -> None:
    before, client = stored(), visitor("editor")
    sent = urlencode({**filled(client, EDIT), name: "import.finished"}, doseq=True)
    answer = client.post(EDIT, sent, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 302 and stored() == before


@pytest.mark.parametrize("much", ["9" * 5000, "1e999", "-1e999"])
def test_a_number_beyond_all_numbers_is_a_text(shop: object, visitor: Visitor, much: str) -> None:
    client = visitor("editor")
    sent = {**filled(client, EDIT), "event-1": "import.finished", "event-1-where": f"rows = {much}"}
    assert client.post(EDIT, sent).status_code == 302
    assert stored()["on_event"] == [{"event": "import.finished", "where": {"rows": much}}]
    assert client.post(EDIT, filled(client, EDIT)).status_code == 302
    assert stored()["on_event"] == [{"event": "import.finished", "where": {"rows": much}}]


def test_more_rows_than_can_be_counted_are_refused_at_their_field(shop: object, visitor: Visitor) -> None:
    client = visitor("editor")
    answer = client.post(EDIT, {**filled(client, EDIT), "ready": f"rows orders {'9' * 5000}"})
    assert answer.status_code == 422 and "cannot be read" in text(answer)

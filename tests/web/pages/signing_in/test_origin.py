"""Where somebody asked from stands in the journal, and under its seal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.plugins.django import NOW, PASSWORD, Cast

pytestmark = pytest.mark.feature("SEC-17")


def test_the_address_of_who_signs_in_and_acts_is_kept(shop: object, cast: Cast) -> None:
    from broadsheet.compliance.models import Entry

    client = Client(REMOTE_ADDR="198.51.100.7")
    client.post("/sign-in/", {"email": cast.admin.email, "password": PASSWORD})
    client.post("/schedules/buyers-monday/pause/")
    found = dict(Entry.objects.filter(user_id=cast.admin.pk).values_list("action", "address"))
    assert found == {"person.signed_in": "198.51.100.7", "schedule.paused": "198.51.100.7"}


@pytest.mark.parametrize("forged", ["", "203.0.113.9"])
def test_an_address_that_was_changed_afterwards_breaks_the_seal(
    shop: object, cast: Cast, actor: Callable[[str], Any], forged: str
) -> None:
    from django.db import connection

    from broadsheet.compliance.audit import checked
    from broadsheet.compliance.models import Entry

    client = Client(REMOTE_ADDR="198.51.100.7")
    client.post("/sign-in/", {"email": cast.admin.email, "password": PASSWORD})
    assert checked(actor("owner"), now=NOW).whole
    key = Entry.objects.get(action="person.signed_in").pk
    with connection.cursor() as cursor:
        cursor.execute("UPDATE compliance_entry SET address = %s WHERE id = %s", [forged, key])
    assert not checked(actor("owner"), now=NOW).whole


def test_what_a_definition_was_before_and_is_after_is_kept(shop: object, actor: Callable[[str], Any]) -> None:
    from broadsheet.compliance.models import Entry
    from broadsheet.core.document.loading import load
    from broadsheet.reports.actions.save import save_report
    from broadsheet.reports.models import ReportVersion

    text = ReportVersion.objects.latest("pk").definition
    [loaded] = load(text.replace("title: Purchases", "title: Bought"), file="test")
    save_report(actor("editor"), loaded, now=NOW)
    changed = Entry.objects.filter(action="report.saved").latest("pk").detail["changed"]
    assert "-title: Purchases" in changed and "+title: Bought" in changed


def test_the_journal_page_shows_what_changed(
    shop: object, actor: Callable[[str], Any], visitor: Callable[[str], Client], cast: Cast
) -> None:
    from broadsheet.access.actions.change_person import change_attributes

    change_attributes(actor("admin"), cast.viewer.pk, attributes={"buyer_id": "b1"}, now=NOW)
    page = visitor("admin").get("/settings/journal/?q=attributes").content.decode()
    assert "What changed" in page and "+buyer_id: b1" in page

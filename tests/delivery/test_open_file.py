"""A file that was sent opens to its recipient and to who sees all rows: rights are read anew each time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.plugins.django import NOW

from broadsheet.compliance.models import Entry
from broadsheet.delivery.actions.open_file import open_file
from broadsheet.delivery.errors import UnknownDelivery
from broadsheet.runs.actions.run_now import run_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SEC-03")]
ADA = "ada@ada.example"


@pytest.fixture
def sent(finish, shop, actor):
    return finish(run_now(actor("editor"), "buyers-monday", now=NOW)).deliveries.get(recipient_key="b1")


@pytest.mark.parametrize(
    ("role", "address", "opens"),
    [
        ("editor", "", True), ("viewer", "", False), ("viewer", "bo@bo.example", False), ("viewer", ADA.upper(), True),
        ("outsider", ADA, False),
    ],
)  # fmt: skip
def test_who_may_open_it(sent, actor, role: str, address: str, opens: bool) -> None:
    if not opens:
        with pytest.raises(UnknownDelivery):
            open_file(actor(role), sent.pk, "csv", address=address, now=NOW)
        return
    assert open_file(actor(role), sent.pk, "csv", address=address, now=NOW).filename == "purchases-2026-10.csv"
    assert Entry.objects.filter(action="artifact.opened", object=str(sent.pk)).count() == 1


def test_a_token_of_the_recipient_that_may_not_read_reports_opens_nothing(sent, actor) -> None:
    narrow = replace(actor("viewer"), via="api", scopes=frozenset({"delivery.read"}))
    with pytest.raises(UnknownDelivery):
        open_file(narrow, sent.pk, "csv", address=ADA, now=NOW)

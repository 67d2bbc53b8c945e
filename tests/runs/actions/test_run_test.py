"""A test goes to the asker alone, as the chosen recipient would get it."""

from __future__ import annotations

import pytest
from tests.plugins.django import NOW

from broadsheet.core.policy.roles import Refused
from broadsheet.runs.actions.run_test import run_test
from broadsheet.schedules.errors import ScheduleError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SCH-30")]


def test_the_asker_gets_the_recipient_s_rows_and_nobody_else_anything(shop, actor, finish) -> None:
    made = run_test(actor("editor"), "buyers-monday", recipient="b2", address="edda@harbour.example", now=NOW)
    ended = finish(made)
    [delivery] = ended.deliveries.all()
    assert (ended.kind, ended.state) == ("test", "accepted")
    assert (delivery.address, delivery.recipient_key, delivery.zone) == (
        "edda@harbour.example",
        "b2",
        "America/Chicago",
    )
    assert delivery.slice.reader["attributes"] == {"buyer_id": "b2", "buyer": "Bo Inc"}


def test_a_recipient_who_is_not_there_is_said(shop, actor) -> None:
    with pytest.raises(ScheduleError, match="no recipient “b9”"):
        run_test(actor("editor"), "buyers-monday", recipient="b9", address="edda@harbour.example", now=NOW)


def test_a_schedule_that_reaches_no_person_has_no_test(shop, actor, organization) -> None:
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply

    text = shop["shop.yaml"].replace("channels: [{channel: inbox}]", "channels: [{channel: outbox}]")
    apply(system_actor(organization.pk), {"shop.yaml": text}, now=NOW)
    with pytest.raises(ScheduleError, match="neither e-mail nor"):
        run_test(actor("editor"), "buyers-monday", recipient="b1", address="edda@harbour.example", now=NOW)


def test_a_viewer_may_not_look_through_others_eyes(shop, actor) -> None:
    with pytest.raises(Refused):
        run_test(actor("viewer"), "buyers-monday", recipient="b1", address="vito@harbour.example", now=NOW)

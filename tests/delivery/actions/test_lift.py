"""Lifting addresses that bounced: by whom, of what they reach, and never of who unsubscribed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.access.conftest import ROOM
from tests.plugins.django import NOW

from broadsheet.compliance.models import Entry
from broadsheet.core.policy.roles import Refused
from broadsheet.delivery.actions.lift import lift
from broadsheet.delivery.errors import DeliveryError, UnknownAddress
from broadsheet.delivery.models import Delivery, Suppression
from broadsheet.delivery.suppressions import suppressions
from broadsheet.runs.actions.run_now import run_now
from broadsheet.schedules.models import Schedule

pytestmark = pytest.mark.feature("SCH-08")
BOUNCED = "No such mailbox: “550 5.1.1 no such user”. Correct the address"


@pytest.fixture
def barred(finish: Callable[..., Any], shop: object, actor: Callable[[str], Any], organization: Any) -> None:
    """Of the shop's buyers Bo's address bounced and Ada unsubscribed; so did an address that nothing was sent to."""
    finish(run_now(actor("editor"), "buyers-monday", now=NOW))
    Delivery.unchecked.filter(recipient_name="Bo Reed").update(state="failed", address="Bo@bo.example")
    of = {"organization": organization, "at": NOW}
    Suppression.objects.create(address="bo@bo.example", reason=BOUNCED, **of)
    Suppression.objects.create(address="else@where.example", reason=BOUNCED, **of)
    schedule = Schedule.objects.get(name="buyers-monday")
    Suppression.objects.create(address="ada@ada.example", schedule=schedule, reason="Unsubscribed", **of)


def left() -> list[str]:
    return sorted(Suppression.objects.values_list("address", flat=True))


def seen(asker: Any, permission: str = "delivery.read") -> list[str]:
    return sorted(one.address for one in suppressions(asker, permission))


ALL = ["ada@ada.example", "bo@bo.example", "else@where.example"]


def test_what_bounced_is_lifted_once_and_the_journal_has_it(barred: None, actor: Callable[[str], Any]) -> None:
    assert lift(actor("editor"), ["BO@bo.example ", "bo@bo.example"], now=NOW) == 1
    assert left() == ["ada@ada.example", "else@where.example"]
    [entry] = Entry.objects.filter(action="recipient.lifted")
    assert (entry.object, entry.detail["was"]) == ("bo@bo.example", BOUNCED)
    with pytest.raises(UnknownAddress, match=r"“bo@bo\.example” is not among the addresses that bounced"):
        lift(actor("editor"), ["bo@bo.example"], now=NOW)


@pytest.mark.feature("DLV-16")
@pytest.mark.parametrize(
    ("with_it", "told"),
    [
        ("ada@ada.example", "“ada@ada.example” has unsubscribed from “.*”. Only they"),
        ("no@no.example", "not among the"),
    ],
)
def test_with_one_that_did_not_bounce_nothing_is_changed(
    barred: None, actor: Callable[[str], Any], with_it: str, told: str
) -> None:
    with pytest.raises(DeliveryError, match=told):
        lift(actor("editor"), ["bo@bo.example", with_it], now=NOW)
    assert left() == ALL
    assert not Entry.objects.filter(action="recipient.lifted").exists()


@pytest.mark.feature("SEC-06")
def test_who_may_not_send_again_lifts_nothing(barred: None, actor: Callable[[str], Any]) -> None:
    assert (seen(actor("viewer")), seen(actor("admin"))) == (ALL[:2], ALL)  # nothing that they reach went elsewhere
    with pytest.raises(Refused):
        lift(actor("viewer"), ["bo@bo.example"], now=NOW)
    with pytest.raises(UnknownAddress):
        lift(actor("outsider"), ["bo@bo.example"], now=NOW)
    assert (left(), seen(actor("outsider"))) == (ALL, [])


@pytest.mark.feature("SEC-08")
def test_of_a_closed_workspace_nothing_is_told_to_who_has_no_role_there(
    barred: None, actor: Callable[[str], Any]
) -> None:
    from broadsheet.access.models import Placement
    from broadsheet.operations.definitions.apply import apply

    Placement.objects.all().delete()
    apply(actor("admin"), {"room.yaml": ROOM}, now=NOW)
    assert (seen(actor("editor")), seen(actor("admin"))) == ([], ALL)
    with pytest.raises(UnknownAddress):
        lift(actor("editor"), ["bo@bo.example"], now=NOW)

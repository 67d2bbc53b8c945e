"""Windows of maintenance: who plans and ends them, whom they reach, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.plugins.django import NOW, Cast

from broadsheet.access.models import Organization
from broadsheet.access.queries import system_actor
from broadsheet.collaboration.models import Notification
from broadsheet.collaboration.wording import said
from broadsheet.compliance.models import Entry
from broadsheet.core.policy.roles import Refused
from broadsheet.operations import maintenance
from broadsheet.operations.actions.maintenance import end, plan
from broadsheet.operations.errors import OperationsError, UnknownWindow
from broadsheet.runs.models import Maintenance
from broadsheet.schedules.models import Schedule

pytestmark = [pytest.mark.feature("PRF-24"), pytest.mark.usefixtures("shop")]
WEEK = timedelta(days=7)
PLANNED = {"starts_at": NOW + timedelta(hours=1), "ends_at": NOW + WEEK, "reason": "New disks", "now": NOW}


@pytest.fixture
def owned(cast: Cast) -> Schedule:
    one = Schedule.objects.get(name="buyers-monday")
    one.owner = cast.editor
    one.save()
    return one


def test_its_schedules_owner_is_told_which_firings_are_late(actor: Callable[[str], Any], owned: Schedule) -> None:
    plan(actor("admin"), **PLANNED)
    [told] = Notification.objects.all()
    words = said(told, zone="America/New_York")
    assert told.person == owned.owner
    assert words.subject == "Maintenance planned: 1 firing of yours is late"
    assert "New disks" in words.lead and "Mon 30 Nov 08:00" in words.text()


def test_who_was_told_hears_that_it_was_called_off(actor: Callable[[str], Any], owned: Schedule) -> None:
    one = plan(actor("admin"), **PLANNED)
    assert end(actor("admin"), one.pk, now=NOW)
    assert [said(each, zone="UTC").subject for each in Notification.objects.order_by("pk")][1:] == [
        "The maintenance was called off"
    ]
    assert not end(actor("admin"), one.pk, now=NOW)
    assert Entry.objects.filter(action__startswith="maintenance.").count() == 2


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_who_may_steer_plans_it(actor: Callable[[str], Any], role: str) -> None:
    with pytest.raises(Refused, match=r"operation\.steer"):
        plan(actor(role), **PLANNED)


def test_nobody_who_signed_in_stops_the_whole_installation(
    actor: Callable[[str], Any], organization: Organization
) -> None:
    with pytest.raises(Refused, match="command line"):
        plan(actor("owner"), **PLANNED, everywhere=True)
    one = plan(system_actor(organization.pk, via="cli"), **PLANNED, everywhere=True)
    assert one.organization_id is None
    with pytest.raises(Refused, match="command line"):
        end(actor("owner"), one.pk, now=NOW)


def test_another_organizations_window_is_not_there(
    actor: Callable[[str], Any], other_organization: Organization
) -> None:
    theirs = plan(system_actor(other_organization.pk), **PLANNED)
    with pytest.raises(UnknownWindow):
        end(actor("owner"), theirs.pk, now=NOW)
    assert list(maintenance.windows(actor("owner"))) == []


@pytest.mark.parametrize(
    ("changes", "said_"),
    [
        ({"reason": "  "}, "Say why"),
        ({"starts_at": NOW - WEEK}, "in the past"),
        ({"ends_at": NOW + timedelta(minutes=30)}, "before it starts"),
        ({"source": "nowhere"}, "no source “nowhere”"),
        ({"drain": timedelta(days=2)}, "24 hours"),
    ],
)
def test_what_cannot_be_is_refused(actor: Callable[[str], Any], changes: dict[str, Any], said_: str) -> None:
    with pytest.raises(OperationsError, match=said_):
        plan(actor("owner"), **{**PLANNED, **changes})
    assert not Maintenance.objects.exists()

"""Who leaves hands their schedules over, or they pause: nothing runs under a gone identity."""

from __future__ import annotations

from typing import Any

import pytest
from tests.plugins.django import NOW

from broadsheet.access.actions.change_person import remove_person
from broadsheet.access.errors import Conflict, UnknownPerson
from broadsheet.access.models import Membership
from broadsheet.compliance.models import Entry
from broadsheet.core.policy.roles import Refused
from broadsheet.schedules.actions.hand_over import hand_over
from broadsheet.schedules.models import Schedule

pytestmark = pytest.mark.feature("BEY-10")


@pytest.fixture
def mine(shop: object, cast: Any) -> Schedule:
    """The shop's schedule, which is Edda's."""
    Schedule.objects.update(owner=cast.editor)
    return Schedule.objects.get()


def test_an_heir_has_them_at_once_and_they_go_on(mine: Schedule, cast: Any, actor: Any) -> None:
    due = mine.next_fire_at
    assert remove_person(actor("owner"), cast.editor.pk, now=NOW, heir=cast.admin.pk) == ["buyers-monday"]
    mine.refresh_from_db()
    assert (mine.owner, mine.next_fire_at, mine.paused_at) == (cast.admin, due, None)
    assert Entry.objects.get(action="schedule.handed_over").detail == {"to": cast.admin.email}


def test_without_an_heir_they_pause(mine: Schedule, cast: Any, actor: Any) -> None:
    remove_person(actor("owner"), cast.editor.pk, now=NOW)
    mine.refresh_from_db()
    assert (mine.owner, mine.next_fire_at, mine.paused_at) == (None, None, NOW)


def test_who_stays_can_hand_over_too(mine: Schedule, cast: Any, actor: Any) -> None:
    assert hand_over(actor("admin"), cast.editor.pk, to=cast.owner.pk, now=NOW) == ["buyers-monday"]
    assert Membership.objects.filter(user=cast.editor).exists()


@pytest.mark.parametrize(("heir", "error"), [("viewer", Conflict), ("outsider", UnknownPerson), ("editor", Conflict)])
def test_an_heir_must_be_a_member_who_may_change_schedules(mine: Schedule, cast: Any, actor: Any, heir: str, error: type[Exception]) -> None:  # fmt: skip
    with pytest.raises(error):
        remove_person(actor("owner"), cast.editor.pk, now=NOW, heir=getattr(cast, heir).pk)
    mine.refresh_from_db()
    assert mine.owner == cast.editor
    assert Membership.objects.filter(user=cast.editor).exists()


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_who_may_not_change_people_may_not(mine: Schedule, cast: Any, actor: Any, role: str) -> None:
    with pytest.raises(Refused):
        hand_over(actor(role), cast.editor.pk, to=cast.owner.pk, now=NOW)


def test_another_tenant_finds_nobody(mine: Schedule, cast: Any, actor: Any) -> None:
    assert hand_over(actor("outsider"), cast.editor.pk, to=cast.outsider.pk, now=NOW) == []
    mine.refresh_from_db()
    assert mine.owner == cast.editor


@pytest.mark.feature("BEY-10")
def test_what_was_left_behind_is_taken_over(shop, actor, cast, client) -> None:
    from broadsheet.access.queries import system_actor
    from broadsheet.compliance.models import Entry
    from broadsheet.core.policy.roles import Refused
    from broadsheet.schedules.actions.take_over import take_over
    from broadsheet.schedules.errors import NotNow, UnknownSchedule

    Schedule.objects.update(owner=None)
    client.force_login(cast.editor, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/schedules/buyers-monday/").content.decode()
    assert "Take it over" in page and "nobody" in page
    for other, error in (("viewer", Refused), ("outsider", UnknownSchedule)):
        with pytest.raises(error):
            take_over(actor(other), "buyers-monday", now=NOW)
    with pytest.raises(NotNow):
        take_over(system_actor(actor("admin").organization_id), "buyers-monday", now=NOW)
    client.post("/schedules/buyers-monday/take-over/")
    assert Schedule.objects.get().owner == cast.editor
    assert Entry.objects.get(action="schedule.taken_over").detail == {"before": "", "after": "Edda"}
    assert "Take it over" not in client.get("/schedules/buyers-monday/").content.decode()

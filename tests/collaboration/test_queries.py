"""Who sees which notifications, and what reading them does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.plugins.django import NOW

from broadsheet.access.queries import actor_of_token, system_actor
from broadsheet.collaboration.actions.mark_read import mark_all_read, mark_read
from broadsheet.collaboration.errors import UnknownNotification
from broadsheet.collaboration.models import Notification
from broadsheet.collaboration.queries import notification, notifications, unread
from broadsheet.core.policy.roles import Refused

pytestmark = [pytest.mark.feature("SCH-11"), pytest.mark.feature("SEC-03")]


def test_each_sees_their_own_the_newest_first(tell, actor) -> None:
    first, second = tell("editor"), tell("editor", now=NOW + timedelta(hours=1))
    others = tell("viewer")
    assert list(notifications(actor("editor"))) == [second, first]
    assert [unread(actor(role)) for role in ("editor", "viewer", "owner", "outsider")] == [2, 1, 0, 0]
    for role in ("editor", "owner", "outsider"):
        with pytest.raises(UnknownNotification):
            notification(actor(role), others.pk)
        with pytest.raises(UnknownNotification):
            mark_read(actor(role), others.pk, now=NOW)


def test_the_machines_owner_sees_those_of_the_organization_alone(tell, organization, other_organization) -> None:
    tell("editor"), tell("viewer"), tell("outsider")
    assert [len(notifications(system_actor(one.pk))) for one in (organization, other_organization)] == [2, 1]


def test_reading_counts_from_the_first_time(tell, actor) -> None:
    told = tell()
    mark_read(actor("editor"), told.pk, now=NOW)
    assert mark_read(actor("editor"), told.pk, now=NOW + timedelta(hours=1)).read_at == NOW
    assert Notification.objects.get().read_at == NOW
    assert unread(actor("editor")) == 0


def test_all_are_read_that_were_there_and_nobody_elses(tell, actor) -> None:
    tell("editor"), tell("editor"), tell("viewer"), tell("editor", now=NOW + timedelta(hours=1))
    assert mark_all_read(actor("editor"), now=NOW) == 2
    assert (unread(actor("editor")), unread(actor("viewer"))) == (1, 1)
    assert mark_all_read(actor("outsider"), now=NOW) == 0


def test_a_token_without_the_scope_reads_none(tell, token) -> None:
    tell("owner")
    narrow = actor_of_token(token("owner", ["brand.read"]), now=NOW)
    with pytest.raises(Refused):
        notifications(narrow)
    with pytest.raises(Refused):
        mark_all_read(narrow, now=NOW)


def test_who_left_is_told_nothing(tell, actor, cast) -> None:
    from broadsheet.access.actions.change_person import remove_person
    from broadsheet.collaboration.actions.notify import notify

    place = actor("owner").organization_id
    remove_person(actor("owner"), cast.viewer.pk, now=NOW)
    notify(place, [cast.viewer.pk, cast.outsider.pk, cast.editor.pk], kind="x", data={}, link="", now=NOW)
    assert [one.person for one in Notification.objects.all()] == [cast.editor]

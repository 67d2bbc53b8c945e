"""Default deny: every operation, asked by everybody, is answered exactly as its permissions say.

What an operation needs is read from the OpenAPI document, so that the document is held to the truth at the same time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from tests.api.conftest import World
from tests.api.requests import BACKFILL, Sample, samples
from tests.plugins.django import NOW

from broadsheet.core.policy.roles import ADMIN, ROLES

pytestmark = [pytest.mark.feature("SEC-06"), pytest.mark.feature("SEC-03")]
GIVING = {
    "addPerson",
    "addService",
    "changeRole",
    "putGrants",
    "putRole",
}  # nobody gives what they lack, no token either
WITH_RIGHTS_OF_THEIR_OWN = {"applyDefinitions", "planDefinitions"}  # each kind in the files needs its own permission


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves no trace, so that every sample meets the same world."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def ask(call: Callable[..., Any], world: World) -> Callable[..., int]:
    """The status of a sample asked with a token; a schedule that never ran and a run to stop are made for it."""
    from broadsheet.access.models import Token
    from broadsheet.access.queries import digest
    from broadsheet.collaboration.models import Notification
    from broadsheet.delivery.models import Delivery, Suppression
    from broadsheet.runs.models import Backfill, Maintenance, Occurrence
    from broadsheet.schedules.models import Schedule, Wait
    from broadsheet.schedules.models.override import Override

    def status(sample: Sample, token: str | None, **headers: str) -> int:
        with undone():
            if sample.operation == "removeSchedule":
                one = Schedule.objects.get(name="buyers-monday")
                one.pk, one.name = None, "never-ran"
                one.save()
            if sample.operation == "endMaintenance":
                begun = {"starts_at": NOW, "reason": "New disks", "created_at": NOW}
                Maintenance.objects.create(
                    pk=1, organization_id=Occurrence.objects.get(pk=world.run).organization_id, **begun
                )
            if sample.operation in {"stopRun", "setPriority", "takeNext"}:
                Occurrence.objects.filter(pk=world.run).update(finished_at=None)
            if sample.operation == "goAhead":
                Occurrence.unchecked.filter(pk=world.run).update(finished_at=None, state="waiting", owner="")
                seen = {"since": NOW, "until": NOW, "looked_at": NOW}
                Wait.objects.create(schedule=Schedule.objects.get(name="buyers-monday"), run=world.run, **seen)
            if sample.operation == "undoOverride":
                chosen = Schedule.objects.get(name="buyers-monday")
                chosen.overrides = [Override("skip", NOW + timedelta(days=30_000), NOW).stored()]
                chosen.save()
            if sample.operation in {"getBackfill", "stopBackfill"}:
                run = Occurrence.objects.get(pk=world.run)
                span = {"first": NOW, "last": NOW, "created_at": NOW}
                Backfill.objects.create(pk=BACKFILL, organization_id=run.organization_id, schedule=run.schedule, **span)
                Occurrence.objects.filter(pk=world.run).update(backfill_id=BACKFILL)
            if sample.operation == "holdRun":
                Occurrence.unchecked.filter(pk=world.run).update(finished_at=None, state="due")
            if sample.operation in {"releaseRun", "releaseRuns", "dropRun", "dropRuns"}:
                Occurrence.unchecked.filter(pk=world.run).update(finished_at=None, state="held")
            if sample.operation == "liftSuppressions":
                bo = Delivery.objects.get(pk=world.failed)
                told = {"organization": bo.organization, "reason": "No such mailbox: gone", "at": NOW}
                Suppression.objects.create(address=bo.address, **told)
            if sample.operation in {"releaseDeliveries", "dropDeliveries"}:
                Delivery.unchecked.filter(pk=world.delivery).update(state="held")
            if sample.operation == "readNotification" and token is not None:  # each reads their own
                Notification.objects.update(person=Token.objects.get(digest=digest(token)).user)
            answer = call(
                sample.method, sample.path, token=token, body=sample.body, query=sample.query, headers=headers
            )
            assert answer.status_code != 500, (sample, answer.content)
            return int(answer.status_code)

    return status


def test_every_operation_has_a_sample(document: Mapping[str, Any], world: World) -> None:
    assert len(samples(document, world)) == sum(map(len, document["paths"].values())) > 40


def test_without_a_token_everything_is_closed(
    document: Mapping[str, Any], world: World, ask: Callable[..., int]
) -> None:
    wrong = {one.operation: ask(one, None) for one in samples(document, world)}
    assert set(wrong.values()) == {401}, wrong


@pytest.mark.parametrize("role", ["viewer", "editor", "admin", "owner"])
def test_a_role_may_what_its_permissions_say_and_nothing_else(
    role: str, document: Mapping[str, Any], world: World, ask: Callable[..., int], token: Callable[..., str]
) -> None:
    secret = token(role)
    found = {one.operation: ask(one, secret) for one in samples(document, world)}
    expected = {
        one.operation: one.status if set(one.permissions) <= ROLES[role] else denied(one)
        for one in samples(document, world)
    }
    assert found == expected


def test_the_scopes_that_the_document_names_are_enough(
    document: Mapping[str, Any], world: World, ask: Callable[..., int], token: Callable[..., str]
) -> None:
    wrong = {}
    for one in samples(document, world):
        extra = {"report.edit"} if one.operation in WITH_RIGHTS_OF_THEIR_OWN else set()
        extra |= ADMIN if one.operation in GIVING else set()
        scopes = {*one.permissions, *extra} or {"brand.read"}
        status = ask(one, token("owner", sorted(scopes)))
        if status != one.status:
            wrong[one.operation] = status
    assert wrong == {}


def test_each_scope_that_the_document_names_is_needed(
    document: Mapping[str, Any], world: World, ask: Callable[..., int], token: Callable[..., str]
) -> None:
    allowed = {}
    for one in samples(document, world):
        for permission in one.permissions:
            status = ask(one, token("owner", sorted(ADMIN - {permission})))
            if status != denied(one):
                allowed[one.operation, permission] = status
    assert allowed == {}


def denied(sample: Sample) -> int:
    """A file that somebody may not open is as if it were not there."""
    return 404 if sample.operation == "getDeliveryFile" else 403


def test_a_revoked_ended_or_orphaned_token_opens_nothing(
    call: Callable[..., Any], token: Callable[..., str], cast: Any, actor: Callable[[str], Any], shop: object
) -> None:
    from datetime import timedelta

    from tests.plugins.django import NOW

    from broadsheet.access.actions.change_person import remove_person
    from broadsheet.access.actions.tokens import revoke
    from broadsheet.access.models import Token

    ended = token("admin", days=1, now=NOW - timedelta(days=30))
    revoked, orphaned = token("admin"), token("editor")
    assert [call("GET", "/me", token=one).status_code for one in (ended, revoked, orphaned)] == [401, 200, 200]
    revoke(actor("owner"), Token.objects.filter(user=cast.admin).latest("pk").pk, now=NOW)
    remove_person(actor("owner"), cast.editor.pk, now=NOW)
    assert [call("GET", "/me", token=one).status_code for one in (ended, revoked, orphaned)] == [401, 401, 401]

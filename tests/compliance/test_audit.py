"""The journal is sealed into a chain, and whoever tampers with the database shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from tests.plugins.django import NOW

from broadsheet.compliance import audit
from broadsheet.compliance.actions.record import record
from broadsheet.compliance.actions.seal import seal, seal_all
from broadsheet.compliance.models import AppendOnly, Entry, JournalEnd
from broadsheet.core.chain import links_from, verify
from broadsheet.core.policy.roles import Refused

pytestmark = pytest.mark.feature("SEC-17")


@pytest.fixture
def owner(actor: Callable[[str], Any]) -> Any:
    """The owner, who has done three things more than what it took to make the cast."""
    found = actor("owner")
    for number in (1, 2, 3):
        record(found, "schedule.paused", f"schedule-{number}", now=NOW, version=number, share=0.1)
    return found


def tamper(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_entries_are_numbered_and_linked_in_the_order_in_which_they_were_written(owner):
    first = seal(owner.organization_id, now=NOW)
    assert first == Entry.objects.filter(organization_id=owner.organization_id).count() and first > 3
    assert seal(owner.organization_id, now=NOW) == 0
    numbers = Entry.objects.filter(organization_id=owner.organization_id).order_by("pk").values_list("seq", flat=True)
    assert list(numbers) == list(range(1, first + 1))
    verdict = audit.checked(owner, now=NOW)
    assert (verdict.whole, verdict.count) == (True, first)
    assert verdict.head == JournalEnd.objects.get(organization_id=owner.organization_id).hash


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("update compliance_entry set actor = 'Nobody' where object = %s", "not what it was"),
        ("update compliance_entry set at = '2020-01-01 00:00:00+00' where object = %s", "not what it was"),
        ("delete from compliance_entry where object = %s", "is missing"),
    ],
)
def test_a_hand_in_the_database_shows(owner, sql: str, said: str):
    seal(owner.organization_id, now=NOW)
    tamper(sql, "schedule-2")
    verdict = audit.checked(owner, now=NOW)
    assert not verdict.whole
    assert said in verdict.fault


def test_an_end_that_was_taken_out_shows_by_the_hash_that_was_noted(owner):
    noted = audit.checked(owner, now=NOW).head
    tamper("delete from compliance_entry where object in ('schedule-2', 'schedule-3')")
    assert audit.checked(owner, now=NOW).whole
    assert "noted" in audit.checked(owner, now=NOW, known=noted).fault


def test_an_export_is_checked_without_the_database(owner):
    lines = list(audit.exported(owner, now=NOW))
    assert verify(links_from(lines)).whole
    changed = json.loads(lines[-1])
    changed["record"]["actor"] = "Nobody"
    assert not verify(links_from([*lines[:-1], json.dumps(changed)])).whole


def test_organizations_have_chains_of_their_own(owner, actor, other_organization):
    record(actor("outsider"), "report.saved", "theirs", now=NOW)
    assert seal_all(now=NOW) == Entry.objects.count()
    assert audit.checked(actor("outsider"), now=NOW).whole
    assert "theirs" not in "".join(audit.exported(owner, now=NOW))
    theirs = Entry.objects.filter(organization=other_organization).order_by("seq").first()
    assert theirs is not None and theirs.seq == 1


def test_the_product_itself_does_not_change_what_is_written(owner):
    entry = Entry.objects.get(object="schedule-1")
    for act in (entry.save, entry.delete, Entry.objects.all().delete, lambda: Entry.objects.update(actor="x")):
        with pytest.raises(AppendOnly):
            act()


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_who_may_not_read_it_may_not_export_or_check_it(actor, role: str):
    with pytest.raises(Refused):
        audit.checked(actor(role), now=NOW)
    with pytest.raises(Refused):
        audit.exported(actor(role), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_that_seal_at_once_give_no_number_twice(owner):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import close_old_connections

    for number in range(200):
        record(owner, "artifact.opened", f"file-{number}", now=NOW)

    def sealed(_: int) -> int:
        try:
            return seal(owner.organization_id, now=NOW)
        finally:
            close_old_connections()
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        done = sum(pool.map(sealed, range(4)))
    assert done == Entry.objects.filter(organization_id=owner.organization_id).count()
    assert audit.checked(owner, now=NOW).whole

"""The journal is sealed into a chain, and whoever tampers with the database shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from tests.plugins.django import NOW, ON_POSTGRESQL

from broadsheet.access.models import Organization
from broadsheet.compliance import audit
from broadsheet.compliance.actions.record import record
from broadsheet.compliance.actions.seal import seal, seal_all
from broadsheet.compliance.chain import mac_of, record_of
from broadsheet.compliance.models import AppendOnly, Entry, JournalEnd
from broadsheet.core.chain import GENESIS, link, links_from, verify
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


def rehash(organization_id: int) -> tuple[int, str]:
    """Make all hashes anew, as a forger can; the number and hash of the last."""
    slug = Organization.objects.get(pk=organization_id).slug
    head, seq = GENESIS, 0
    for seq, entry in enumerate(Entry.objects.filter(organization_id=organization_id).order_by("pk"), start=1):
        head = link(head, seq, record_of(entry, slug))
        tamper("update compliance_entry set seq = %s, hash = %s where id = %s", seq, head, entry.pk)
    return seq, head


FORGED = "update compliance_entry set actor = 'Nobody' where object = 'schedule-2'"
RESET = "update compliance_entry set actor = 'Nobody', seq = null, hash = ''"
NO_END = "delete from compliance_journalend"


def test_an_end_that_was_cut_off_shows(owner):
    noted = audit.checked(owner, now=NOW)
    tamper("delete from compliance_entry where object in ('schedule-2', 'schedule-3')")
    verdict = audit.checked(owner, now=NOW)
    assert verdict.count == noted.count - 2
    assert verdict.fault == f"The end was cut off: the journal was sealed to number {noted.count}."
    assert "noted" in audit.checked(owner, now=NOW, known=noted.head).fault


def test_all_entries_taken_out_show(owner):
    seal(owner.organization_id, now=NOW)
    tamper("delete from compliance_entry")
    assert "cut off" in audit.checked(owner, now=NOW).fault


def test_hashes_that_were_made_anew_show(owner):
    seal(owner.organization_id, now=NOW)
    tamper(FORGED)
    seq, head = rehash(owner.organization_id)
    assert "made anew" in audit.checked(owner, now=NOW).fault
    tamper("update compliance_journalend set seq = %s, hash = %s", seq, head)
    assert "secret key" in audit.checked(owner, now=NOW).fault


def test_without_its_end_a_chain_is_neither_good_nor_sealed_further(owner):
    count = seal(owner.organization_id, now=NOW)
    tamper(NO_END)
    record(owner, "schedule.paused", "after", now=NOW)
    seal_all(now=NOW)
    assert Entry.objects.get(object="after").seq is None
    verdict = audit.checked(owner, now=NOW)
    assert (verdict.whole, verdict.count) == (False, count)
    assert "was taken out" in verdict.fault
    assert len(list(audit.exported(owner, now=NOW))) == count
    assert audit.end_of(owner) is None


def test_an_end_that_another_key_signed_is_not_sealed_further(owner, settings):
    seal(owner.organization_id, now=NOW)
    record(owner, "schedule.paused", "after", now=NOW)
    settings.SECRET_KEY = "another key than the one of this installation, 50 long"
    assert "secret key" in audit.checked(owner, now=NOW).fault
    assert Entry.objects.get(object="after").seq is None


def test_an_earlier_end_that_was_put_back_over_later_entries_shows(owner):
    seal(owner.organization_id, now=NOW)
    old = JournalEnd.objects.values_list("seq", "hash", "mac").get()
    record(owner, "schedule.paused", "after", now=NOW)
    seal(owner.organization_id, now=NOW)
    tamper("update compliance_journalend set seq = %s, hash = %s, mac = %s", *old)
    record(owner, "schedule.paused", "still later", now=NOW)
    assert f"was sealed to number {old[0]}" in audit.checked(owner, now=NOW).fault


def test_a_reset_that_begins_a_new_chain_shows_by_the_hash_that_was_noted(owner):
    noted = audit.checked(owner, now=NOW).head
    tamper(RESET)
    tamper(NO_END)
    assert "noted" in audit.checked(owner, now=NOW, known=noted).fault


def test_an_end_from_before_ends_were_signed_is_signed_at_the_next_sealing(owner):
    seal(owner.organization_id, now=NOW)
    tamper("update compliance_journalend set mac = ''")
    record(owner, "schedule.paused", "after", now=NOW)
    assert seal(owner.organization_id, now=NOW) == 1
    end = JournalEnd.objects.get()
    assert end.mac == mac_of(owner.organization_id, end.seq, end.hash)
    assert audit.checked(owner, now=NOW).whole


@pytest.mark.parametrize(
    ("sql", "said"),
    [(FORGED, "not what it was"), ("delete from compliance_entry where object = 'schedule-3'", "cut off")],
)
def test_an_unsigned_end_is_not_signed_over_a_chain_that_does_not_hold(owner, sql: str, said: str):
    seal(owner.organization_id, now=NOW)
    tamper("update compliance_journalend set mac = ''")
    tamper(sql)
    assert said in audit.checked(owner, now=NOW).fault
    assert JournalEnd.objects.get().mac == ""


ODD = [
    ("endless number", "detail = '{\"share\": 1e999}'", "sqlite"),
    ("no date", "at = 'yesterday'", "sqlite"),
    ("bytes", "actor = x'ff'", "sqlite"),
    ("no UTF-8", "actor = cast(x'ff' as text)", "sqlite"),
    ("long number", 'detail = \'{"share": ' + "1" * 5000 + "}'", "postgresql"),
    ("deep", "detail = '" + "[" * 3000 + "]" * 3000 + "'", "postgresql"),
]


# Only what the database at hand can keep at all.
HERE = [(what, change) for what, change, vendor in ODD if (vendor == "postgresql") == ON_POSTGRESQL]


@pytest.mark.parametrize(("what", "change"), HERE, ids=[what for what, _ in HERE])
@pytest.mark.parametrize("before", [True, False], ids=["sealed", "waiting"])
def test_what_cannot_even_be_read_is_a_fault_and_no_crash(owner, what: str, change: str, before: bool):
    if before:
        seal(owner.organization_id, now=NOW)
    tamper(f"update compliance_entry set {change} where object = 'schedule-2'")
    seal_all(now=NOW)
    verdict = audit.checked(owner, now=NOW)
    assert not verdict.whole
    assert ("hash does not fit" if before else "waits to be sealed") in verdict.fault
    lines = len(list(audit.exported(owner, now=NOW)))
    assert lines == (Entry.objects.filter(organization_id=owner.organization_id).count() if before else 0)


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


def test_an_end_that_cannot_even_be_read_is_a_fault_and_no_crash(owner):
    count = seal(owner.organization_id, now=NOW)
    tamper("update compliance_journalend set mac = " + ("'nonsense'" if ON_POSTGRESQL else "cast(x'ff' as text)"))
    verdict = audit.checked(owner, now=NOW)
    assert (verdict.count, "secret key" in verdict.fault) == (count, True)
    assert len(list(audit.exported(owner, now=NOW))) == count
    when = "'-infinity'" if ON_POSTGRESQL else "'yesterday'"
    tamper(f"update compliance_journalend set mac = '', sealed_at = {when}")
    assert audit.checked(owner, now=NOW).whole


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

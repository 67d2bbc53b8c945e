"""Copies are brought up to date by themselves and on demand, by who may, and each organization has its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.plugins.django import HOME, NOW
from tests.plugins.leadconduit import LeadConduit, event, keep_source

from broadsheet.core.document.tables import Ask, Grouping
from broadsheet.core.policy.roles import Refused
from broadsheet.sources.errors import QueryRefused, UnknownSource

pytestmark = [pytest.mark.feature("BEY-12"), pytest.mark.django_db]
Act = Callable[[str], Any]


def copy_of(source: Any) -> Any:
    from broadsheet.sources.models import SourceCopy

    return SourceCopy.objects.get(source=source)


def entries(action: str) -> list[Any]:
    from broadsheet.compliance.models import Entry

    return list(Entry.objects.filter(action=action).order_by("pk"))


def test_a_person_who_may_edit_sources_syncs_and_the_journal_says_so(
    leadconduit: LeadConduit, ads: Any, actor: Act
) -> None:
    from broadsheet.sources.actions.sync import sync_source

    leadconduit.fill(5)
    done = sync_source(actor("editor"), "ads", now=NOW)
    assert (done.new, done.whole, done.copy.rows, done.copy.said) == (5, True, 5, "")
    assert (done.copy.synced_at, done.copy.due_at) == (NOW, NOW + timedelta(minutes=15))
    [entry] = entries("source.synced")
    assert (entry.object, entry.detail) == ("ads", {"new": 5, "whole": True, "said": ""})


@pytest.mark.parametrize(("role", "error"), [("viewer", Refused), ("outsider", UnknownSource)])
def test_others_may_not(leadconduit: LeadConduit, ads: Any, actor: Act, role: str, error: type[Exception]) -> None:
    from broadsheet.sources.actions.sync import sync_source

    with pytest.raises(error):
        sync_source(actor(role), "ads", now=NOW)
    assert not leadconduit.calls


def test_a_source_without_a_copy_says_so(shop: object, actor: Act) -> None:
    from broadsheet.sources.actions.sync import sync_source

    with pytest.raises(QueryRefused, match="nothing to bring up to date"):
        sync_source(actor("editor"), "shop", now=NOW)


def test_it_runs_by_itself_when_it_is_due(leadconduit: LeadConduit, ads: Any, shop: object) -> None:
    from broadsheet.sources.actions.sync import sync_due

    leadconduit.fill(2)
    assert sync_due(now=NOW) == 1
    assert sync_due(now=NOW + timedelta(minutes=14)) == 0
    leadconduit.fill(1)
    assert sync_due(now=NOW + timedelta(minutes=15)) == 1
    assert copy_of(ads).rows == 3
    assert sync_due(now=NOW + timedelta(minutes=31)) == 1
    assert [one.detail["new"] for one in entries("source.synced")] == [2, 1]  # nothing new is no news


def test_a_source_that_was_changed_is_due_at_once(leadconduit: LeadConduit, ads: Any) -> None:
    from broadsheet.sources.actions.sync import sync_due
    from broadsheet.sources.models import Source

    sync_due(now=NOW)
    Source.objects.filter(pk=ads.pk).update(updated_at=NOW + timedelta(seconds=10))  # its key was mended
    assert sync_due(now=NOW + timedelta(seconds=30)) == 1
    assert sync_due(now=NOW + timedelta(seconds=60)) == 0


def test_the_settings_say_how_often(leadconduit: LeadConduit, organization: Any) -> None:
    from broadsheet.sources.actions.sync import sync_due

    source = keep_source(organization, leadconduit, every_minutes=60)
    sync_due(now=NOW)
    assert copy_of(source).due_at == NOW + timedelta(hours=1)


def test_what_goes_wrong_is_kept_and_what_was_held_stays(leadconduit: LeadConduit, ads: Any, actor: Act) -> None:
    from broadsheet.sources.actions.sync import sync_due, sync_source

    leadconduit.fill(3)
    sync_due(now=NOW)
    leadconduit.key = "another"
    later = NOW + timedelta(minutes=20)
    sync_due(now=later)
    copy = copy_of(ads)
    assert (copy.rows, copy.synced_at, copy.tried_at) == (3, NOW, later)
    assert "does not take the API key" in copy.said
    done = sync_source(actor("editor"), "ads", now=later)
    assert "does not take the API key" in done.copy.said
    assert [bool(one.detail["said"]) for one in entries("source.synced")] == [False, True, True]


def test_a_pause_that_the_other_side_asks_for_is_kept(leadconduit: LeadConduit, ads: Any) -> None:
    from broadsheet.sources.actions.sync import sync_due

    leadconduit.before = lambda _: (429, {"Retry-After": "1800"}, b"")
    sync_due(now=NOW)
    assert copy_of(ads).due_at == NOW + timedelta(minutes=30)


def test_a_sync_is_a_test_of_the_connection(leadconduit: LeadConduit, ads: Any) -> None:
    from broadsheet.sources.actions.sync import sync_due

    def verdict() -> tuple[bool | None, str]:
        ads.refresh_from_db()
        return ads.ok, ads.verdict

    leadconduit.fill(2)
    before = ads.updated_at
    sync_due(now=NOW)
    assert verdict() == (True, "It is up to date: 2 events.")
    leadconduit.before = lambda _: (429, {"Retry-After": "1800"}, b"")
    sync_due(now=NOW + timedelta(minutes=15))
    assert verdict() == (True, "It is up to date: 2 events.")
    leadconduit.before = lambda _: (401, {}, b"")
    sync_due(now=NOW + timedelta(minutes=60))
    assert (ads.ok, verdict()[0]) == (True, False)
    assert ads.updated_at == before  # answers that are kept stay true


def test_two_at_once_leave_what_the_first_says(leadconduit: LeadConduit, ads: Any, actor: Act) -> None:
    from broadsheet.adapters.engines.leadconduit.store import Copy
    from broadsheet.sources.actions.sync import sync_due, sync_source
    from broadsheet.sources.copying import folder_of

    with Copy(folder_of(ads.organization_id, ads.pk), "any").writing():
        done = sync_source(actor("editor"), "ads", now=NOW)
        assert sync_due(now=NOW) == 1
    assert "Another process" in done.copy.said
    assert (copy_of(ads).said, copy_of(ads).due_at) == ("", None)
    assert len(entries("source.synced")) == 1  # the person's


def test_a_key_that_is_lacking_is_told(leadconduit: LeadConduit, ads: Any) -> None:
    from broadsheet.sources.actions.sync import sync_due
    from broadsheet.sources.models import Source

    Source.objects.filter(pk=ads.pk).update(sealed="")
    sync_due(now=NOW)
    assert "API key is missing" in copy_of(ads).said


def test_answers_are_of_the_last_sync_at_once(leadconduit: LeadConduit, ads: Any, actor: Act) -> None:
    from broadsheet.core.policy import Reader
    from broadsheet.sources.actions.ask import Request, answer_all
    from broadsheet.sources.actions.starter import make_starter
    from broadsheet.sources.actions.sync import sync_source

    made, effect = make_starter(actor("editor"), "ads", now=NOW)
    assert effect == "added"

    def submitted() -> Any:
        ask = Ask(made.name, metrics=("submitted",))
        reader = Reader("r", "R", unrestricted=True)
        return answer_all(ads.organization_id, [Request("a", ask, reader)], as_of=NOW)["a"].rows[0][0]

    counts = []
    for more in (4, 2):
        leadconduit.fill(more)
        sync_source(actor("editor"), "ads", now=NOW)
        counts.append(submitted())
    assert counts == [2, 3]


def test_two_organizations_hold_what_is_theirs(
    leadconduit: LeadConduit, ads: Any, other_organization: Any, actor: Act
) -> None:
    from broadsheet.sources.actions.ask import connection
    from broadsheet.sources.actions.sync import sync_source
    from broadsheet.sources.copies import copies

    theirs = keep_source(other_organization, leadconduit)
    leadconduit.fill(3)
    sync_source(actor("outsider"), "ads", now=NOW)
    with connection(ads) as opened:
        assert opened.query("select count(*) from events", []).column(0).to_pylist() == [0]
    with connection(theirs) as opened:
        assert opened.query("select count(*) from events", []).column(0).to_pylist() == [3]
    assert list(copies(actor("editor"))) == []
    assert [one.source_id for one in copies(actor("outsider"))] == [theirs.pk]


def test_the_files_of_a_copy_are_no_source_of_anybody(
    leadconduit: LeadConduit, ads: Any, actor: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    from broadsheet.sources.actions.sync import sync_source
    from broadsheet.sources.files import checked_file

    monkeypatch.setenv("BROADSHEET_SOURCE_ROOTS", str(HOME))  # not even so
    leadconduit.fill(1)
    sync_source(actor("editor"), "ads", now=NOW)
    files = list((HOME / "copies" / str(ads.organization_id) / str(ads.pk)).rglob("*.parquet"))
    assert files
    for file in files:
        with pytest.raises(QueryRefused):
            checked_file(file)


def test_nobody_says_where_a_copy_lies(leadconduit: LeadConduit, organization: Any) -> None:
    from broadsheet.core.document.loading import DefinitionError

    with pytest.raises(DefinitionError, match="folder"):
        keep_source(organization, leadconduit, folder="/etc")


def test_a_source_that_is_gone_takes_its_files_along(
    leadconduit: LeadConduit, ads: Any, actor: Act, django_capture_on_commit_callbacks: Any
) -> None:
    from broadsheet.sources.actions.sync import sync_source
    from broadsheet.sources.copying import folder_of

    leadconduit.fill(1)
    sync_source(actor("editor"), "ads", now=NOW)
    folder: Path = folder_of(ads.organization_id, ads.pk)
    assert folder.is_dir()
    with django_capture_on_commit_callbacks(execute=True):
        ads.delete()
    assert not folder.exists()


def test_trying_it_asks_the_other_side(leadconduit: LeadConduit, ads: Any, actor: Act) -> None:
    from broadsheet.sources.actions.check import check_source

    leadconduit.fill(1)
    assert check_source(actor("editor"), "ads", now=NOW).verdict == (
        "LeadConduit takes the key. Its newest event is of 2026-11-20 09:00 UTC. 1 table: events."
    )
    leadconduit.key = "another"
    found = check_source(actor("editor"), "ads", now=NOW)
    assert (found.ok, "free accounts" in found.verdict) == (False, True)


def test_personal_fields_of_the_starter_are_masked_for_who_is_not_cleared(
    leadconduit: LeadConduit, ads: Any, actor: Act
) -> None:
    from broadsheet.core.policy import Reader
    from broadsheet.sources.actions.ask import Request, answer_all
    from broadsheet.sources.actions.starter import make_starter
    from broadsheet.sources.actions.sync import sync_source

    leadconduit.fill(1)
    sync_source(actor("editor"), "ads", now=NOW)
    made, _ = make_starter(actor("editor"), "ads", now=NOW)
    fields = ("first_name", "last_name", "email", "phone", "address", "city", "postal_code", "vars", "state", "source")
    ask = Ask(made.name, by=tuple(Grouping(name) for name in fields), metrics=("submitted",))

    def row(*, hidden_classes: tuple[str, ...] = (), **attributes: Any) -> dict[str, Any]:
        reader = Reader("r", "R", attributes=attributes, hidden_classes=hidden_classes)
        found = answer_all(ads.organization_id, [Request("a", ask, reader)], as_of=NOW)["a"].rows
        return dict(zip(fields, found[0], strict=False))

    clear = row(sees_contacts=True)
    assert (clear["email"], clear["phone"], clear["city"]) == ("ana0@example.com", "(512) 555-0100", "Austin")
    assert row(hidden_classes=("confidential",), sees_contacts=True)["email"] != "ana0@example.com"
    masked = row()
    assert masked["vars"] is None
    assert (masked["state"], masked["source"]) == ("TX", "Sun Compare")
    personal = ("Ana0", "Łęcka", "ana0", "555", "Main", "Austin", "78701")
    assert [word for word in personal if any(word in str(value) for value in masked.values())] == []
    assert masked["first_name"].startswith("A")


def test_the_starter_counts_money_once(leadconduit: LeadConduit, ads: Any, actor: Act) -> None:
    """Ten events: sources 0, 2, 4, 6, 8 (4 fails), recipients 1, 3, 5, 7, 9 (9 fails); a lead costs 20.50 and earns 50. One
    comes back, one is sold."""
    from broadsheet.core.policy import Reader
    from broadsheet.sources.actions.ask import Request, answer_all
    from broadsheet.sources.actions.starter import make_starter
    from broadsheet.sources.actions.sync import sync_source

    leadconduit.fill(10)
    for number, kind in ((10, "return"), (11, "conversion")):
        variables = {**event(10)["vars"], "feedback": {"type": kind}}
        leadconduit.events.append(event(number, type="feedback-received", outcome="success", vars=variables))
    sync_source(actor("editor"), "ads", now=NOW)
    made, _ = make_starter(actor("editor"), "ads", now=NOW)
    names = ("submitted", "success", "failure", "error", "acceptance_rate", "delivered", "cost", "revenue", "profit",
             "average_cost", "returns", "conversions", "cost_per_conversion", "events", "return_rate")  # fmt: skip
    ask = Ask(made.name, metrics=names)
    reader = Reader("r", "R", unrestricted=True)
    [found] = answer_all(ads.organization_id, [Request("a", ask, reader)], as_of=NOW)["a"].rows
    values = dict(zip(names, found, strict=True))
    assert {name: float(value) for name, value in values.items()} == {
        "submitted": 5, "success": 4, "failure": 1, "error": 0, "acceptance_rate": 0.8, "delivered": 4, "cost": 82,
        "revenue": 200, "profit": 118, "average_cost": 20.5, "returns": 1, "conversions": 1,
        "cost_per_conversion": 82, "events": 12, "return_rate": 0.25,
    }  # fmt: skip


def test_a_starter_that_people_have_changed_stays(leadconduit: LeadConduit, ads: Any, actor: Act) -> None:
    from broadsheet.core.document.loading import load
    from broadsheet.sources.actions.save import save_dataset
    from broadsheet.sources.actions.starter import make_starter
    from broadsheet.sources.models import StoredDataset

    made, _ = make_starter(actor("editor"), "ads", now=NOW)
    text = StoredDataset.objects.get(name=made.name).definition.replace("label: Lead events", "label: Ours")
    [loaded] = load(text, file="x")
    save_dataset(actor("editor"), loaded, now=NOW)
    assert make_starter(actor("editor"), "ads", now=NOW)[1] == "same"
    assert StoredDataset.objects.get(name=made.name).label == "Ours"

"""How limits stand, as each may know: no names of sources out of reach, and no numbers of others' runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.plugins.django import NOW

from broadsheet.access.models import Organization, Placement, Workspace
from broadsheet.access.queries import system_actor
from broadsheet.reports.models import Report
from broadsheet.runs import claims
from broadsheet.runs.actions.limit import limits_of
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.limited import Use, uses
from broadsheet.runs.models import Limits, Occurrence
from broadsheet.runs.queue import in_plain_words, place_of
from broadsheet.schedules.models import Schedule
from broadsheet.sources.models import StoredDataset

pytestmark = [pytest.mark.feature("SCH-23"), pytest.mark.usefixtures("shop")]


@pytest.fixture
def busy(actor: Callable[[str], Any]) -> Occurrence:
    """One run in work; the one behind it."""
    for minutes in (2, 1):
        at = NOW - timedelta(minutes=minutes)
        behind = run_now(actor("owner"), "buyers-monday", now=at, at=at)
    claims.claim(owner="one", now=NOW)
    return behind


@pytest.fixture
def side_by_side(busy: Occurrence) -> Occurrence:
    """The one behind, which nothing but limits keeps."""
    Occurrence.objects.update(definition={**busy.definition, "policies": {"at_once": 9}})
    return busy


@pytest.fixture
def close(organization: Organization) -> Callable[..., None]:
    """Put things into a workspace that none but owner and admin enter."""

    def put(*things: tuple[str, int]) -> None:
        room = Workspace.objects.create(organization=organization, name="closed", open=False, updated_at=NOW)
        for kind, key in things:
            Placement.objects.create(workspace=room, kind=kind, object_id=key)

    return put


def of(who: Any, kind: str) -> list[Use]:
    return [one for one in uses(who, now=NOW) if one.kind == kind]


@pytest.mark.feature("SEC-06")
def test_a_source_out_of_reach_has_no_name(
    actor: Callable[[str], Any], side_by_side: Occurrence, organization: Organization, close: Callable[..., None]
) -> None:
    Limits.objects.create(organization=organization, sources={"shop": 1})
    viewer, owner = actor("viewer"), actor("owner")
    assert of(viewer, "source") == of(owner, "source") == [Use("source", 1, 1, 1, "shop", "The shop", full=True)]
    close(*(("dataset", key) for key in StoredDataset.objects.values_list("pk", flat=True)))
    viewer = actor("viewer")
    assert of(viewer, "source") == [Use("source", None, None, 1, full=True)]
    assert (limits_of(viewer), limits_of(owner)) == ({}, {"sources": {"shop": 1}})
    place = place_of(viewer, side_by_side, now=NOW)
    assert place is not None and (place.why, place.text) == ("source", "")
    assert in_plain_words(place) == "waits: as many as may ask another source"
    assert of(owner, "source")[0].name == "shop"


@pytest.mark.feature("SEC-06")
def test_runs_out_of_reach_are_not_counted_and_the_limit_is_full_all_the_same(
    actor: Callable[[str], Any], side_by_side: Occurrence, organization: Organization, close: Callable[..., None]
) -> None:
    Limits.objects.create(organization=organization, runs=1, sources={"shop": 1})
    close(("report", Report.objects.get().pk))
    assert of(actor("viewer"), "organization") == [Use("organization", 1, 0, full=True)]
    assert of(actor("viewer"), "source") == [Use("source", 1, 0, 0, "shop", "The shop", full=True)]
    assert of(actor("viewer"), "schedule") == []
    assert of(actor("owner"), "organization") == [Use("organization", 1, 1, 1, full=True)]


@pytest.mark.feature("SEC-03")
def test_how_many_runs_others_have_in_work_is_the_machine_owners_to_know(
    actor: Callable[[str], Any], busy: Occurrence, organization: Organization
) -> None:
    Limits.objects.create(organization=None, runs=1)
    for who in (actor("owner"), actor("outsider")):
        assert [(one.used, one.full) for one in of(who, "installation")] == [(None, True)]
    assert [(one.used, one.full) for one in of(system_actor(organization.pk), "installation")] == [(1, True)]


def test_only_schedules_in_work_or_behind_are_read(actor: Callable[[str], Any], busy: Occurrence) -> None:
    other = Schedule.objects.get()
    other.pk, other.name = None, "second"
    other.definition = {**other.definition, "policies": {"at_once": 3}}
    other.save()
    assert [(one.name, one.used, one.waiting) for one in of(actor("viewer"), "schedule")] == [("buyers-monday", 1, 1)]

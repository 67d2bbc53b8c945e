"""The queue: parts, order, why each waits, who may steer it; and that nobody sees another's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.plugins.django import NOW

from broadsheet.access.models import Organization
from broadsheet.access.queries import system_actor
from broadsheet.compliance.models import Entry
from broadsheet.core.policy.roles import Refused
from broadsheet.runs import claims
from broadsheet.runs.actions.release import hold_run
from broadsheet.runs.actions.reprioritize import set_priority, take_next
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.errors import RunError, UnknownRun
from broadsheet.runs.models import Limits, Maintenance, Occurrence
from broadsheet.runs.queue import in_plain_words, place_of, queue

pytestmark = [pytest.mark.feature("PRF-01"), pytest.mark.feature("SCH-21"), pytest.mark.usefixtures("shop")]


@pytest.fixture
def due(actor: Callable[[str], Any]) -> Callable[[int], Occurrence]:
    """``due(3)``: a run that was asked for three minutes ago."""

    def make(minutes: int) -> Occurrence:
        at = NOW - timedelta(minutes=minutes)
        return run_now(actor("owner"), "buyers-monday", now=at, at=at)

    return make


def order(actor: Any) -> list[Any]:
    return [one.run.pk for one in queue(actor, now=NOW).waiting]


def why(actor: Any, one: Occurrence) -> str:
    found = place_of(actor, one, now=NOW)
    assert found is not None
    return in_plain_words(found)


def test_the_first_that_was_asked_for_is_the_first(
    actor: Callable[[str], Any], due: Callable[[int], Occurrence]
) -> None:
    third, first, second = due(1), due(3), due(2)
    assert order(actor("viewer")) == [first.pk, second.pk, third.pk]
    assert queue(actor("viewer"), now=NOW).depth == {3: 3}


def test_a_higher_priority_goes_before_and_age_makes_up_for_it(
    actor: Callable[[str], Any], due: Callable[[int], Occurrence]
) -> None:
    old, older, new = due(5), due(15), due(0)
    set_priority(actor("owner"), new.pk, "high", now=NOW)  # as if it had come ten minutes before
    assert order(actor("owner")) == [older.pk, new.pk, old.pk]
    take_next(actor("owner"), old.pk, now=NOW)
    assert order(actor("owner")) == [old.pk, older.pk, new.pk]
    assert [one.action for one in Entry.objects.filter(action__startswith="run.").order_by("pk")] == [
        "run.priority", "run.next",
    ]  # fmt: skip
    assert claims.claim(owner="one", now=NOW).pk == old.pk  # type: ignore[union-attr]


def test_each_says_why_it_waits(actor: Callable[[str], Any], due: Callable[[int], Occurrence]) -> None:
    going, behind, sleeps, held = due(9), due(8), due(7), due(6)
    owner = actor("owner")
    assert why(owner, going) == "number 1, waits for a free worker"
    claims.claim(owner="one", now=NOW)
    hold_run(owner, held.pk, now=NOW, why="Wrong figures")
    Occurrence.objects.filter(pk=sleeps.pk).update(
        wake_at=NOW + timedelta(minutes=5), tries=1, state="running", error="No answer"
    )
    assert why(owner, going) == "in work"
    assert why(owner, behind) == "waits for the run of the same schedule before it"
    assert why(owner, sleeps) == "tried again until 2026-11-24 09:05 UTC: No answer"
    assert why(owner, held).startswith("held: Held by") and "Wrong figures" in why(owner, held)
    found = queue(owner, now=NOW)
    assert found.numbers == {"working": 1, "waiting": 1, "sleeping": 1, "held": 1}


def test_limits_and_maintenance_are_named(
    actor: Callable[[str], Any], due: Callable[[int], Occurrence], organization: Organization
) -> None:
    going, behind = due(9), due(8)
    claims.claim(owner="one", now=NOW)
    policies = {**behind.definition.get("policies", {}), "at_once": 5}
    Occurrence.objects.update(definition={**behind.definition, "policies": policies})
    limits = Limits.objects.create(organization=organization, sources={"shop": 1})
    owner = actor("owner")
    assert why(owner, behind) == "waits: as many as may ask the source “shop”"
    limits.runs = 1
    limits.save()
    assert why(owner, behind) == "waits: 1 runs at once is the organization's limit"
    Maintenance.objects.create(
        organization=organization, reason="New disks", starts_at=NOW, ends_at=NOW + timedelta(hours=1), created_at=NOW
    )
    assert why(owner, behind) == "waits until 2026-11-24 10:00 UTC: maintenance (New disks)"
    assert going.pk != behind.pk


def test_others_neither_see_nor_steer_it(
    actor: Callable[[str], Any], due: Callable[[int], Occurrence], other_organization: Organization
) -> None:
    one = due(1)
    stranger = system_actor(other_organization.pk)
    assert order(stranger) == [] and queue(stranger, now=NOW).depth == {}
    for act in (set_priority, take_next):
        given = ("high",) if act is set_priority else ()
        with pytest.raises(UnknownRun):
            act(stranger, one.pk, *given, now=NOW)
        with pytest.raises(Refused):
            act(actor("editor"), one.pk, *given, now=NOW)


def test_what_is_no_priority_or_has_ended_is_refused(
    actor: Callable[[str], Any], due: Callable[[int], Occurrence]
) -> None:
    one = due(1)
    with pytest.raises(RunError, match="no priority “urgent”"):
        set_priority(actor("owner"), one.pk, "urgent", now=NOW)
    Occurrence.objects.update(finished_at=NOW)
    with pytest.raises(RunError, match="has ended"):
        take_next(actor("owner"), one.pk, now=NOW)
    assert place_of(actor("owner"), Occurrence.objects.get(), now=NOW) is None


def test_it_costs_no_more_for_many(
    actor: Callable[[str], Any], due: Callable[[int], Occurrence], django_assert_max_num_queries: Any
) -> None:
    for minutes in range(8):
        due(minutes)
    owner = actor("owner")
    with django_assert_max_num_queries(14):
        queue(owner, now=NOW)

"""Runs over which processes die: the one that ends them is put aside, and its neighbours are not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from tests.plugins.django import NOW
from tests.plugins.shop import InProcess

from broadsheet.adapters.dispatchers.local import DISPATCHER
from broadsheet.runs import claims, suspects, worker
from broadsheet.runs.actions.work import Tools
from broadsheet.runs.models import Node, Occurrence
from broadsheet.runs.nodes import Presence
from broadsheet.runs.store import artifact_store

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("PRF-21")]


@pytest.fixture
def beside(change) -> None:
    """Runs of the one schedule may go on side by side."""
    change("policies: {", "policies: {at_once: 20, ")


def process(name: str) -> str:
    Presence(name, "worker", 4).beat()
    return name


def dies(*owners: str) -> None:
    """Whoever works does so no more, or those alone."""
    held = Occurrence.objects.exclude(owner="")
    (held.filter(owner__in=owners) if owners else held).update(lease_until=Now() - timedelta(seconds=1))


def taken(owner: str, *, runs: int, **more: bool) -> list[Occurrence]:
    found = [claims.claim(owner=process(owner), now=NOW, **more) for _ in range(runs)]
    return [one for one in found if one is not None]


def states() -> list[str]:
    return list(Occurrence.objects.order_by("turn_at", "pk").values_list("state", flat=True))


def test_one_that_ends_its_process_is_put_aside_after_three(run) -> None:
    run()
    for number in range(suspects.DEATHS):
        assert len(taken(f"worker-{number}", runs=1)) == 1
        dies()
    assert taken("last", runs=1) == []
    assert states() == ["held"]


def test_where_processes_die_without_it_it_is_tried_longer(beside, run) -> None:
    """Killed every few seconds: as many processes die without it as with it."""
    asked = run()
    for number in range(suspects.SURELY):
        [held] = taken(f"worker-{number}", runs=1)
        assert held.pk == asked.pk
        process(f"killed-{number}")
        suspects.note_death(f"killed-{number}")
        dies()
    assert taken("last", runs=1) == []
    assert "9 processes in a row" in Occurrence.objects.get().held_reason


def test_deaths_of_long_ago_and_those_who_were_only_frozen_say_nothing(run) -> None:
    run()
    for number in range(4):
        suspects.note_death(process(f"long-ago-{number}"))
    Node.objects.update(died_at=Now() - suspects.RECENT)
    for number in range(4):
        suspects.note_death(process(f"frozen-{number}"))
        process(f"frozen-{number}")  # it is there after all
    for number in range(suspects.DEATHS):
        taken(f"worker-{number}", runs=1)
        dies()
    assert taken("last", runs=1) == []
    assert states() == ["held"]


def test_a_process_has_one_suspect_in_hand(beside, run, monkeypatch) -> None:
    """Three runs were in one process that died twice: the next one tries one of them, beside whatever nobody suspects."""
    for _ in range(3):
        run()
    for number in range(suspects.DEATHS - 1):
        assert len(taken(f"worker-{number}", runs=3)) == 3
        dies()
    fresh = run()
    one = worker.Worker(Tools("next", InProcess(), artifact_store(), clock=lambda: NOW), DISPATCHER, places=4)
    hands: list[list[int]] = []

    def works(occurrence: Occurrence, _: object) -> None:
        hands.append([held.deaths for held in one._in_hand.values()])
        if len(hands) < 4:
            one.step()  # another thread of the process
        claims.release(occurrence, wake_at=NOW + timedelta(hours=1))

    monkeypatch.setattr(worker, "carry", works)
    while one.step():
        pass
    assert max(sum(deaths >= suspects.DEATHS - 1 for deaths in hand) for hand in hands) == 1
    assert [0, 2] in [sorted(hand) for hand in hands]
    assert Occurrence.objects.filter(wake_at__isnull=False).count() == 4
    assert Occurrence.objects.get(pk=fresh.pk).deaths == 0


def test_neighbours_of_poison_go_on(beside, run) -> None:
    """Four runs in a process that dies three times: apart from each other, only the one that ends it is put aside."""
    poison, *others = [run() for _ in range(4)]
    for number in range(suspects.DEATHS - 1):
        assert len(taken(f"worker-{number}", runs=4)) == 4
        dies()
    for number in range(4):
        [held] = [claims.claim(owner=process(f"alone-{number}"), now=NOW)]
        assert suspects.is_suspect(held)
        if held.pk == poison.pk:
            dies(held.owner)
        else:
            claims.get_on(held)
    assert taken("last", runs=1) == []
    poison.refresh_from_db()
    assert poison.held_for == "quarantine"
    assert {Occurrence.objects.get(pk=one.pk).state for one in others} == {"running"}

"""Processes say that they are there; one that does not is gone, and forgotten after a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from tests.plugins.django import NOW

from broadsheet.runs import claims, nodes
from broadsheet.runs.models import Node

pytestmark = [pytest.mark.feature("PRF-01"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def nobody_else(db: None) -> None:
    Node.objects.all().delete()  # of a process that an earlier test started


def test_it_is_there_from_its_first_beat_to_its_end() -> None:
    one = nodes.Presence("host:1:a", "worker", 2)
    one.beat()
    one.beat()
    [seen] = nodes.nodes()
    assert (seen.node.kind, seen.node.places, seen.node.draining, seen.gone) == ("worker", 2, False, False)
    one.leave()
    assert [each.node.draining for each in nodes.nodes()] == [True]
    one.end()
    assert nodes.nodes() == []


@pytest.mark.parametrize(("ago", "gone", "kept"), [(60, False, True), (120, True, True), (90_000, True, False)])
def test_one_that_says_nothing_is_gone_and_then_forgotten(ago: int, gone: bool, kept: bool) -> None:
    nodes.Presence("host:1:a", "web", 0).beat()
    Node.objects.update(seen_at=Now() - timedelta(seconds=ago))
    assert [one.gone for one in nodes.nodes()] == ([gone] if kept else [])
    nodes.tidy_nodes(now=NOW)
    assert Node.objects.exists() is kept


@pytest.mark.django_db(transaction=True)
def test_a_block_is_present_while_it_lasts() -> None:
    with nodes.present(nodes.own_name(), kind="web") as one:
        one.beat()
        assert Node.objects.get().kind == "web"
    assert not Node.objects.exists()


@pytest.mark.feature("PRF-03")
@pytest.mark.parametrize(("kind", "places", "works"), [("worker", 2, True), ("all", 2, True), ("scheduler", 0, False)])
def test_a_run_by_hand_is_left_to_whoever_takes_runs(kind: str, places: int, works: bool) -> None:
    one = nodes.Presence("elsewhere:1:a", kind, places)
    one.beat()
    assert nodes.someone_works() is works
    one.leave()
    assert not nodes.someone_works()


@pytest.mark.feature("SCH-22")
@pytest.mark.django_db(transaction=True)
def test_what_a_process_cannot_finish_before_it_ends_is_no_death_of_the_run(run) -> None:
    """However many are replaced while one long query goes on."""
    made = run()
    for number in range(5):
        with nodes.present(f"worker-{number}", kind="worker", places=1):
            mine = claims.claim(owner=f"worker-{number}", now=NOW)
            assert mine is not None
            assert mine.deaths == 0
        with pytest.raises(claims.LostLease):
            claims.hold(mine)
    made.refresh_from_db()
    assert (made.owner, made.deaths) == ("", 0)

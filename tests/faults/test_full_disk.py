"""No room under the artifacts, then under the database: said clearly, nothing half-written, and mended when there is room.

The bound is on the size of any file that the process writes, which needs no rights and works on every machine; what the
process is told is what it is told of a quota.
"""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .parts.house import House, Node, furnish, last_firing, lived_in, mail, schedule, until
from .parts.mailbox import Mailbox

NO_BOUND = resource.RLIM_INFINITY


def bound(node: Node, size: int) -> None:
    """No file of the process may grow beyond *size* bytes from now on."""
    resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE, (size, NO_BOUND))


@pytest.mark.feature("PRF-21")
def test_no_room_under_the_artifacts(house: House, witness: Mailbox, figures: dict[str, Any]) -> None:
    """The run says so and comes again; no file is cut off; with room it goes through."""
    house.apply(
        mail(witness.port) + schedule("news", readers=2, policies="{retry: {tries: 9, first_seconds: 2, factor: 1}}")
    )
    node = house.node()
    house.until(node.serving, seconds=60, what="it served")
    bound(node, 64)  # less than the head of any
    house.due("news")
    house.until(lambda: house.ask("select 1 from runs_occurrence where error <> ''"), seconds=60, what="it was said")
    figures["said"] = house.only("select error from runs_occurrence")
    assert "full" in figures["said"] or "room" in figures["said"], figures["said"]
    assert witness.taken == []
    assert house.only("select count(*) from runs_artifact") == 0
    assert [one.name for one in (house.folder / "artifacts").rglob("*") if one.is_file()] == []
    bound(node, NO_BOUND)
    house.until(lambda: house.ended(1), seconds=60, what="the run ended")
    assert house.counts("delivery_delivery") == {"accepted": 2}
    assert len(witness.taken) == 2


@pytest.fixture
def small(tmp_path: Path) -> Iterator[House]:
    """On SQLite, whose files the process itself writes."""
    with lived_in(furnish("", tmp_path)) as made:
        yield made


@pytest.mark.feature("PRF-21")
def test_no_room_under_the_database(small: House, witness: Mailbox, figures: dict[str, Any]) -> None:
    """Nothing is lost or sent twice: what could not be written is done when there is room."""
    small.apply(mail(witness.port) + schedule("news", readers=5))
    node = small.node()
    small.until(node.serving, seconds=60, what="it served")
    file = small.folder / "broadsheet.sqlite3"
    bound(node, 4096)  # less than the log of any change
    with sqlite3.connect(file, timeout=20) as database:
        at = last_firing().strftime("%Y-%m-%d %H:%M:%S")
        database.execute("update schedules_schedule set next_fire_at = ?, begin_at = ?", (at, at))
    until(lambda: "disk" in node.said() or "full" in node.said(), seconds=60, what="the log told of it")
    assert node.alive()
    bound(node, NO_BOUND)
    small.until(
        lambda: small.select("select 1 from runs_occurrence where state = 'accepted'"), seconds=60, what="it ran"
    )
    figures["received"] = len(witness.taken)
    assert set(witness.by_reader().values()) == {1}
    assert len(witness.taken) == 5
    assert small.select("pragma integrity_check") == [("ok",)]

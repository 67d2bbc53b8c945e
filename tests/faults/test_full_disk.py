"""No room under the artifacts, then under the database: said clearly, nothing half-written, and mended when there is room."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.plugins.postgres import free_port
from tests.plugins.smtp_sink import Taken, smtp_sink

from .parts.furnishing import another
from .parts.house import House, Node, furnish, lived_in, mail, schedule
from .parts.mailbox import Mailbox
from .parts.postgres import Server, processes_in, server
from .parts.small_disk import Disk, small_disk
from .parts.town import Town

PATIENT = "{retry: {tries: 20, first_seconds: 2, factor: 1}}"
READERS = 60
IN_FLIGHT = 4  # messages that one run has on their way at once
LOOKS = 2  # times that it may find out that there is still no room, by sending
ROOM = 8192  # bytes: less than the report has, so that its file is begun


@pytest.mark.feature("PRF-21")
def test_no_room_under_the_artifacts(town: Town, outside: Path, figures: dict[str, Any]) -> None:
    """The run says so and comes again; no file is cut off; with room it goes through, with the bytes that are on record."""
    port, folder = free_port(), town.house.folder / "artifacts"
    with smtp_sink(outside / "sink", port) as sink, small_disk(folder, megabytes=2) as disk:
        disk.processes = lambda: [town.node.process.pid]
        town.apply(
            mail(port, name="tight") + schedule("tight", readers=2, channel="tight", formats="pdf", policies=PATIENT)
        )
        disk.fill(leave=ROOM)
        town.run("tight")
        town.house.until(lambda: town.told("tight")["error"], seconds=60, what="it was said")
        figures["said"] = town.told("tight")["error"]
        assert "is full" in figures["said"]
        assert "Free space there" in figures["said"]
        assert sink.messages() == []
        assert [one.name for one in folder.rglob("*") if one.is_file() and one.name != ".ballast"] == []
        disk.free()
        told = town.ended("tight", seconds=60)["tight"]
        assert (told["state"], told["deliveries"]) == ("accepted", {"accepted": 2})
        on_record = dict(
            town.house.ask(
                "select a.sha256, a.size from runs_artifact a join runs_slicefile f on f.artifact_id = a.id"
                " join runs_slice s on s.id = f.slice_id where s.occurrence_id = %s and f.format = 'pdf'",
                town.runs["tight"],
            )
        )
        assert attached(sink) == on_record
        assert len(sink.messages()) == 2


@pytest.fixture
def database_disk(outside: Path) -> Iterator[tuple[Disk, Server]]:
    """A PostgreSQL whose data lies on a small disk."""
    with small_disk(outside / "data", megabytes=256) as disk, server(inside=disk.folder) as own:
        disk.processes = lambda: processes_in(own.data)
        yield disk, own


@pytest.mark.feature("PRF-21")
def test_no_room_under_postgresql(
    database_disk: tuple[Disk, Server], model: House, witness: Mailbox, tmp_path: Path, figures: dict[str, Any]
) -> None:
    """In the middle of a run PostgreSQL has no room: nothing is lost or sent twice, and it goes on when there is room."""
    disk, own = database_disk
    witness.pause = 0.2
    with lived_in(another(model, own, tmp_path / "moved")) as house:
        node = house.node()
        house.until(node.serving, seconds=90, what="it served")
        house.apply(mail(witness.port) + schedule("news", readers=READERS, policies=PATIENT))
        house.due("news")
        house.until(lambda: len(witness.taken) > IN_FLIGHT, seconds=60, what="the first were sent")
        disk.fill()
        house.until(lambda: trouble(node), seconds=90, what="the log told of it")
        figures["when it was full"] = len(witness.taken)
        disk.free()
        own.revive()
        spent = house.until(lambda: house.ended(1), seconds=90, what="the run ended")
        states = house.counts("delivery_delivery")
    figures |= {"states": states, "went on and ended after, s": round(spent, 1)}
    settled_honestly(witness, states)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[Disk, House]]:
    """On SQLite, all of it on a small disk."""
    with small_disk(tmp_path / "small", megabytes=48) as disk, lived_in(furnish("", disk.folder)) as house:
        disk.processes = lambda: [one.process.pid for one in house.nodes]
        (house.folder / "node-0.log").symlink_to(tmp_path / "node-0.log")  # what it says needs room, too
        yield disk, house


@pytest.mark.feature("PRF-21")
def test_no_room_under_sqlite(small: tuple[Disk, House], witness: Mailbox, figures: dict[str, Any]) -> None:
    """In the middle of a run SQLite has no room: nothing is lost or sent twice, and it goes on when there is room."""
    disk, house = small
    witness.pause = 0.2
    node = house.node()
    house.until(node.serving, seconds=90, what="it served")
    house.apply(mail(witness.port) + schedule("news", readers=READERS, policies=PATIENT))
    house.asked(node, "POST", "schedules/news/run", {})
    house.until(lambda: len(witness.taken) > IN_FLIGHT, seconds=60, what="the first were sent")
    house.until(lambda: log_emptied(house), seconds=60, what="the log of changes was emptied")
    disk.fill()
    house.until(lambda: trouble(node), seconds=90, what="the log told of it")
    figures["when it was full"] = len(witness.taken)
    disk.free()
    ended = "select 1 from runs_occurrence where finished_at is not null"
    spent = house.until(lambda: house.select(ended), seconds=90, what="the run ended")
    states = dict(house.select("select state, count(*) from delivery_delivery group by state"))
    figures |= {"states": states, "went on and ended after, s": round(spent, 1)}
    settled_honestly(witness, states)
    assert house.select("pragma integrity_check") == [("ok",)]


def log_emptied(house: House) -> bool:
    """Give the disk back what SQLite keeps of it for its log of changes, and would write over first."""
    with sqlite3.connect(house.folder / "broadsheet.sqlite3", timeout=20) as database:
        [(busy, _, _)] = database.execute("pragma wal_checkpoint(truncate)")
        return not busy


def trouble(node: Node) -> bool:
    """Whether the log says that there is no room."""
    said = node.said()
    return any(words in said for words in ("No space left on device", "disk is full", "File too large"))


def settled_honestly(witness: Mailbox, states: dict[str, int]) -> None:
    """Nobody got it twice; who is said to have it has it; what was on its way in that moment may be unconfirmed."""
    received = {one: times for one, times in witness.by_reader().items() if one.endswith("@readers.example")}
    assert set(received.values()) == {1}
    assert states.get("accepted", 0) + states.get("unconfirmed", 0) == READERS
    assert states.get("unconfirmed", 0) <= IN_FLIGHT * LOOKS
    assert states["accepted"] <= len(received)


def attached(sink: Taken) -> dict[str, int]:
    """Hash and size of each different file that the sink's messages bring."""
    files = [part.get_payload(decode=True) for one in sink.messages() for part in one.walk() if part.get_filename()]
    return {hashlib.sha256(one).hexdigest(): len(one) for one in files if isinstance(one, bytes)}

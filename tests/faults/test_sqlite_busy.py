"""One process owns a SQLite installation, and others write beside it all the time."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from .parts.house import House, furnish, lived_in, mail, schedule
from .parts.mailbox import Mailbox

WRITER = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
while True:
    database.execute("begin immediate")
    database.execute("update schedules_schedule set title = title")
    time.sleep(0.02)
    database.execute("commit")
    time.sleep(0.01)
"""


@pytest.fixture
def small(tmp_path: Path) -> Iterator[House]:
    with lived_in(furnish("", tmp_path, BROADSHEET_LEASE_SECONDS="60")) as made:
        yield made


@pytest.mark.feature("PRF-21")
def test_four_busy_writers(small: House, witness: Mailbox, figures: dict[str, Any], whole: bool) -> None:
    """Four writers: heartbeats on time, and “database is locked” reaches nobody."""
    witness.pause = 0.3
    small.apply(mail(witness.port) + schedule("long", readers=400 if whole else 60))
    node = small.node()
    small.until(node.serving, seconds=60, what="it served")
    file = small.folder / "broadsheet.sqlite3"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(file)]) for _ in range(4)]
    try:
        small.run("run", "long")
        lease = "select (julianday(lease_until) - julianday('now')) * 86400 from runs_occurrence where owner <> ''"
        shortest, slowest, end = 60.0, 0.0, time.monotonic() + (300 if whole else 20)
        while time.monotonic() < end:
            shortest = min([shortest, *(float(left) for (left,) in small.select(lease))])
            begun = time.monotonic()
            assert httpx.get(f"{node.address}/api/readyz", timeout=30).status_code == 200
            slowest = max(slowest, time.monotonic() - begun)
            time.sleep(0.2)
        if not whole:
            small.until(
                lambda: small.select("select 1 from runs_occurrence where state = 'accepted'"),
                seconds=60,
                what="it ended",
            )
    finally:
        for one in writers:
            one.kill()
            one.wait()
    figures |= {"lease left at least, s": round(shortest, 1), "slowest answer, s": round(slowest, 2)}
    assert shortest > 0
    assert "database is locked" not in node.said()
    assert len({one.message_id for one in witness.taken}) == len(witness.taken)

"""One process owns a SQLite installation, and others write beside it all the time."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .parts.house import House, furnish, lived_in, mail, schedule
from .parts.mailbox import Mailbox

LEASE_SECONDS = 60
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
    with lived_in(furnish("", tmp_path, BROADSHEET_LEASE_SECONDS=str(LEASE_SECONDS))) as made:
        yield made


@pytest.mark.feature("PRF-21")
def test_four_busy_writers(small: House, witness: Mailbox, figures: dict[str, Any], whole: bool) -> None:
    """Four writers: heartbeats on time, and “database is locked” reaches nobody."""
    witness.pause = 0.3
    node = small.node()
    small.until(node.serving, seconds=120, what="it served")
    small.apply(mail(witness.port) + schedule("long", readers=400 if whole else 24) + schedule("asked", readers=1))
    file = small.folder / "broadsheet.sqlite3"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(file)]) for _ in range(4)]
    lease = "select (julianday(lease_until) - julianday('now')) * 86400 from runs_occurrence where owner <> ''"
    left, answers, slowest = [float(LEASE_SECONDS)], 0, 0.0
    try:
        small.asked(node, "POST", "schedules/long/run", {})
        end = time.monotonic() + (300 if whole else 8)
        while time.monotonic() < end:
            left += [float(one) for (one,) in small.select(lease)]
            begun = time.monotonic()
            small.asked(node, "POST", "schedules/asked/pause" if answers % 2 else "schedules/asked/resume", {})
            answers, slowest = answers + 1, max(slowest, time.monotonic() - begun)
            time.sleep(0.5)
        ended = "select 1 from runs_occurrence where state = 'accepted'"
        small.until(lambda: small.select(ended), seconds=120, what="it ended beside them")
    finally:
        for one in writers:
            one.kill()
            one.wait()
    figures |= {
        "lease left at least, s": round(min(left), 1),
        "slowest change, s": round(slowest, 2),
        "changes": answers,
    }
    assert min(left) > LEASE_SECONDS / 3  # one heartbeat may be late, and no more
    assert "database is locked" not in node.said()
    assert set(witness.by_reader().values()) == {1}
    assert len(witness.readers()) == (400 if whole else 24)

"""The release before is replaced while its runs are under way."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .parts.house import House, furnish, last_firing, lived_in, mail, schedule
from .parts.mailbox import Mailbox
from .parts.postgres import Server

BEFORE = "05a68c9"  # the release before this one
ROOT = Path(__file__).parents[2]
RUNS, READERS = (5, 20), (6, 10)  # in the short form, and in the whole


@pytest.fixture
def old(database_server: Server, witness: Mailbox, whole: bool, tmp_path: Path) -> Iterator[House]:
    """An installation of the release before with its schedules, whose nodes are of it until told else."""
    code = tmp_path / "before"
    code.mkdir()
    packed = subprocess.run(["git", "-C", ROOT, "archive", BEFORE, "src"], check=True, capture_output=True, timeout=60)
    subprocess.run(["tar", "-x", "-C", code], input=packed.stdout, check=True, timeout=60)
    url = database_server.make(f"upgrade_{tmp_path.name[-8:]}")
    names = [f"s{one}" for one in range(RUNS[whole])]
    more = mail(witness.port) + "".join(schedule(name, readers=READERS[whole]) for name in names)
    with lived_in(furnish(url, tmp_path, more=more, PYTHONPATH=str(code / "src"))) as made:
        yield made


@pytest.mark.feature("PRF-21")
def test_the_release_before_with_runs_in_flight(
    old: House, witness: Mailbox, figures: dict[str, Any], whole: bool
) -> None:
    """Runs in flight over an upgrade: drained or gone on with, none lost, nobody gets two."""
    runs, readers = RUNS[whole], READERS[whole]
    witness.pause = 0.3
    aimed = old.only(
        "select count(*) from information_schema.columns where table_name = 'schedules_schedule' and column_name = 'begin_at'"
    )
    assert aimed == 0  # else this is not the release before
    old.ask("update schedules_schedule set next_fire_at = %s", last_firing())
    before = old.node()
    old.until(lambda: len(witness.taken) >= 4, seconds=60, what="it was sending")
    before.end()
    left = runs - old.only("select count(*) from runs_occurrence where finished_at is not null")
    old.environment["PYTHONPATH"] = str(ROOT / "src")
    old.node()
    old.until(lambda: old.ended(runs), seconds=120, what="all runs ended")
    counts = old.counts("delivery_delivery")
    figures |= {"in flight": left, "states": counts}
    assert left >= 2
    assert counts.get("accepted", 0) + counts.get("unconfirmed", 0) == runs * readers
    assert len({one.message_id for one in witness.taken}) == len(witness.taken) >= counts["accepted"]

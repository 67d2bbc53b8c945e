"""The backup of an hour ago is put back: what ran since waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .parts.house import House, furnish, lived_in, mail, schedule
from .parts.mailbox import Mailbox
from .parts.postgres import Server, dump, restore


@pytest.fixture
def house_of_its_own(database_server: Server, tmp_path: Path) -> Iterator[House]:
    url = database_server.make(f"restored_{tmp_path.name[-8:]}")
    with lived_in(furnish(url, tmp_path)) as made:
        yield made


@pytest.mark.feature("BEY-01")
@pytest.mark.feature("PRF-21")
def test_the_backup_of_an_hour_ago(
    house_of_its_own: House, witness: Mailbox, figures: dict[str, Any], tmp_path: Path
) -> None:
    """Runs inside the lost hour are held, their owner told, and nothing of them is sent until a person says so."""
    house, backup = house_of_its_own, tmp_path / "backup"
    beats = "update runs_beat set minute = minute + interval '{} hour'"
    house.apply(mail(witness.port) + schedule("hourly", readers=2))
    first = house.node()
    house.until(lambda: house.only("select count(*) from runs_beat"), seconds=60, what="it was at work")
    first.end()
    house.due("hourly")
    house.ask(beats.format(-1))  # the backup is an hour old
    dump(house.url, backup)
    house.ask(beats.format(+1))
    second = house.node()
    house.until(lambda: len(witness.readers()) == 2 and house.ended(1), seconds=60, what="the hour's run went out")
    second.end()
    restore(house.url, backup)
    house.node()
    state = "select state, held_for, id from runs_occurrence"
    house.until(lambda: house.ask(state), seconds=60, what="the firing was written again")
    [(now, why, run)] = house.ask(state)
    figures["state"] = now
    assert (now, why, len(witness.readers())) == ("held", "restored", 2)
    assert house.only("select count(*) from collaboration_notification where kind = 'run.held'") == 1
    house.run("release", str(run))
    house.until(lambda: house.ended(1), seconds=60, what="the released run ended")
    assert len(witness.readers()) == 4

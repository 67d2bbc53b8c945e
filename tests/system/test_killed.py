"""A process killed in the middle of a burst: the next one ends the run, nobody gets two, nobody gets none."""

from __future__ import annotations

import os
import signal
from functools import partial
from pathlib import Path
from subprocess import Popen

import pytest

from .conftest import Installation, Witness, kill, wait_until

RUN = ("run", "buyers-monday", "--at", "2026-11-23T13:00:00+00:00", "--wait")
ACCEPTED = "select count(*) from delivery_delivery where state = 'accepted'"


@pytest.mark.feature("BEY-01")
@pytest.mark.feature("PRF-21")
def test_killed_in_mid_run_and_started_again_with_a_server_that_drops_duplicates(fresh: Installation) -> None:
    process = fresh.start(*RUN)
    wait_until(lambda: _made(fresh) >= 5)
    kill(process)
    wait_until(lambda: not _group(process.pid), seconds=15)  # render processes end with their parent
    left = _count(fresh)
    assert left < 40
    told = fresh.json(*RUN)
    assert (told["state"], told["deliveries"]) == ("accepted", {"accepted": 40})
    caught = fresh.select("select recipient, count(*) from delivery_caughtmail group by recipient")
    assert len(caught) == 40
    assert {number for _, number in caught} == {1}


@pytest.mark.feature("PRF-21")
def test_told_to_end_in_mid_run_it_leaves_the_rest_to_the_next_process(fresh: Installation) -> None:
    process = fresh.start(*RUN)
    wait_until(lambda: _made(fresh) >= 1)
    os.kill(process.pid, signal.SIGINT)
    process.wait(timeout=30)
    states = {state for (state,) in fresh.select("select distinct state from delivery_delivery")}
    assert {"due"} <= states <= {"accepted", "due"}
    assert fresh.select("select state, owner, error from runs_occurrence") == [("running", "", "")]
    told = fresh.json(*RUN)
    assert (told["state"], told["deliveries"]) == ("accepted", {"accepted": 40})


@pytest.mark.feature("BEY-01")
@pytest.mark.feature("DLV-26")
def test_what_may_have_arrived_is_listed_and_not_sent_again(fresh: Installation, witness: Witness) -> None:
    fresh.apply(witness.channel())
    for _ in range(2):
        process = fresh.start(*RUN)
        wait_until(partial(_goes_on, process, witness, len(witness.messages) + 4))
        kill(process)
    told = fresh.json(*RUN, status=0 if _all_confirmed(fresh) else 3)
    counts = told["deliveries"]
    assert counts.get("accepted", 0) + counts.get("unconfirmed", 0) == 40
    assert sum(counts.values()) == 40
    received = witness.recipients()
    assert len(received) == len(set(received))
    missing = 40 - len(received)
    assert missing <= counts.get("unconfirmed", 0)


def _goes_on(process: Popen[bytes], witness: Witness, goal: int) -> bool:
    return len(witness.messages) >= goal or process.poll() is not None


def _made(installation: Installation) -> int:
    """How many recipients' files are drawn: it takes long enough to be met in the middle, however busy the machine is."""
    return int(installation.select("select count(*) from runs_slice where state = 'made'")[0][0])


def _count(installation: Installation) -> int:
    return int(installation.select(ACCEPTED)[0][0])


def _all_confirmed(installation: Installation) -> bool:
    """Whether nothing was on its way when the last process was killed."""
    on_the_way = "select count(*) from delivery_delivery where state = 'sending' and handed_over_at is not null"
    unconfirmed = "select count(*) from delivery_delivery where state = 'unconfirmed'"
    return installation.select(on_the_way) == [(0,)] and installation.select(unconfirmed) == [(0,)]


def _group(leader: int) -> list[int]:
    """Living processes of the group that *leader* led."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if os.getpgid(int(folder.name)) == leader and _state(folder) != "Z":
                    found.append(int(folder.name))
            except ProcessLookupError:
                continue
    return found


def _state(folder: Path) -> str:
    try:
        return (folder / "stat").read_text("utf-8").rsplit(") ", 1)[1][0]
    except OSError:
        return "Z"

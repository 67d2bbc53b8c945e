"""A process killed between an event and the run that it starts: the next look writes that run, and writes it once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .conftest import SECONDS, Installation

SCHEDULE = """\
schedule: after-import
report: source-quality
on_event: {event: import.finished}
audience: {people: [{name: Tunde, address: tunde@northlight.example}]}
channels: [{channel: inbox}]
"""
# Dies without a chance to tidy up, after the run's row was written and before anything was committed.
KILLED = """\
import os, signal
from broadsheet.cli.ready import machine_owner, ready
ready()
from datetime import UTC, datetime
from broadsheet.runs.actions import dispatch
from broadsheet.schedules.actions.send_event import send_event
begin = dispatch.begin
def killed(*given, **more):
    begin(*given, **more)
    os.kill(os.getpid(), signal.SIGKILL)
dispatch.begin = killed
send_event(machine_owner(""), "import.finished", key="batch-7", now=datetime.now(UTC))
"""
LOOK = """\
from broadsheet.cli.ready import ready
ready()
from datetime import UTC, datetime
from broadsheet.runs.actions.dispatch import dispatch_due
print(dispatch_due(now=datetime.now(UTC)), dispatch_due(now=datetime.now(UTC)))
"""
STANDS = "select (select count(*) from schedules_event), (select count(*) from schedules_event where dispatched_at is null), (select count(*) from runs_occurrence where kind = 'event')"  # fmt: skip


def python(installation: Installation, text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", text], env=installation.environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )  # fmt: skip


@pytest.mark.feature("SCH-18")
@pytest.mark.feature("BEY-01")
def test_killed_between_event_and_run(fresh: Installation) -> None:
    fresh.apply(SCHEDULE)
    assert python(fresh, KILLED).returncode == -9
    assert fresh.select(STANDS) == [(1, 1, 0)]  # the event is kept, and nothing of what it starts
    look = python(fresh, LOOK)
    assert look.stdout.split() == ["1", "0"], look.stderr
    again = fresh.json("event", "send", "import.finished", "--key", "batch-7")
    assert (again["new"], len(again["started"])) == (False, 1)
    assert fresh.select(STANDS) == [(1, 0, 1)]

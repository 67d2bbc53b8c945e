"""Kill -9 at every step that changes the disk: every event is there once in the end, and never twice on the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.plugins.leadconduit import LeadConduit

ROOT = Path(__file__).resolve().parents[4]


@pytest.mark.feature("BEY-12")
def test_killed_at_every_step_nothing_is_lost_or_doubled(leadconduit: LeadConduit, tmp_path: Path) -> None:
    leadconduit.fill(10)
    script = [sys.executable, "-m", "tests.adapters.engines.leadconduit.dying", leadconduit.base, str(tmp_path)]
    done = subprocess.run(script, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    ids, reports = leadconduit.ids, json.loads(done.stdout)
    assert len(reports) > 40  # pages, parts, their joining, the statistics: it did die on the way
    for step, (after, end) in enumerate(reports, start=1):
        assert sorted(after) == ids[: len(after)], step
        assert len(after) in {0, 4, 8, 10}, step  # whole pages
        assert sorted(end) == ids, step
    assert {len(after) for after, _ in reports} == {0, 4, 8, 10}

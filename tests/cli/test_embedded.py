"""What one process does by itself beside pages and runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.plugins.django import NOW


@pytest.mark.django_db
@pytest.mark.feature("BEY-12")
def test_copies_are_synced_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, leadconduit: Any, ads: Any
) -> None:
    from broadsheet.cli.embedded import embedded
    from broadsheet.runs import scheduler
    from broadsheet.sources.models import SourceCopy

    found: list[Any] = []

    class Idle:
        def __init__(self, *_: object, chores: list[Any], **__: object) -> None:
            found.extend(chores)

        def start(self) -> None:
            pass

        def stop(self) -> None:
            pass

    monkeypatch.setattr(scheduler, "Scheduler", Idle)
    settings.CATCHER_PORT, settings.RENDER_PROCESSES = 0, 1
    leadconduit.fill(3)
    with embedded(tmp_path):
        pass
    for chore in found:
        chore(NOW)
    assert SourceCopy.objects.get(source=ads).rows == 3

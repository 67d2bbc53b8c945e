"""The pictures of states and their tables are drawn from the machines that the code goes by."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from broadsheet.core.lifecycle.machines import MACHINES

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.feature("BEY-01"), pytest.mark.feature("BEY-02")]


@pytest.fixture(scope="module")
def states() -> ModuleType:
    spec = importlib.util.spec_from_file_location("states_script", ROOT / "scripts" / "states.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", MACHINES)
def test_a_picture_fits_its_machine(states: ModuleType, name: str) -> None:
    picture = (ROOT / "docs" / "images" / f"states-{name}.svg").read_text("utf-8")
    assert states.written_in(picture) == states.dot(MACHINES[name]), "Run scripts/states.py"


def test_the_tables_of_events_fit(states: ModuleType) -> None:
    page = (ROOT / "docs" / "reference" / "states.md").read_text("utf-8")
    assert states.filled(page) == page, "Run scripts/states.py"
    for name in MACHINES:
        assert f"../images/states-{name}.svg" in page

"""The size check counts as it says and fails when something is too large."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/sizes.py"


@pytest.fixture
def sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, looking at an empty tree."""
    spec = importlib.util.spec_from_file_location("sizes", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "sizes", module)
    spec.loader.exec_module(module)
    (tmp_path / "src").mkdir()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


def function(*, lines: int) -> str:
    """A function with so many lines, its head included."""
    return "def long():\n" + "    x = 1\n" * (lines - 1)


@pytest.mark.parametrize(("lines", "code"), [(60, 0), (61, 1)])
def test_function_over_limit_fails(sizes: ModuleType, tmp_path: Path, lines: int, code: int) -> None:
    (tmp_path / "src/a.py").write_text(function(lines=lines))
    assert sizes.main() == code


@pytest.mark.parametrize(("lines", "code"), [(400, 0), (401, 1)])
def test_file_over_limit_fails(sizes: ModuleType, tmp_path: Path, lines: int, code: int) -> None:
    (tmp_path / "src/a.css").write_text("\n" * lines)
    assert sizes.main() == code


def test_migrations_and_listed_tables_are_left_out(
    sizes: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "src/migrations").mkdir()
    for name in ("src/migrations/0001_initial.py", "src/table.py"):
        (tmp_path / name).write_text("x = 1\n" * 500)
    monkeypatch.setattr(sizes, "EXCEPTIONS", {"src/table.py": "rows of a table"})
    assert sizes.main() == 0


def test_largest_come_first(sizes: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "src/small.py").write_text("x = 1\n")
    (tmp_path / "src/large.py").write_text("x = 1\n" * 9)
    sizes.main()
    assert capsys.readouterr().out.splitlines()[:3] == [
        "Largest files (limit 400 lines)",
        "     9  src/large.py",
        "     1  src/small.py",
    ]

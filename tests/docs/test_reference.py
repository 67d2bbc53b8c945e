"""What the reference says is what the code does: commands, roles, engines, settings, states, formats, features."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from broadsheet.core.lifecycle import Delivery, Occurrence
from broadsheet.core.policy.roles import ROLES
from broadsheet.reports.ports import FORMATS

from .loading import DOCS, ROOT, script

VARIABLE = re.compile(r"BROADSHEET_[A-Z_]*[A-Z]")
READING = ("src", "scripts", "tests", "benchmarks", "Makefile")


def _named(page: str, *, heading: str = "") -> set[str]:
    """First cells of the page's tables, from *heading* to the next one."""
    text = (DOCS / page).read_text("utf-8")
    if heading:
        text = re.split(r"^## ", text, flags=re.M)[[part.split("\n")[0] for part in re.split(r"^## ", text, flags=re.M)].index(heading)]  # fmt: skip
    return {name for row in re.findall(r"^\| (`[^|]*`) \|", text, re.M) for name in re.findall(r"`([^`]+)`", row)}


def test_the_made_pages_are_current() -> None:
    assert script("reference").stale() == [], "run scripts/reference.py"


def test_a_stale_page_is_told(tmp_path: Path) -> None:
    reference = script("reference")
    for name, make in reference.PAGES.items():
        (tmp_path / name).write_text(make(), "utf-8")
    (tmp_path / "roles.md").write_text("old", "utf-8")
    (tmp_path / "commands.md").unlink()
    assert reference.stale(tmp_path) == ["commands.md", "roles.md"]


def test_every_permission_is_explained() -> None:
    known = set().union(*ROLES.values())
    assert set(script("reference").MEANINGS) == known


def test_every_variable_that_is_read_is_documented() -> None:
    files = [file for place in READING for file in ([ROOT / place] if (ROOT / place).is_file() else (ROOT / place).rglob("*"))]  # fmt: skip
    read = set()
    for file in files:
        if file.is_file() and file.suffix in {".py", ".sh", ""} and "__pycache__" not in file.parts:
            read |= set(VARIABLE.findall(file.read_text("utf-8", errors="replace")))
    assert {name.removesuffix("_FILE") for name in read} - _named("reference/settings.md") == set()


def test_every_documented_variable_is_read() -> None:
    source = "".join(file.read_text("utf-8") for place in ("src", "tests") for file in (ROOT / place).rglob("*.py"))
    assert {
        name for name in _named("reference/settings.md") if VARIABLE.fullmatch(name) and name not in source
    } == set()


def test_every_state_is_explained() -> None:
    assert _named("reference/states.md", heading="Of a delivery: one recipient, one channel") == {*Delivery}
    assert _named("reference/states.md", heading="Of a run: one firing") == {*Occurrence}


def test_every_format_is_explained() -> None:
    assert _named("reference/formats.md") == {*FORMATS.ids()}


def test_every_page_is_in_the_contents() -> None:
    listed = (ROOT / "mkdocs.yml").read_text("utf-8")
    pages = {file.relative_to(DOCS).as_posix() for file in DOCS.rglob("*.md")}
    assert {page for page in pages if f"- {page}\n" not in listed} == set()


def test_every_mark_of_a_test_is_a_row_of_the_specification() -> None:
    features = script("features")
    found = features.marks(ROOT / "tests")
    text = features.page(found)
    assert all(f"| {row} | " in text for row in found)
    assert len(features.specification()) == 234


def test_a_mark_that_names_no_row_is_told(tmp_path: Path) -> None:
    features = script("features")
    mark = "pytest.mark." + "feature"
    (tmp_path / "test_it.py").write_text(f'import pytest\n\n@{mark}("XXX-99")\ndef test_it(): ...\n', "utf-8")
    with pytest.raises(features.UnknownFeature, match=r"test_it\.py:3: “XXX-99”"):
        features.marks(tmp_path, root=tmp_path)


def test_features_name_the_files_that_prove_them() -> None:
    text = script("features").page({"SCH-02": Counter({"tests/b.py": 2, "tests/a.py": 1})})
    assert "| SCH-02 | Weekly schedules | 3 | `tests/a.py`<br>`tests/b.py` |" in text
    assert "Without a test so far: Daily schedules (SCH-01), Monthly schedules (SCH-03)," in text

"""Secrets said outright or in a file; never half of each, and never an empty one in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.variables import VariableUnclear, variable

pytestmark = pytest.mark.feature("PRF-03")
NAME = "BROADSHEET_BROKER_URL"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(NAME, raising=False)
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "broker"))
    return tmp_path / "broker"


def test_nothing_said_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)
    assert variable(NAME) == ""


def test_a_file_counts_without_the_line_end_that_editors_add(file: Path) -> None:
    file.write_text("amqp://rabbit//\n", "utf-8")
    assert variable(NAME) == "amqp://rabbit//"


def test_said_twice_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("amqp://rabbit//", "utf-8")
    monkeypatch.setenv(NAME, "amqp://rabbit//")
    with pytest.raises(VariableUnclear, match="both set"):
        variable(NAME)


@pytest.mark.parametrize(("content", "told"), [(None, "No such file"), (b"\n", "empty"), (b"\xff", "not text")])
def test_a_file_without_a_value_is_refused_and_named(file: Path, content: bytes | None, told: str) -> None:
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(VariableUnclear, match=f"{file}.*{told}"):
        variable(NAME)

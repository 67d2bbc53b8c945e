"""Files that a source may not read: the installation's own, and those outside the operator's roots."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.files import ROOTS, checked_file


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BROADSHEET_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.feature("EXT-20")
@pytest.mark.parametrize("name", ["broadsheet.sqlite3", "keys.json", "artifacts/ab/cd", "sample/../keys.json"])
def test_the_installation_s_own_files_are_no_data(home: Path, name: str) -> None:
    with pytest.raises(QueryRefused, match="belongs to the installation itself"):
        checked_file(home / name)


@pytest.mark.feature("EXT-20")
def test_a_link_out_of_the_data_folder_is_followed_before_it_is_judged(home: Path) -> None:
    (home / "data").mkdir(parents=True)
    (home / "keys.json").write_text("{}")
    (home / "data" / "innocent.csv").symlink_to(home / "keys.json")
    with pytest.raises(QueryRefused):
        checked_file(home / "data" / "innocent.csv")


@pytest.mark.feature("EXT-20")
def test_with_roots_only_what_lies_under_them_is_read(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "elsewhere" / "orders.csv"
    assert checked_file(outside) == outside  # without roots, what the server may read
    monkeypatch.setenv(ROOTS, f"{tmp_path / 'one'}:{tmp_path / 'two'}")
    for allowed in (tmp_path / "one" / "a.csv", tmp_path / "two" / "b" / "c.csv", home / "data" / "d.csv"):
        assert checked_file(allowed) == allowed
    for refused in (outside, tmp_path / "one" / ".." / "x.csv", tmp_path / "onerous" / "a.csv"):
        with pytest.raises(QueryRefused, match=ROOTS):
            checked_file(refused)

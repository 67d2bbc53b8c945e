"""The DuckDB engine reads its own files and nothing else, within its limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.adapters.engines.duckdb import ENGINE
from broadsheet.sources.errors import LimitExceeded, QueryFailed, QueryRefused, Unreachable
from broadsheet.sources.ports import Connection, Limits


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "buyers.csv").write_text("id,name\n1,Grünwald Solar\n2,=cmd\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("hidden", encoding="utf-8")
    return tmp_path


@pytest.fixture
def connection(folder: Path) -> Connection:
    return ENGINE.open({"files": str(folder)}, secrets={}, limits=Limits(seconds=1.0))


def test_each_file_is_a_table(connection: Connection) -> None:
    assert connection.tables() == ("buyers",)
    found = connection.query("select name from buyers where id = $1", [1])
    assert found.column(0).to_pylist() == ["Grünwald Solar"]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('{folder}/notes.txt')",
        "select * from '/etc/passwd'",
        "select * from read_json('{folder}/notes.txt')",
        "select * from read_csv('{folder}/notes.txt')",
        "select * from read_parquet('s3://bucket/x.parquet')",
        "copy buyers to '{folder}/out.csv'",
        "attach '{folder}/x.db'",
        "set enable_external_access = true",
        "set allowed_paths = ['/etc/passwd']",
        "install httpfs",
    ],
)
def test_even_unguarded_sql_reaches_nothing_outside(connection: Connection, folder: Path, sql: str) -> None:
    with pytest.raises((QueryFailed, QueryRefused)):
        connection.query(sql.format(folder=folder), [])
    assert not (folder / "out.csv").exists()


def test_a_slow_query_is_cancelled_and_the_connection_lives_on(connection: Connection) -> None:
    with pytest.raises(LimitExceeded, match="longer than 1 s"):
        connection.query("select count(*) from range(200000) a, range(200000) b where a.range % 7 = b.range % 11", [])
    assert connection.query("select 1 as one", []).column(0).to_pylist() == [1]


def test_an_unknown_column_is_named(connection: Connection) -> None:
    with pytest.raises(QueryRefused, match="colour"):
        connection.query("select colour from buyers", [])


def test_a_conversion_error_does_not_show_the_value(connection: Connection) -> None:
    with pytest.raises(QueryFailed) as caught:
        connection.query("select name::integer from buyers", [])
    assert "Grünwald" not in str(caught.value)
    assert "Grünwald" in caught.value.detail


def test_no_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"No file matches .*Check the folder"):
        ENGINE.open({"files": [str(tmp_path / "*.parquet")]}, secrets={}, limits=Limits())

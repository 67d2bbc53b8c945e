"""Files of each kind become tables with sensible types; hostile ones end in a sentence, quickly."""

from __future__ import annotations

import datetime
import gzip
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from broadsheet.adapters.engines.duckdb import ENGINE
from broadsheet.adapters.sheets import reading
from broadsheet.adapters.sheets.columns import names_of, typed
from broadsheet.sources.errors import LimitExceeded, QueryRefused, SourceError, Unreachable
from broadsheet.sources.ports import Connection, Limits

LEADS = [
    {
        "id": 1,
        "made": "2026-10-01T10:00:00Z",
        "who": {"name": "Ana", "tags": {"deep": {"er": {"still": 1}}}},
        "cost": 1.5,
    },
    {"id": 2, "who": None, "won": True},
]
Open = Callable[..., Connection]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    made: list[Connection] = []

    def open_all(**limits: Any) -> Connection:
        made.append(ENGINE.open({"files": [str(tmp_path)]}, secrets={}, limits=Limits(**limits)))
        return made[-1]

    yield open_all
    for one in made:
        one.close()


def rows(connection: Connection, sql: str) -> list[dict[str, Any]]:
    return connection.query(sql, []).to_pylist()  # type: ignore[no-any-return]


def book(path: Path, **sheets: list[list[Any]]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, lines in sheets.items():
        sheet = made.create_sheet(name.replace("_", " "))
        for line in lines:
            sheet.append(line)
    made.save(path)
    return made


@pytest.mark.parametrize("name", ["leads.json", "leads.ndjson", "leads.jsonl", "leads.json.gz", "leads.NDJSON.GZ"])
def test_json_has_typed_columns_and_keeps_what_is_nested(tmp_path: Path, opened: Open, name: str) -> None:
    text = json.dumps(LEADS) if name.startswith("leads.json") and name[-1] != "l" else "\n".join(map(json.dumps, LEADS))
    data = text.encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.lower().endswith("gz") else data)
    connection = opened()
    assert connection.tables() == ("leads",)
    [first, second] = rows(connection, "select id, made, who.name as who, cost, won from leads order by id")
    assert first == {
        "id": 1, "made": datetime.datetime(2026, 10, 1, 10, tzinfo=datetime.UTC), "who": "Ana", "cost": 1.5, "won": None,
    }  # fmt: skip
    assert (second["who"], second["won"]) == (None, True)
    [deep] = rows(connection, "select json_extract_string(who.tags.deep, '$.er.still') as it from leads where id = 1")
    assert deep == {"it": "1"}


def test_a_packed_csv_is_a_table(tmp_path: Path, opened: Open) -> None:
    (tmp_path / "buyers.csv.gz").write_bytes(gzip.compress(b"id,name\n1,Ana\n"))
    assert rows(opened(), "select * from buyers") == [{"id": 1, "name": "Ana"}]


HOSTILE: dict[str, tuple[str, bytes]] = {
    "cut": ("a.json", b'[{"a":1},{'),
    "deep": ("a.json", b'[{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}]"),
    "not JSON": ("a.ndjson", b"<html>"),
    "not packed": ("a.json.gz", b'[{"a":1}]'),
    "not Parquet": ("a.parquet", b"PAR1 and then nothing"),
    "not Excel": ("a.xlsx", b"id,name\n1,A\n"),
    "protected Excel": ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2000),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_that_is_not_what_it_says_ends_in_a_sentence(tmp_path: Path, opened: Open, case: str) -> None:
    name, data = HOSTILE[case]
    (tmp_path / name).write_bytes(data)
    begun = time.monotonic()
    with pytest.raises(SourceError) as caught:
        rows(opened(), "select * from a")
    assert time.monotonic() - begun < 10
    assert len(str(caught.value)) < 300


def test_a_packed_mountain_ends_at_the_time_limit(tmp_path: Path, opened: Open) -> None:
    with gzip.open(tmp_path / "a.ndjson.gz", "wb", compresslevel=1) as file:
        for _ in range(40):
            file.write(b'{"a":1}\n' * 500_000)
    begun = time.monotonic()
    with pytest.raises(LimitExceeded):
        rows(opened(seconds=0.5), "select count(*) from a x join a y on x.a + 1 > y.a")
    assert time.monotonic() - begun < 8


def test_what_is_too_large_is_not_opened(tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    from broadsheet.adapters.engines.duckdb import engine

    monkeypatch.setattr(engine, "MOST_JSON_BYTES", 10)
    (tmp_path / "a.json").write_text(json.dumps(LEADS))
    with pytest.raises(QueryRefused, match="larger than"):
        opened()


def test_two_files_of_one_name_are_told(tmp_path: Path, opened: Open) -> None:
    (tmp_path / "a.csv").write_text("id\n1\n")
    (tmp_path / "A.json").write_text('[{"id":1}]')
    with pytest.raises(QueryRefused, match="would both be the table"):
        opened()


def test_a_result_that_is_too_large_is_broken_off(tmp_path: Path, opened: Open) -> None:
    (tmp_path / "a.csv").write_text("id\n1\n")
    connection = opened(bytes=1_000_000)
    with pytest.raises(LimitExceeded, match="more than 1 MB"):
        rows(connection, "select * from a, range(10000000)")
    assert rows(connection, "select id from a") == [{"id": 1}]


def test_a_sheet_is_a_table_with_types(tmp_path: Path, opened: Open) -> None:
    day, at = datetime.date(2026, 1, 2), datetime.datetime(2026, 1, 2, 3, 4, 5)
    lines: list[list[Any]] = [
        [],
        ["id", "name", "day", "at", "ok", "price", None, "ID", "mixed", "clock"],
        [1, "=cmd|' /C calc'!A0", day, at, True, 1.5, None, "007", 3, datetime.time(3, 4)],
        [None] * 10,
        [2, None, None, None, False, 2, None, "008", "x", None],
    ]
    path = tmp_path / "leads.xlsx"
    book(path, Only=lines)
    made = openpyxl.load_workbook(path)
    made.active["B3"].data_type = "s"  # a text that looks like a formula
    made.save(path)
    connection = opened()
    assert connection.tables() == ("leads",)
    found = connection.query("select * from leads", [])
    assert found.to_pylist() == [
        {"id": 1, "name": "=cmd|' /C calc'!A0", "day": day, "at": at, "ok": True, "price": 1.5, "ID_2": "007", "mixed": "3", "clock": "03:04:00"},
        {"id": 2, "name": None, "day": None, "at": None, "ok": False, "price": 2.0, "ID_2": "008", "mixed": "x", "clock": None},
    ]  # fmt: skip
    assert found.schema.field("id").type == pa.int64()


def test_formulas_give_what_was_kept_of_them_and_nothing_is_fetched(tmp_path: Path, opened: Open) -> None:
    book(tmp_path / "f.xlsx", S=[["a", "b"], [1, '=WEBSERVICE("http://127.0.0.1:1/")'], [2, "=[other.xlsx]S!A1"]])
    assert rows(opened(), "select * from f") == [{"a": 1, "b": None}, {"a": 2, "b": None}]


def test_several_sheets_are_several_tables_and_hidden_ones_none(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "leads.xlsx"
    made = book(path, Year_2025=[["id"], [1]], Year_2026=[["id"], [2]], Secret=[["id"], [3]], Empty=[])
    made["Secret"].sheet_state = "hidden"
    made.save(path)
    connection = opened()
    assert connection.tables() == ("leads_Year_2025", "leads_Year_2026")
    assert rows(connection, "select * from leads_year_2026") == [{"id": 2}]


def test_a_changed_book_is_read_anew_and_an_unchanged_one_is_not(
    tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "leads.xlsx"
    book(path, S=[["id"], [1]])
    settings = {"files": [str(tmp_path)]}
    first = ENGINE.stamp(settings)
    opened()
    book(path, S=[["id"], [1], [2]])
    assert ENGINE.stamp(settings) != first
    assert rows(opened(), "select count(*) as n from leads") == [{"n": 2}]
    monkeypatch.setattr(reading, "_convert", lambda *_: pytest.fail("read again"))
    opened()


def test_a_cell_far_outside_kills_nobody(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "a.xlsx"
    made = book(path, S=[["id"], [1]])
    made["S"]["XFD1048576"] = 1
    made.save(path)
    with pytest.raises(QueryRefused, match="far outside"):
        opened()
    begun = time.monotonic()
    with pytest.raises(QueryRefused, match="far outside"):
        opened()
    assert time.monotonic() - begun < 0.1  # not tried again


def test_a_book_that_unpacks_to_a_mountain_is_not_opened(tmp_path: Path, opened: Open) -> None:
    with (
        zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as file,
    ):
        for _ in range(1010):
            file.write(b" " * 1_000_000)
    with pytest.raises(QueryRefused, match="unpacks to more than 1 GB"):
        opened()


def test_a_book_that_is_too_large_is_not_opened(tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    book(tmp_path / "a.xlsx", S=[["id"], [1]])
    with pytest.raises(QueryRefused, match="larger than"):
        opened()


def test_entities_that_multiply_are_not_followed(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "a.xlsx"
    book(path, S=[["id"], ["&lol;"]])
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = f"{laughs}]>{sheet}".replace("&amp;lol;", "&j;").encode()
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    begun = time.monotonic()
    try:
        found = str(rows(opened(), "select * from a"))
    except SourceError as error:
        found = str(error)
    assert len(found) < 1000
    assert time.monotonic() - begun < 10


def test_an_empty_book_is_no_table(tmp_path: Path, opened: Open) -> None:
    book(tmp_path / "a.xlsx", S=[["id"]])
    with pytest.raises((Unreachable, QueryRefused)):
        opened()


def test_heads_are_told_apart() -> None:
    assert names_of(["id", "ID", "id", "x"]) == ["id", "ID_2", "id_3", "x"]


@pytest.mark.parametrize(
    ("values", "expected", "kind"),
    [
        ([1.0, None, 2.0], [1, None, 2], pa.int64()),
        ([1.0, 2.5], [1.0, 2.5], pa.float64()),
        ([2.0**60], [2.0**60], pa.float64()),
        ([True, False], [True, False], pa.bool_()),
        ([True, 1.0], ["true", "1"], pa.string()),
        ([datetime.datetime(2026, 1, 2)], [datetime.date(2026, 1, 2)], pa.date32()),
        ([datetime.timedelta(hours=30)], ["30:00:00"], pa.string()),
        ([datetime.date(2026, 1, 2), "soon"], ["2026-01-02", "soon"], pa.string()),
        ([None, None], [None, None], pa.string()),
    ],
)
def test_a_column_has_one_type(values: list[Any], expected: list[Any], kind: pa.DataType) -> None:
    found = typed(values)
    assert (found.to_pylist(), found.type) == (expected, kind)

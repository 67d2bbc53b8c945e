"""The same rows give the same answers from every kind of file, on this machine and in an object store."""

from __future__ import annotations

import datetime
import gzip
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from broadsheet.adapters.engines.duckdb import ENGINE
from broadsheet.core.document.tables import Ask, Grouping
from broadsheet.core.policy import Mask, Reader, RowRule
from broadsheet.sources.answers import Question, answer
from broadsheet.sources.dataset import Dataset, Dimension, Metric
from broadsheet.sources.ports import Limits

NAMES = ("id", "submitted", "buyer_id", "source", "cost")
ROWS = [
    (1, "2026-10-01T03:30:00", "harbor", "SunCompare", 50.0),
    (2, "2026-10-01T15:00:00", "harbor", "Paid search", 0.0),
    (3, "2026-11-01T06:30:00", "harbor", "SunCompare", 52.5),
    (4, "2026-10-01T12:00:00", "verdant", "SunCompare", 40.0),
]
NOW = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
KINDS = ("parquet", "csv", "csv.gz", "json", "ndjson.gz", "xlsx", "s3")


def written(kind: str) -> bytes:
    lines = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
    moments = [line | {"submitted": datetime.datetime.fromisoformat(str(line["submitted"]))} for line in lines]
    into = BytesIO()
    if kind in ("parquet", "s3"):
        pq.write_table(pa.Table.from_pylist(moments), into)
    elif kind == "xlsx":
        book = openpyxl.Workbook()
        book.active.append(NAMES)
        for line in moments:
            book.active.append(list(line.values()))
        book.save(into)
    elif kind.startswith("csv"):
        into.write("\n".join([",".join(NAMES), *(",".join(map(str, row)) for row in ROWS)]).encode())
    else:
        into.write(("\n".join(map(json.dumps, lines)) if "nd" in kind else json.dumps(lines)).encode())
    return gzip.compress(into.getvalue()) if kind.endswith(".gz") else into.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_answers_alike(kind: str, tmp_path: Path, store: Any, store_server: str) -> None:
    if kind == "s3":
        store.create_bucket(Bucket="all-kinds")
        store.put_object(Bucket="all-kinds", Key="events/a.parquet", Body=written(kind))
        settings = {"files": ["s3://all-kinds/events/*.parquet"], "endpoint": store_server, "access_key": "key"}
    else:
        (tmp_path / f"events.{kind}").write_bytes(written(kind))
        settings = {"files": [str(tmp_path)]}
    dimensions = (
        Dimension("submitted", "instant", "When"),
        Dimension("source", "text", "Source", mask=Mask("partial", clear="sees")),
    )
    metrics = (Metric("delivered", "count(*)", "Delivered", "integer"), Metric("cost", "sum(cost)", "Cost", "money"))
    dataset = Dataset(
        name="events",
        sql="select id, submitted, buyer_id, source, cost from events",
        time="submitted",
        dimensions={one.name: one for one in dimensions},
        metrics={one.name: one for one in metrics},
        rows=(RowRule("buyer_id", "buyer_id"),),
    )
    by = (Grouping("submitted", "day"), Grouping("source"))
    ask = Ask("events", metrics=("delivered", "cost"), by=by, zone="America/Chicago")
    reader = Reader("r", "R", attributes={"buyer_id": "harbor", "sees": True})
    connection = ENGINE.open(settings, secrets={"secret_key": "secret"}, limits=Limits())
    try:
        found = answer(
            dataset, [Question("q", ask, reader)], engine=ENGINE, connection=connection, limits=Limits(), as_of=NOW
        )["q"]
    finally:
        connection.close()
    assert sorted(found.rows) == [
        (datetime.date(2026, 9, 30), "SunCompare", 1, 50.0),  # 22:30 in Chicago
        (datetime.date(2026, 10, 1), "Paid search", 1, 0.0),
        (datetime.date(2026, 11, 1), "SunCompare", 1, 52.5),
    ]

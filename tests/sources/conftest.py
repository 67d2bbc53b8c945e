"""A small lead table in Parquet, and the dataset over it that the tests of this folder ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from broadsheet.adapters.engines.duckdb import ENGINE
from broadsheet.core.policy import RowRule
from broadsheet.sources.dataset import Dataset, Dimension, Metric
from broadsheet.sources.ports import Connection, Limits

EVENTS = [
    # id, at (UTC), buyer, source, accepted, cost
    (1, datetime(2026, 10, 1, 3, 30, tzinfo=UTC), "harbor", "SunCompare", True, Decimal("50.00")),
    (2, datetime(2026, 10, 1, 15, 0, tzinfo=UTC), "harbor", "Paid search", False, Decimal("0.00")),
    (3, datetime(2026, 10, 2, 15, 0, tzinfo=UTC), "harbor", "SunCompare", True, Decimal("52.00")),
    (4, datetime(2026, 10, 1, 12, 0, tzinfo=UTC), "verdant", "SunCompare", True, Decimal("40.00")),
    (5, datetime(2026, 10, 3, 12, 0, tzinfo=UTC), "verdant", "Native display", False, Decimal("0.00")),
    (6, datetime(2026, 11, 1, 12, 0, tzinfo=UTC), "bluegum", "Own website", True, Decimal("33.00")),
]


@pytest.fixture(scope="session")
def lead_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("leads")
    names = ("id", "submitted_at", "buyer_id", "source", "accepted", "cost")
    pq.write_table(
        pa.table(dict(zip(names, map(list, zip(*EVENTS, strict=True)), strict=True))), folder / "events.parquet"
    )
    (folder / "secret.txt").write_text("not a table")
    return folder


@pytest.fixture
def connection(lead_folder: Path) -> Iterator[Connection]:
    opened = ENGINE.open({"files": [f"{lead_folder}/*.parquet"]}, secrets={}, limits=Limits(seconds=5))
    yield opened
    opened.close()


@pytest.fixture
def leads() -> Dataset:
    return Dataset(
        name="lead-events",
        sql="select * from events",
        time="submitted_at",
        dimensions={
            "submitted_at": Dimension("submitted_at", "instant", "Submitted"),
            "source": Dimension("source", "text", "Source"),
            "buyer_id": Dimension("buyer_id", "text", "Buyer"),
        },
        metrics={
            "delivered": Metric("delivered", "count(*)", "Leads delivered", "integer", better="up"),
            "accepted_rate": Metric(
                "accepted_rate", "avg(case when accepted then 1.0 else 0 end)", "Accepted rate", "percent"
            ),
            "cost": Metric("cost", "sum(cost)", "Cost", "money", better="down"),
        },
        rows=(RowRule("buyer_id", "buyer_id"),),
    )

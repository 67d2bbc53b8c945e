"""The sample's forty buyers through audience and secured query: each gets their own leads, all of them, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from broadsheet.core.document.tables import Ask, Grouping
from broadsheet.core.policy import RowRule
from broadsheet.sample.leads import generate
from broadsheet.schedules.audience import Defaults, Fields, audience
from broadsheet.sources.answers import Question, answer
from broadsheet.sources.dataset import Dataset, Dimension, Metric
from broadsheet.sources.ports import ENGINES, Connection, Limits

LIMITS = Limits()
FIELDS = Fields(
    "buyer_id", "contact", "email", "language", "zone", "currency", "formats", ("buyer_id", "name", "place")
)
DATASET = Dataset(
    name="lead-events",
    sql="select e.*, b.name as buyer from events e join buyers b using (buyer_id)",
    dimensions={"buyer": Dimension("buyer", "text", "Buyer"), "event_id": Dimension("event_id", "text", "Event")},
    metrics={"delivered": Metric("delivered", "count(*)", "Delivered", "integer")},
    rows=(RowRule("buyer_id", "buyer_id"),),
)


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    folder: Path = tmp_path_factory.mktemp("sample")
    generate(folder, today=date(2026, 11, 23))
    opened = ENGINES.get("duckdb").open({"files": str(folder)}, secrets={}, limits=LIMITS)
    yield opened
    opened.close()


@pytest.mark.feature("DLV-07")
@pytest.mark.feature("DLV-15")
@pytest.mark.feature("BEY-05")
def test_forty_buyers_get_their_own_rows_and_no_others(connection: Connection) -> None:
    rows = connection.query("select * from buyers", []).to_pylist()
    found = audience(rows, FIELDS, defaults=Defaults(), formats=("pdf", "html", "xlsx", "csv"))
    assert (len(found.readers), found.invalid) == (40, ())
    ask = Ask("lead-events", ("delivered",), (Grouping("buyer"), Grouping("event_id")))
    questions = [Question(reader.key, ask, reader) for reader in found.readers]
    answers = answer(
        DATASET, questions, engine=ENGINES.get("duckdb"), connection=connection, limits=LIMITS, as_of=datetime.now(UTC)
    )
    seen: set[str] = set()
    for reader in found.readers:
        table = answers[reader.key]
        assert set(table.values("buyer")) == {reader.attributes["name"]}
        events = {str(event) for event in table.values("event_id")}
        assert len(events) == len(table.rows)
        assert not events & seen
        seen |= events
    [total] = connection.query("select count(*) from events", []).column(0).to_pylist()
    assert len(seen) == total

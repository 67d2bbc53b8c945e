"""One query for many slices, against one slice alone and against a query a slice, as most tools do it.

Method: the sample data (250,000 lead events), leads and cost by source and day of the last closed month, through the
DuckDB engine, warm; the median of five. 1,000 readers are 1,000 buyers made by copying the 40 of the sample with a
number, each with as many rows as the one it was copied from. "One slice" is one unrestricted reader who gets the same
rows in one table: what it costs to ask and hand over so many rows at all. "One small slice" is one of the thousand.
Results go to `benchmarks/results/slices.json` and the screen.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from broadsheet.core.document.tables import Ask, Grouping, Span
from broadsheet.core.policy import Reader, RowRule
from broadsheet.sample.leads import generate
from broadsheet.sources.answers import Question, answer
from broadsheet.sources.dataset import Dataset, Dimension, Metric
from broadsheet.sources.ports import ENGINES, Connection, Limits

TODAY = date(2026, 11, 23)
OCTOBER = Span(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
READERS = 1000
RUNS = 5
LIMITS = Limits(seconds=120, rows=5_000_000)
SQL = f"""
select e.*, e.buyer_id || '-' || copy.number as reader_id, s.name as source
from events e join sources s using (source_id) cross join (values {", ".join(f"({n})" for n in range(25))}) as copy(number)
"""
DATASET = Dataset(
    name="lead-events",
    sql=SQL,
    time="submitted_at",
    dimensions={
        "submitted_at": Dimension("submitted_at", "instant", "Submitted"),
        "source": Dimension("source", "text", "Source"),
        "reader_id": Dimension("reader_id", "text", "Reader"),
    },
    metrics={
        "delivered": Metric("delivered", "count(*)", "Delivered", "integer"),
        "cost": Metric("cost", "sum(cost)", "Cost", "money"),
    },
    rows=(RowRule("reader_id", "reader_id"),),
)
ASK = Ask("lead-events", ("delivered", "cost"), (Grouping("submitted_at", "day"), Grouping("source")), span=OCTOBER)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder), today=TODAY)
        connection = ENGINES.get("duckdb").open({"files": folder}, secrets={}, limits=LIMITS)
        buyers = connection.query("select buyer_id from buyers order by 1", []).column(0).to_pylist()
        readers = [
            Reader(f"{buyer}-{n}", buyer, attributes={"reader_id": f"{buyer}-{n}"})
            for buyer in buyers
            for n in range(25)
        ]
        small = median(lambda: asked(connection, readers[:1]))
        whole = replace(ASK, by=(*ASK.by, Grouping("reader_id")))
        one = median(lambda: asked(connection, [Reader("all", "all", unrestricted=True)], ask=whole))
        all_at_once = median(lambda: asked(connection, readers[:READERS]))
        each = median(lambda: [asked(connection, [reader]) for reader in readers[:40]]) * READERS / 40
        connection.close()
    report(
        {
            "one small slice": small,
            "one slice, same rows": one,
            f"{READERS} slices, one query": all_at_once,
            f"{READERS} slices, a query each": each,
        }
    )


def asked(connection: Connection, readers: Sequence[Reader], *, ask: Ask = ASK) -> None:
    questions = [Question(reader.key, ask, reader) for reader in readers]
    found = answer(
        DATASET, questions, engine=ENGINES.get("duckdb"), connection=connection, limits=LIMITS, as_of=datetime.now(UTC)
    )
    if not all(found[reader.key].rows for reader in readers):
        sys.exit("a reader got no rows: the figures would mean nothing")


def median(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def report(seconds: dict[str, float]) -> None:
    _, one, together, each = seconds.values()
    ratios = {"1,000 slices against one, same rows": together / one, "a query each against one query": each / together}
    for name, value in seconds.items():
        print(f"{name:<40} {value * 1000:10.1f} ms")
    for name, value in ratios.items():
        print(f"{name:<40} {value:10.2f} ×")
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    mine = list(seconds)[2]
    peers = {name: {"seconds": value} for name, value in seconds.items() if name != mine}
    content = {
        "peers": peers,
        "ours": {"seconds": together},
        "ratios": ratios,
        "method": " ".join((__doc__ or "").split("\n\n")[1].split()),
    }
    (results / "slices.json").write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()

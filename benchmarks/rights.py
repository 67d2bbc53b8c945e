"""What rights cost: row policies and masks against the bare query, and answers that were kept.

Method: the sample data (250,000 lead events), leads and cost of one of 40 buyers by source and day of the last closed
month, through the DuckDB engine, warm; the median of fifteen, every variant in turn in each round. "The bare query" is the same
SELECT written by hand with the buyer's condition in it, sent to the same connection: what a person would write who knows
the rule. "A policy on the dataset" puts the condition around the dataset's query, "a rule on the table" inside of it, and "with a mask"
shows another field as a pseudonym as well; each goes all the way from the question to the table for that reader. "A kept answer" is the
second and each further time of the same question, ten thousand times in one thread and in eight.
Results go to `benchmarks/results/rights.json` and the screen.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from broadsheet.core.document.tables import Ask, Grouping, Span
from broadsheet.core.policy import Mask, Reader, RowRule
from broadsheet.sample.leads import generate
from broadsheet.sources.answers import Kept, Question, answer
from broadsheet.sources.cache import Cache
from broadsheet.sources.dataset import Dataset, Dimension, Metric
from broadsheet.sources.ports import ENGINES, Connection, Limits
from broadsheet.sources.secured.securing import rules_of

TODAY = date(2026, 11, 23)
OCTOBER = Span(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
ROUNDS = 15
HITS = 10_000
THREADS = 8
LIMITS = Limits(seconds=120)
SQL = "select e.*, s.name as source from events e join sources s using (source_id)"
BARE = """
select date_trunc('day', e.submitted_at at time zone 'UTC')::date as day, s.name as source, count(*) as delivered, sum(cost) as cost
from events e join sources s using (source_id)
where e.buyer_id = $1 and e.submitted_at >= $2 and e.submitted_at < $3
group by 1, 2 order by 1, 2 limit 1000001
"""
PLAIN = Dataset(
    name="lead-events",
    sql=SQL,
    time="submitted_at",
    dimensions={
        "submitted_at": Dimension("submitted_at", "instant", "Submitted"),
        "source": Dimension("source", "text", "Source"),
        "buyer_id": Dimension("buyer_id", "text", "Buyer"),
    },
    metrics={
        "delivered": Metric("delivered", "count(*)", "Delivered", "integer"),
        "cost": Metric("cost", "sum(cost)", "Cost", "money"),
    },
)
RULE = (RowRule("buyer_id", "buyer_id"),)
ON_DATASET = replace(PLAIN, rows=RULE)
ON_TABLE = replace(PLAIN, tables=rules_of({"events": RULE}))
MASKED = replace(
    ON_DATASET,
    dimensions={**PLAIN.dimensions, "source": replace(PLAIN.dimensions["source"], mask=Mask("hash"))},
)
ASK = Ask("lead-events", ("delivered", "cost"), (Grouping("submitted_at", "day"), Grouping("source")), span=OCTOBER)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder), today=TODAY)
        connection = ENGINES.get("duckdb").open({"files": folder}, secrets={}, limits=LIMITS)
        [[buyer]] = zip(
            *connection.query("select min(buyer_id) as one from buyers", []).to_pydict().values(), strict=True
        )
        reader = Reader(str(buyer), str(buyer), attributes={"buyer_id": buyer})
        variants: dict[str, Callable[[], object]] = {
            "the bare query": lambda: connection.query(BARE, [buyer, OCTOBER.start, OCTOBER.end]).to_pydict(),
            "a policy on the dataset": lambda: asked(connection, ON_DATASET, reader),
            "a rule on the table": lambda: asked(connection, ON_TABLE, reader),
            "a policy on the dataset, with a mask": lambda: asked(connection, MASKED, reader),
        }
        seconds = in_turn(variants)
        kept = Kept("bench", "one", Cache())
        alone = hits(lambda: asked(connection, ON_DATASET, reader, kept=kept), threads=1)
        many = hits(lambda: asked(connection, ON_DATASET, reader, kept=kept), threads=THREADS)
        connection.close()
    report(seconds, {"a kept answer": alone, f"a kept answer, {THREADS} threads": many})


def asked(connection: Connection, dataset: Dataset, reader: Reader, *, kept: Kept | None = None) -> None:
    found = answer(
        dataset, [Question("one", ASK, reader)], engine=ENGINES.get("duckdb"), connection=connection, limits=LIMITS,
        as_of=datetime.now(UTC), kept=kept, salt="salt",
    )  # fmt: skip
    assert found["one"].rows, "the reader got no rows: the figures would mean nothing"


def in_turn(variants: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median seconds of each, measured in rounds so that what else the machine does meets all alike."""
    taken: dict[str, list[float]] = {name: [] for name in variants}
    for number in range(ROUNDS + 1):
        for name, work in variants.items():
            start = time.perf_counter()
            work()
            if number:  # the first round warms up
                taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(some) for name, some in taken.items()}


def hits(work: Callable[[], object], *, threads: int) -> dict[str, float]:
    """Median and 95th percentile of a hit in seconds, and hits a second of all threads together."""
    work()
    taken: list[float] = []

    def many() -> None:
        for _ in range(HITS // threads):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)

    workers = [threading.Thread(target=many) for _ in range(threads)]
    begun = time.perf_counter()
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    whole = time.perf_counter() - begun
    return {
        "median": statistics.median(taken),
        "p95": statistics.quantiles(taken, n=20)[-1],
        "a second": len(taken) / whole,
    }


def report(seconds: dict[str, float], kept: dict[str, dict[str, float]]) -> None:
    bare = seconds["the bare query"]
    ratios = {f"{name} against the bare query": value / bare for name, value in seconds.items() if value != bare}
    for name, value in seconds.items():
        print(f"{name:<45} {value * 1000:10.2f} ms")
    for name, value in ratios.items():
        print(f"{name:<65} {value:6.2f} ×")
    for name, found in kept.items():
        print(f"{name:<45} p95 {found['p95'] * 1e6:8.0f} µs, {found['a second']:10,.0f} a second")
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    content = {
        "peers": {"the bare query": {"seconds": bare}},
        "ours": {name: {"seconds": value} for name, value in seconds.items() if value != bare} | kept,
        "ratios": ratios,
        "method": " ".join((__doc__ or "").split("\n\n")[1].split()),
    }
    (results / "rights.json").write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()

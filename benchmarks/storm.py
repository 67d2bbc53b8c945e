"""The storm of a first day: forty schedules due in one minute, two thousand people in six zones, each with a report of their own.

Method: an installation on a private PostgreSQL that keeps its promises (fsync), driven from outside: one `broadsheet
scheduler`, and one `broadsheet worker` or several as processes of their own. Each of the forty schedules has fifty readers of
its own; each reader's slice is a PDF (figures, a chart, a table) and a CSV file of their own rows out of 200,000, mailed with a
body to Postfix's `smtp-sink`, which takes everything. All forty are due at the beginning of one minute.

Measured, each time in a fresh copy of the installation: how long after that instant the last run's row was written; from it until
the last delivery was accepted ("start to sent"); how late each run began and each delivery was accepted, p50 and p99; and the
processor time that schedulers, workers, their render processes and PostgreSQL took. The sink is the witness: every message
once, and in each CSV file its reader's rows alone.

One machine stands for all: workers share its processors. BENCH_ROUNDS (3) repeats, and the median by "start to sent" is told;
BENCH_READERS (50) a schedule. Results go to `benchmarks/results/storm.json` and the screen.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import psycopg
from personal import cpu
from tests.faults.parts.house import House, environment, lived_in, mail, moved_in
from tests.plugins.postgres import free_port, server
from tests.plugins.smtp_sink import smtp_sink

SCHEDULES = 40
READERS = int(os.environ.get("BENCH_READERS", "50"))  # of each schedule
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
ORDERS = 100  # of each reader
SETTINGS = ((1, 0), (1, 1), (2, 1), (4, 1))  # workers, and render processes of each; 0: as many as there are processors
if said := os.environ.get("BENCH_WORKERS"):
    SETTINGS = tuple((int(one), int(each or 0)) for one, _, each in (pair.partition("x") for pair in said.split(",")))
ZONES = ("America/New_York", "Europe/Berlin", "Asia/Tokyo", "Europe/London", "America/Los_Angeles", "Australia/Sydney")
KEEPS = ("max_connections=200", "shared_buffers=256MB")
PATIENCE = timedelta(seconds=15)  # before the instant, for the processes to be there
BASE = """\
source: shop
engine: duckdb
settings: {files: ["FOLDER/*.parquet"]}
---
dataset: orders
source: shop
sql: select * from orders
time: day
rows: [{column: reader, equals: reader.reader}]
dimensions: {day: date, reader: text, item: text, place: text}
metrics:
  bought: {expression: count(*), kind: integer, label: Orders, better: up}
  spent: {expression: sum(price), kind: money, currency: EUR, label: Spent, better: up}
---
dataset: readers
source: shop
sql: select * from readers
dimensions: {reader: text, name: text, address: text, zone: text, team: text}
---
report: purchases
title: Purchases
subtitle: "{reader.name} · {period}"
filename: "{report}-{reader.key}"
parameters: {period: {kind: period, default: last month}}
data:
  month: {dataset: orders, metrics: [bought, spent], compare: true}
  daily: {dataset: orders, by: [day], metrics: [bought, spent]}
  items: {dataset: orders, by: [reader, item, place], metrics: [bought, spent], order: [-spent]}
blocks:
  - metrics: month
    show: [bought, spent]
  - {chart: line, data: daily, title: Day by day, x: day, series: [{metric: spent}]}
  - table: items
    title: What was bought
    columns: [{column: reader}, {column: item}, {column: place}, {column: bought}, {column: spent}]
    total: All
"""
SCHEDULE = """\
---
schedule: NAME
report: purchases
when: {cron: "* * * * *", from: 2026-01-01, zone: UTC}
audience: {dataset: readers, key: reader, name: name, address: address, zone: zone, attributes: [reader], where: {team: NAME}}
channels: [{channel: mail, formats: [pdf, csv]}]
"""


def names() -> list[str]:
    return [f"team-{number:02}" for number in range(SCHEDULES)]


def write_data(folder: Path) -> None:
    """Two thousand readers, each with as many orders over this month and the two before."""
    import pyarrow as pa
    from pyarrow.parquet import write_table

    people = SCHEDULES * READERS
    today = datetime.now(UTC).date()
    readers = {
        "reader": [f"r{one:05}" for one in range(people)],
        "name": [f"Reader {one}" for one in range(people)],
        "address": [f"r{one:05}@readers.example" for one in range(people)],
        "zone": [ZONES[one % len(ZONES)] for one in range(people)],
        "team": [names()[one % SCHEDULES] for one in range(people)],
    }
    every = range(people * ORDERS)
    orders = {
        "reader": [f"r{one % people:05}" for one in every],
        "day": [today - timedelta(days=one // people * 7 % 90) for one in every],
        "item": [("Atlas", "Novel", "Poems", "Maps", "Essays", "Plays")[one // people * 5 % 6] for one in every],
        "place": [("Austin", "Berlin", "Tokyo", "Leeds")[one // people * 3 % 4] for one in every],
        "price": [round(3 + one * 37 % 4000 / 100, 2) for one in every],
    }
    write_table(pa.table(readers), folder / "readers.parquet")
    write_table(pa.table(orders), folder / "orders.parquet")


def furnish(url: str, folder: Path) -> House:
    """The installation that each round copies; nothing in it is due."""
    data = folder / "shop"
    data.mkdir(parents=True)
    write_data(data)
    made = House(folder / "home", environment(folder / "home", url, BROADSHEET_LEASE_SECONDS="60"))
    made.json("user", "add", "olga@shop.example", "--name", "Olga", "--new-organization", "Shop")
    made.apply(BASE.replace("FOLDER", str(data)))
    made.apply(mail(25) + "".join(SCHEDULE.replace("NAME", one) for one in names()))
    made.ask("update schedules_schedule set paused_at = now()")
    return made


def storm(model: House, folder: Path, *, admin: str, workers: int, renders: int) -> dict[str, Any]:
    """One round in a copy of *model*."""
    name = folder.name.replace("-", "_")
    with psycopg.connect(admin, autocommit=True) as database:
        database.execute(f'CREATE DATABASE "{name}" TEMPLATE model')
    url, database_server = admin.rpartition("/")[0] + f"/{name}", cpu.postmaster(admin)
    port = free_port()
    house = moved_in(model, folder, url=url, BROADSHEET_RENDER_PROCESSES=str(renders))
    house.apply(mail(port))
    with smtp_sink(folder / "sink", port) as sink, lived_in(house):
        nodes = [house.node("scheduler"), *(house.node("worker") for _ in range(workers))]
        at = _aimed(house)
        for node, word in zip(nodes, ("Firing", *["Working"] * workers), strict=True):
            house.until(lambda node=node, word=word: word in node.said(), seconds=60, what="all processes were there")
        before = _processor_seconds(nodes, database_server)
        assert datetime.now(UTC) < at, "the processes were not there in time; the machine does too much else"
        house.until(
            lambda: house.only("select count(*) from runs_occurrence") == SCHEDULES, seconds=120, what="all fired"
        )
        house.ask("update schedules_schedule set paused_at = now()")
        house.until(lambda: house.ended(SCHEDULES), seconds=1800, what="all runs ended", each=0.25)
        after = _processor_seconds(nodes, database_server)
        _witnessed(sink)
        used = {name: round(seconds - before[name], 1) for name, seconds in after.items()}
        return {**_told(house), "processor seconds": used, "processor ms a delivery": _each(used)}


def _aimed(house: House) -> datetime:
    """The beginning of a minute for which all are aimed."""
    at = (datetime.now(UTC) + PATIENCE + timedelta(minutes=1)).replace(second=0, microsecond=0)
    house.ask("update schedules_schedule set paused_at = null, next_fire_at = %s, begin_at = %s", at, at)
    return at


def _witnessed(sink: Any) -> None:
    """Every reader once, and in each file their own rows alone."""
    messages = sink.messages()
    assert len(messages) == SCHEDULES * READERS, f"{len(messages)} messages"
    assert len({one["Message-ID"] for one in messages}) == len(messages), "a message came twice"
    for message in messages:
        reader = str(message["X-Rcpt-Args"]).strip("<>").partition("@")[0]
        [file] = [part for part in message.walk() if part.get_content_type() == "text/csv"]
        rows = file.get_payload(decode=True).decode("utf-8-sig").splitlines()
        mine = [row for row in rows if row.startswith(f"{reader},")]
        others = [row for row in rows if row.startswith("r0") and row not in mine]
        assert mine and not others, f"{reader} got {len(mine)} rows of theirs and {len(others)} of others"


def _told(house: House) -> dict[str, Any]:
    states = house.counts("delivery_delivery")
    assert states == {"accepted": SCHEDULES * READERS}, states
    since = "extract(epoch from {} - fire_at)::float"
    [(rows, last)] = house.ask(
        f"select max({since.format('created_at')}), max({since.format('finished_at')}) from runs_occurrence"
    )
    begun = [one for (one,) in house.ask(f"select {since.format('begun_at')} from runs_occurrence order by 1")]
    sent = [one for (one,) in house.ask(
        f"select {since.format('d.settled_at')} from delivery_delivery d join runs_occurrence o on o.id = d.occurrence_id order by 1"
    )]  # fmt: skip
    return {
        "rows written, s": round(rows, 2), "start to sent, s": round(max(sent), 1), "ended, s": round(last, 1),
        "deliveries a second": round(len(sent) / max(sent), 1),
        "run begins late, s": _quantiles(begun), "delivery late, s": _quantiles(sent),
    }  # fmt: skip


def _each(used: dict[str, float]) -> int:
    return round(sum(used.values()) * 1000 / (SCHEDULES * READERS))


def _quantiles(found: list[float]) -> dict[str, float]:
    return {"p50": round(statistics.median(found), 1), "p99": round(found[int(len(found) * 0.99)], 1)}


def _processor_seconds(nodes: list[Any], server: int) -> dict[str, float]:
    scheduler, *workers = (node.process.pid for node in nodes)
    of_workers = sum(map(cpu.own, workers))
    return {
        "scheduler": round(cpu.seconds({scheduler}), 1),
        "workers": round(of_workers, 1),
        "drawing": round(cpu.seconds(set(workers)) - of_workers, 1),
        "PostgreSQL": round(cpu.seconds({server}), 1),
    }


def main() -> None:
    results: dict[str, list[dict[str, Any]]] = {}
    with ExitStack() as stack:
        admin = stack.enter_context(server(KEEPS))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="broadsheet-storm-")))
        with psycopg.connect(admin, autocommit=True) as database:
            database.execute("CREATE DATABASE model")
        model = furnish(admin.rpartition("/")[0] + "/model", folder / "model")
        for number in range(ROUNDS):
            for workers, renders in SETTINGS:
                named = f"{workers} × {renders or os.cpu_count()}"
                found = storm(
                    model, folder / f"storm-{number}-{workers}-{renders}", admin=admin, workers=workers, renders=renders
                )
                results.setdefault(named, []).append(found)
                print(named, json.dumps(found), flush=True)
    report(results)


def report(results: dict[str, list[dict[str, Any]]]) -> None:
    middle = {
        name: sorted(found, key=lambda one: one["start to sent, s"])[len(found) // 2] for name, found in results.items()
    }
    told = {
        "schedules": SCHEDULES,
        "readers": SCHEDULES * READERS,
        "rounds": ROUNDS,
        "workers × render processes": middle,
    }
    out = Path(__file__).parent / "results" / "storm.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(json.dumps(told, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()

"""A million schedules, ten thousand due at once, two schedulers; then workers that claim what is due.

Method: a private PostgreSQL that keeps its promises (fsync, WAL), 1,000,000 schedules of rules that real ones have (times
of day, weekdays, months, six zones), of which 10,000 are due at one instant and the rest later. Two processes wait at a
barrier and then fire until nothing is due, as `broadsheet scheduler` does. Measured: from the barrier until the last
occurrence is committed, rows (each exactly once), and how far each process's memory grew over the five rounds; between
rounds the same schedules are made due again for the next day. Then four processes claim 2,000 of those runs, as workers
do, each ending what it took at once: claims a second. Beside each figure stands the processor time that it took, with the
database's, which says the same on a machine that does other work as well.

Peers fire in the same run and on the same server (`peers/scheduling.py` says how): APScheduler 3 with its SQLAlchemy store, and
celery-beat with django-celery-beat's store, with 20,000 schedules of which 1,000 are due, since they take long over more. They
write no row for a firing and say nothing of those missed; two of them at one store fire twice.

BENCH_SCHEDULES, BENCH_DUE, BENCH_ROUNDS change the numbers. Results go to `benchmarks/results/scheduler.json` and the screen.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import psycopg
from personal import cpu
from tests.plugins.postgres import server

SCHEDULES = int(os.environ.get("BENCH_SCHEDULES", "1000000"))
DUE = int(os.environ.get("BENCH_DUE", "10000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
CLAIMS = DUE // 5
PEER_SCHEDULES, PEER_DUE = min(SCHEDULES, 20_000), min(DUE, 1_000)
SCHEDULERS, WORKERS = 2, 4
NINE = datetime(2026, 11, 23, 14, tzinfo=UTC)  # 09:00 in New York
ZONES = ("America/New_York", "Europe/Berlin", "Asia/Tokyo", "Europe/London", "America/Los_Angeles", "Australia/Sydney")
KEEPS = ("max_connections=60", "shared_buffers=1GB", "max_wal_size=4GB")
AUDIENCE = {"people": [{"name": "Ada", "address": "ada@harbour.example", "attributes": {"buyer_id": 1}}]}
context = multiprocessing.get_context("spawn")


def ready() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.config.settings"
    django.setup()


def rule(number: int) -> dict[str, Any]:
    """Of the due ones every day at nine in New York; of the others one of many kinds."""
    if number < DUE:
        return {"every": "day", "at": "09:00", "zone": ZONES[0]}
    at, zone = f"{number % 24:02}:{number // 24 % 12 * 5:02}", ZONES[number % len(ZONES)]
    kinds = (
        {"every": "day"},
        {"every": "weekday"},
        {"every": "week", "on": ["mon"]},
        {"every": "month", "on": [number % 28 + 1]},
    )
    return {**kinds[number % len(kinds)], "at": at, "zone": zone}


KINDS = 288  # patterns of the rows that are not due: after so many of them rules repeat


def fill() -> None:
    """Organization, report and schedules: one row of each pattern by Django, the others from it by the database itself."""
    from django.db import connection

    from broadsheet.access.models import Organization
    from broadsheet.reports.models import Report
    from broadsheet.schedules.models import Schedule

    organization = Organization.objects.create(name="Northlight", slug="northlight", zone="UTC", created_at=NINE)
    report = Report.objects.create(
        organization=organization, name="purchases", title="Purchases", latest=1, updated_at=NINE
    )
    patterns = [
        Schedule(
            organization=organization, name=f"pattern-{number}", title="Purchases", report=report,
            definition={"report": "purchases", "when": rule(number), "audience": AUDIENCE, "channels": [{"channel": "mail"}]},
            created_at=NINE, updated_at=NINE,
        )
        for number in (0, *range(DUE, DUE + KINDS))
    ]  # fmt: skip
    first, *others = Schedule.objects.bulk_create(patterns)
    later = NINE + timedelta(days=30)
    with connection.cursor() as cursor:
        _multiply(cursor, [first.pk], "%s::timestamptz", NINE, DUE)
        _multiply(
            cursor,
            [one.pk for one in others],
            "(%s::timestamptz + (n %% 86400) * interval '1 second')",
            later,
            SCHEDULES - DUE,
        )
        cursor.execute("DELETE FROM schedules_schedule WHERE name LIKE 'pattern-%'")
        cursor.execute("VACUUM ANALYZE schedules_schedule")


def _multiply(cursor: Any, patterns: list[int], at: str, begins: datetime, number: int) -> None:
    """*number* schedules in turn from *patterns*, their next firing the SQL of *at*, in which n counts them."""
    from broadsheet.schedules.models import Schedule

    own = {"name": "'schedule-' || %s || '-' || n", "next_fire_at": at, "begin_at": at}
    columns = [one.column for one in Schedule._meta.concrete_fields if not one.primary_key]
    chosen = ", ".join(own.get(one, one) for one in columns)
    cursor.execute(
        f"INSERT INTO schedules_schedule ({', '.join(columns)}) SELECT {chosen} FROM generate_series(0, %s) AS n"
        " JOIN schedules_schedule ON id = (%s::bigint[])[n %% %s + 1]",
        [
            *(patterns[0] if one == "name" else begins for one in columns if one in own),
            number - 1,
            patterns,
            len(patterns),
        ],
    )


def schedules(barrier: Any, told: Any, rounds: int) -> None:
    ready()
    from broadsheet.runs.actions.fire import fire_due

    for number in range(rounds):
        now = NINE + timedelta(days=number, seconds=1)
        barrier.wait()
        begun = time.perf_counter()
        while fire_due(now=now):
            pass
        told.put((time.perf_counter() - begun, megabytes()))
        barrier.wait()


def works(barrier: Any, told: Any) -> None:
    ready()
    from broadsheet.runs import claims

    now, taken = datetime.now(UTC), 0
    claims.claim(owner="", now=now - timedelta(days=999))  # opens its connection
    barrier.wait()
    barrier.wait()
    begun = time.perf_counter()
    while taken < CLAIMS // WORKERS and (one := claims.claim(owner=f"bench:{os.getpid()}:x", now=now)) is not None:
        claims.write(one, state="accepted", finished_at=now, lease_until=None, owner="")
        taken += 1
    told.put((taken, time.perf_counter() - begun))
    barrier.wait()  # what it used can be read while it is there


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fired(database: int) -> dict[str, Any]:
    from broadsheet.runs.models import Occurrence

    barrier, told = context.Barrier(SCHEDULERS + 1), context.Queue()
    processes = [context.Process(target=schedules, args=(barrier, told, ROUNDS)) for _ in range(SCHEDULERS)]
    for one in processes:
        one.start()
    seconds, memory, busy = [], [], []
    roots = {*(one.pid or 0 for one in processes), database}
    for number in range(ROUNDS):
        before = cpu.seconds(roots)
        barrier.wait()
        both = [told.get() for _ in processes]
        busy.append(cpu.seconds(roots) - before)
        seconds.append(max(one[0] for one in both))
        memory.append(max(one[1] for one in both))
        rows = Occurrence.objects.filter(fire_at=NINE + timedelta(days=number)).count()
        assert rows == DUE, f"{rows} rows instead of {DUE}"
        barrier.wait()
    for one in processes:
        one.join()
    return {
        "seconds": [round(one, 2) for one in seconds], "megabytes": [round(one) for one in memory],
        "processor seconds, with the database": [round(one, 1) for one in busy],
    }  # fmt: skip


def claimed(database: int) -> dict[str, Any]:
    from broadsheet.runs.models import Occurrence

    Occurrence.objects.filter(fire_at__lt=NINE + timedelta(days=ROUNDS - 1)).delete()
    barrier, told = context.Barrier(WORKERS + 1), context.Queue()
    processes = [context.Process(target=works, args=(barrier, told)) for _ in range(WORKERS)]
    for one in processes:
        one.start()
    barrier.wait()
    roots = {*(one.pid or 0 for one in processes), database}
    before = cpu.seconds(roots)
    barrier.wait()
    each = [told.get() for _ in processes]
    busy = cpu.seconds(roots) - before
    barrier.wait()
    for one in processes:
        one.join()
    taken, seconds = sum(one[0] for one in each), max(one[1] for one in each)
    assert taken == CLAIMS, f"{taken} claims of {CLAIMS}"
    return {
        "workers": WORKERS, "claims": taken, "seconds": round(seconds, 2), "a second": round(taken / seconds),
        "processor ms each, with the database": round(busy * 1000 / taken, 1),
    }  # fmt: skip


def peers(address: str) -> dict[str, Any]:
    """What others take to fire, each in a process and a database of its own."""
    here = Path(__file__).parent
    found = {}
    for name in ("apscheduler", "celery_beat"):
        with psycopg.connect(address, autocommit=True) as database:
            database.execute(f"CREATE DATABASE {name}")
        url = address.rpartition("/")[0] + f"/{name}"
        command = [sys.executable, here / "peers" / "scheduling.py", name, url, str(PEER_SCHEDULES), str(PEER_DUE)]
        environment = {**os.environ, "PEER_DATABASE_URL": url, "PYTHONPATH": str(here)}
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        found[name] = json.loads(done.stdout)
        print(name, done.stdout, flush=True)
    return {"schedules": PEER_SCHEDULES, "due": PEER_DUE, **found}


def main() -> None:
    with server(KEEPS) as address, tempfile.TemporaryDirectory() as home:
        os.environ.update(
            BROADSHEET_DATABASE_URL=address, BROADSHEET_HOME=home, BROADSHEET_SECRET_KEY=secrets.token_urlsafe(50)
        )
        ready()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        database, begun = cpu.postmaster(address), time.perf_counter()
        fill()
        print(f"{SCHEDULES:,} schedules written in {time.perf_counter() - begun:.0f} s", flush=True)
        result = {
            "schedules": SCHEDULES,
            "due": DUE,
            "schedulers": SCHEDULERS,
            "fired": fired(database),
            "claimed": claimed(database),
        }
        print(json.dumps(result["fired"]), json.dumps(result["claimed"]), flush=True)
    print(json.dumps(result, indent=1))
    out = Path(__file__).parent / "results" / "scheduler.json"
    out.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

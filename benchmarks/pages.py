"""What pages cost where much has run: 100,000 runs and 1,000,000 deliveries of one organization, on PostgreSQL.

Method: an installation with 200 schedules, whose last 500 firings each have a run, a slice and ten deliveries; one in fifty failed,
some wait and sleep. Its owner opens each page again and again in this process (no network, the database on loopback):
the server's own time for a page, p50 and p95 of BENCH_TIMES (20), after one that is not counted; and how many statements it asked.

BENCH_RUNS changes the number of runs. Results go to `benchmarks/results/pages.json` and the screen.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import psycopg
from tests.faults.parts.house import OWNER, furnish, mail, schedule
from tests.plugins.postgres import server

RUNS = int(os.environ.get("BENCH_RUNS", "100000"))
TIMES = int(os.environ.get("BENCH_TIMES", "20"))
SCHEDULES, EACH = 200, 10
KEEPS = ("max_connections=60", "shared_buffers=512MB", "max_wal_size=4GB")
PAGES = (
    "/", "/schedules/", "/deliveries/", "/deliveries/?state=failed", "/deliveries/?schedule=s7", "/operations/",
    "/operations/health/", "/operations/limits/", "/operations/load/", "/schedules/s7/", "/runs/{run}/", "/metrics",
    "/api/v1/runs", "/api/v1/runs?schedule=s7", "/api/v1/deliveries",
)  # fmt: skip
FILL = """
insert into schedules_schedule (COLUMNS) select CHOSEN from schedules_schedule, generate_series(1, %(schedules)s - 1) as n;
create temporary table firing as
 select gen_random_uuid() as id, n, s.id as schedule_id, s.organization_id, s.definition,
  date_trunc('hour', now()) - make_interval(mins => 7 * (n / %(schedules)s) + (n %% 7)) as at,
  case when n < 40 then 'due' when n < 60 then 'running' when n < 80 then 'held' when n %% 50 = 0 then 'failed' else 'accepted' end as state
 from generate_series(0, %(runs)s - 1) as n join (select *, row_number() over (order by id) - 1 as k from schedules_schedule) s
 on s.k = n %% %(schedules)s;
insert into runs_occurrence (OCCURRENCE) select OF_FIRING from runs_occurrence o, firing f where o.id = %(model)s;
create temporary table part as select gen_random_uuid() as key, id, at, state, n from firing;
insert into runs_slice (SLICE) select OF_PART from runs_slice s, part where s.occurrence_id = %(model)s;
insert into delivery_delivery (DELIVERY) select OF_SENT from delivery_delivery d,
 (select f.*, sl.id as slice from firing f join runs_slice sl on sl.occurrence_id = f.id) f, generate_series(1, %(each)s) as r
 where d.occurrence_id = %(model)s;
"""


def columns(database: Any, table: str, own: dict[str, str], alias: str) -> tuple[str, str]:
    """The columns of *table* but a number for its key, and what each is in the rows to be made: its own, else the model's."""
    rows = database.execute(
        "select column_name, is_identity from information_schema.columns where table_name = %s", [table]
    )
    names = [name for name, identity in rows if identity == "NO"]
    return ", ".join(names), ", ".join(own.get(one, f"{alias}.{one}") for one in names)


def fill(url: str) -> str:
    """Rows by the database itself, after the model of the one run that is there; the key of one of them."""
    ended = "case when f.state in ('accepted', 'failed') then f.at + interval '1 minute' end"
    occurrence = {
        "id": "f.id", "schedule_id": "f.schedule_id", "fire_at": "f.at", "state": "f.state", "created_at": "f.at",
        "finished_at": ended, "turn_at": "f.at", "begun_at": "f.at", "planned_at": "f.at", "made_at": ended,
        "wake_at": "case when f.state = 'running' and n % 2 = 0 then now() + interval '1 hour' end", "deadline_at": "f.at + interval '9 hours'",
    }  # fmt: skip
    sent = {
        "id": "gen_random_uuid()", "occurrence_id": "f.id", "slice_id": "f.slice", "recipient_key": "'r' || r",
        "recipient_name": "'Reader ' || r", "settled_at": ended, "state": "f.state", "message_id": "f.id || '.' || r",
        "address": "'r' || r || '@readers.example'",
    }  # fmt: skip
    sent["state"] = "case f.state when 'running' then 'retrying' else f.state end"
    with psycopg.connect(url, autocommit=True) as database:
        [model] = database.execute("select id from runs_occurrence limit 1").fetchone() or [None]
        text = FILL
        for table, own, alias, names in (
            ("schedules_schedule", {"name": "'s' || n", "title": "'Schedule ' || n"}, "schedules_schedule", ("COLUMNS", "CHOSEN")),
            ("runs_occurrence", occurrence, "o", ("OCCURRENCE", "OF_FIRING")),
            ("runs_slice", {"occurrence_id": "part.id", "key": "md5(part.key::text)", "made_at": "part.at"}, "s", ("SLICE", "OF_PART")),
            ("delivery_delivery", sent, "d", ("DELIVERY", "OF_SENT")),
        ):  # fmt: skip
            for name, found in zip(names, columns(database, table, own, alias), strict=True):
                text = text.replace(f"({name})", f"({found})").replace(f"select {name} ", f"select {found} ")
        values = {"schedules": SCHEDULES, "runs": RUNS, "each": EACH, "model": model}
        for statement in text.split(";\n"):
            if statement.strip():
                escaped = statement.replace("% 2", "%% 2")
                psycopg.ClientCursor(database).execute(escaped, values)
        database.execute("vacuum analyze")
        [run] = database.execute(
            "select id from runs_occurrence where state = 'accepted' order by fire_at desc limit 1"
        ).fetchone() or [""]
    return str(run)


def measured(ask: Callable[[], Any]) -> dict[str, Any]:
    from django.db import connection, reset_queries

    ask()
    reset_queries()
    response = ask()
    statements = sorted(connection.queries, key=lambda one: -float(one["time"]))
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        response = ask()
        took.append((time.perf_counter() - begun) * 1000)
    assert response.status_code == 200, response.status_code
    took.sort()
    told = {
        "p50, ms": round(took[len(took) // 2]),
        "p95, ms": round(took[int(len(took) * 0.95)]),
        "statements": len(statements),
    }
    if os.environ.get("BENCH_SLOWEST"):
        told["slowest"] = [(one["time"], one["sql"][:1500]) for one in statements[:3]]
    return told


def opened(run: str, token: str) -> dict[str, Any]:
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from broadsheet.access.models import User

    settings.DEBUG = bool(os.environ.get("BENCH_SLOWEST"))
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(User.objects.get(email=OWNER), backend="django.contrib.auth.backends.ModelBackend")
    api = Client(headers={"Authorization": f"Bearer {token}"})
    found = {}
    for page in PAGES:
        who = api if page.startswith(("/api", "/metrics")) else client
        found[page] = measured(lambda page=page, who=who: who.get(page.format(run=run)))
        print(page, json.dumps(found[page]), flush=True)
    return found


def main() -> None:
    with ExitStack() as stack:
        admin = stack.enter_context(server(KEEPS))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="broadsheet-pages-")))
        house = furnish(admin, folder)
        house.apply(mail(9) + schedule("s0"))
        house.run("run", "s0", status=3)  # nobody takes the mail; the rows are what is wanted
        token = house.token()
        run = fill(admin)
        os.environ.update({**house.environment, "BROADSHEET_METRICS_TOKEN": token})
        os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.config.settings"
        told = {"runs": RUNS, "deliveries": RUNS * EACH, "pages": opened(run, token)}
    out = Path(__file__).parent / "results" / "pages.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

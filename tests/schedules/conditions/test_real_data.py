"""Probes and figures over real data, in DuckDB and in PostgreSQL, with moments, dates and numerics of each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.operations.definitions.apply import apply
from broadsheet.schedules.conditions.figures import figure
from broadsheet.schedules.conditions.readiness import look
from broadsheet.schedules.conditions.readiness_definition import Readiness
from broadsheet.schedules.conditions.threshold_definition import OnlyIf
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.sources.actions.probe import count, newest
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.models import Source

pytestmark = pytest.mark.django_db
ZONE = "America/New_York"
LAST = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)  # 22:30 on the 23rd in New York
# 20 visits a day for ten weeks up to the 23rd, 5 on Sundays; on Thursday the 19th 90; each worth 1.5.
ROWS = """
select day + interval '17 hours' as seen, 1.5 as worth, 'web' as kind
from (select generate_series as day from generate_series(timestamp '2026-09-15', timestamp '2026-11-23', interval '1 day')) days,
     (select generate_series as n from generate_series(1, 90)) numbers
where n <= case when extract(dow from day) = 0 then 5 when day = timestamp '2026-11-19' then 90 else 20 end
union all select timestamp '2026-11-24 03:30', 1.5, 'shop'
union all select timestamp '2099-01-01 00:00', 1.5, 'slip'
"""
DATASETS = """
dataset: visits
source: house
sql: select * from visits
time: seen
dimensions: {seen: instant, kind: text}
metrics: {visits: count(*), worth: sum(worth), kinds: count(distinct kind)}
---
dataset: days
source: house
sql: select cast(seen as date) as day, worth from visits where kind <> 'shop'
time: day
dimensions: {day: date}
metrics: {worth: sum(worth)}
---
dataset: stamped
source: house
sql: select * from visits where kind = 'web'
time: seen
as_of: max(seen)
dimensions: {seen: instant}
metrics: {visits: count(*)}
"""


@pytest.fixture(params=["duckdb", "postgresql"])
def house(request: Any, tmp_path: Path, organization: Any) -> Iterator[int]:
    """The organization, with the visits in one of the two."""
    if request.param == "duckdb":
        with duckdb.connect() as made:
            made.execute("set timezone = 'UTC'")
            made.execute(f"copy (select seen::timestamptz as seen, worth::decimal(9, 2) as worth, kind from ({ROWS})) to '{tmp_path}/visits.parquet'")  # fmt: skip
        source = f"source: house\nengine: duckdb\nsettings: {{files: ['{tmp_path}/*.parquet']}}\n"
        cleanup = ""
    else:
        address = request.getfixturevalue("postgres_server")
        parts = conninfo_to_dict(address)
        with psycopg.connect(address, autocommit=True) as owner:
            owner.execute("drop table if exists public.visits")
            owner.execute(f"create table public.visits as select seen at time zone 'UTC' as seen, worth, kind from ({ROWS}) as r")  # fmt: skip
        source = (
            f"source: house\nengine: postgresql\nsettings: {{host: 127.0.0.1, port: {parts['port']}, "
            f"database: {parts['dbname']}, user: {parts['user']}, sslmode: disable}}\n"
        )
        cleanup = address
    apply(system_actor(organization.pk), {"house.yaml": f"{source}---\n{DATASETS}"}, now=NOW)
    yield organization.pk
    if cleanup:
        with psycopg.connect(cleanup, autocommit=True) as owner:
            owner.execute("drop table public.visits")


@pytest.mark.feature("SCH-16")
def test_up_to_when_data_goes(house: int) -> None:
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)

    # what is dated 2099 is a slip: it makes nothing fresh
    assert newest(house, "visits", now=now, zone=ZONE) == LAST
    assert newest(house, "stamped", now=now, zone=ZONE) == datetime(2026, 11, 23, 17, tzinfo=UTC)
    # the last day is the 23rd, and counts to its end in New York
    assert newest(house, "days", now=now, zone=ZONE) == datetime(2026, 11, 24, 5, tzinfo=UTC)
    assert newest(house, "days", now=LAST, zone=ZONE) == LAST  # which is still to come then
    assert newest(house, "visits", now=datetime(2026, 1, 1, tzinfo=UTC), zone=ZONE) is None
    with pytest.raises(QueryRefused, match="There is no dataset “nothing”"):
        newest(house, "nothing", now=now, zone=ZONE)


@pytest.mark.feature("SCH-16")
def test_rows_of_a_period(house: int) -> None:
    from broadsheet.core.document.tables import Filter, Span

    monday = Span(datetime(2026, 11, 23, 5, tzinfo=UTC), datetime(2026, 11, 24, 5, tzinfo=UTC))  # in New York
    counted = {
        "all": count(house, "visits", monday, (), now=NOW, zone=ZONE),
        "shop": count(house, "visits", monday, (Filter("kind", "=", "shop"),), now=NOW, zone=ZONE),
        "on a date": count(house, "days", None, (Filter("day", "=", "2026-11-22"),), now=NOW, zone=ZONE),
    }
    assert counted == {"all": 21, "shop": 1, "on a date": 5}


@pytest.mark.feature("SCH-16")
def test_probes_in_sentences(house: int) -> None:
    ready = Readiness.model_validate(
        {"probes": [
            {"fresh": "visits", "hours": 6}, {"fresh": "visits", "hours": 5}, {"rows": "visits", "at_least": 21, "period": "yesterday"},
            {"rows": "visits", "at_least": 2, "period": "yesterday", "where": [{"dimension": "kind", "equals": "shop"}]},
            {"partition": "days"},
        ]}
    )  # fmt: skip
    definition = ScheduleDefinition.model_validate(
        {"name": "x", "report": "gone", "when": {"every": "day", "at": "04:00", "zone": ZONE}, "channels": [{"channel": "mail"}],
         "audience": {"people": [{"name": "A"}]}}
    )  # fmt: skip

    found = look(definition, ready, house, fire_at=NOW, now=NOW)

    assert found.told == (
        (True, "“visits” goes to 23 Nov 2026, 22:30 EST."),
        (False, "“visits” goes to 23 Nov 2026, 22:30 EST; it must not be older than 5 hours."),
        (True, "“visits” has 21 rows or more for 23 Nov 2026."),
        (False, "“visits” has not 2 rows for 23 Nov 2026 with these conditions yet."),
        (True, "“days” has a row for 23 Nov 2026."),
    )
    assert found.data_to == LAST


@pytest.mark.feature("SCH-17")
def test_figures_with_what_was_before(house: int) -> None:
    at = datetime(2026, 11, 20, 13, tzinfo=UTC)  # the Friday after

    def asked(metric: str, **given: Any) -> Any:
        only_if = OnlyIf.model_validate({"dataset": "visits", "metric": metric, **given})
        return figure(only_if, house, at=at, now=at, zone=ZONE)

    thursday = asked("visits", above=1)
    assert (thursday.value, thursday.before, len(thursday.series)) == (90.0, 20.0, 30)
    assert [value for _day, value in thursday.series[-5:]] == [5.0, 20.0, 20.0, 20.0, 90.0]
    assert asked("worth", above=1).value == 135.0  # 90 × 1.5
    # Thursdays before, of eight weeks; and all days before
    assert asked("visits", anomaly={}).history == (20.0,) * 8
    assert asked("visits", anomaly={"by_weekday": False}).history.count(5.0) == 8
    week = asked("visits", above=1, period="last week")
    assert (week.value, week.before) == (125.0, 125.0)  # 6 × 20 + 5
    days = asked("visits", change={"by": 10}, period="last 3 days")
    assert (days.value, days.before, days.series) == (130.0, 45.0, ())  # 20 + 20 + 90; 20 + 5 + 20
    with pytest.raises(QueryRefused):
        asked("gone", above=1)


@pytest.mark.feature("SCH-17")
def test_a_history_begins_when_the_data_does(house: int) -> None:
    only_if = OnlyIf.model_validate({"dataset": "visits", "metric": "visits", "anomaly": {"by_weekday": False}})

    early = figure(only_if, house, at=datetime(2026, 9, 18, 13, tzinfo=UTC), now=NOW, zone=ZONE)

    assert early.history == (20.0, 20.0)  # the 15th and 16th; the weeks before are no quiet days


@pytest.mark.feature("SCH-16")
def test_files_that_come(organization: Any, tmp_path: Path) -> None:
    source = f"source: drop\nengine: duckdb\nsettings: {{files: ['{tmp_path}/*.csv']}}\n"
    apply(system_actor(organization.pk), {"a.yaml": source}, now=NOW)
    definition = ScheduleDefinition.model_validate(
        {"name": "x", "report": "gone", "when": {"every": "day", "at": "04:00", "zone": ZONE}, "channels": [{"channel": "mail"}],
         "audience": {"people": [{"name": "A"}]}}
    )  # fmt: skip

    def told(**probe: Any) -> tuple[bool, str]:
        ready = Readiness.model_validate({"probes": [probe]})
        return look(definition, ready, organization.pk, fire_at=NOW, now=NOW).told[0]

    assert told(file="drop", name="leads-{date}.csv") == (
        False,
        "No file “leads-2026-11-23.csv” has come to “drop” yet.",
    )
    file = tmp_path / "leads-2026-11-23.csv"
    file.write_text("a\n1\n")
    at = (NOW - timedelta(hours=3)).timestamp()
    os.utime(file, (at, at))
    assert told(file="drop", name="leads-{date}.csv", hours=3)[0]
    assert told(file="drop", name="leads-*.csv", hours=2) == (
        False, "The file “leads-*.csv” of “drop” goes to 24 Nov 2026, 01:00 EST; it must not be older than 2 hours.",
    )  # fmt: skip
    assert told(source="drop", hours=4)[0]
    assert Source.objects.get(name="drop").organization_id == organization.pk


@pytest.mark.feature("SCH-16")
def test_objects_that_come_to_a_store(organization: Any, store: Any, store_server: str) -> None:
    from broadsheet.adapters.engines.duckdb import ENGINE

    store.create_bucket(Bucket="arrivals")
    store.put_object(Bucket="arrivals", Key="leads/2026/events.csv", Body=b"a\n1\n")
    settings = {"files": ["s3://arrivals/leads/*/*.csv"], "endpoint": store_server, "access_key": "key"}

    [found] = ENGINE.arrived(settings, secrets={"secret_key": "secret"})

    assert (found.name, found.size) == ("events.csv", 4)
    assert abs(datetime.now(UTC) - found.at) < timedelta(minutes=5)

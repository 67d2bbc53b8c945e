"""Two real processes on one PostgreSQL: the one with the run is killed, the other ends it; nobody gets two."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from tests.plugins.postgres import free_port

from .conftest import Installation, Witness, installed, kill, wait_until

RUN = ("run", "buyers-monday", "--at", "2026-11-23T13:00:00+00:00", "--wait")
LEASE_SECONDS = 6
RECLAIMED_SECONDS = LEASE_SECONDS + 10  # three missed heartbeats, and a beat of a busy machine


@pytest.fixture
def shared(tmp_path: Path, postgres_server: str) -> Installation:
    """The sample organization in a database of its own on the private server."""
    name = f"together_{free_port()}"
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    return installed(
        tmp_path,
        BROADSHEET_DATABASE_URL=postgres_server.replace("/postgres", f"/{name}"),
        BROADSHEET_LEASE_SECONDS=str(LEASE_SECONDS),
    )


@pytest.mark.database
@pytest.mark.feature("PRF-11")
@pytest.mark.feature("PRF-21")
def test_the_one_that_lives_ends_the_run_of_the_one_that_died(shared: Installation, witness: Witness) -> None:
    shared.apply(witness.channel())
    with psycopg.connect(shared.environment["BROADSHEET_DATABASE_URL"], autocommit=True) as database:

        def only(sql: str) -> object:
            row = database.execute(sql).fetchone()
            return row[0] if row else None

        first = shared.start(*RUN)
        wait_until(lambda: len(witness.messages) >= 3)
        owner = str(only("select owner from runs_occurrence"))
        assert f":{first.pid}:" in owner
        second = shared.start(*RUN)  # on PostgreSQL every process works
        try:
            kill(first)
            still = "select count(*) from runs_occurrence where owner = %s and lease_until > now()"
            wait_until(lambda: not only(still.replace("%s", f"'{owner}'")), seconds=RECLAIMED_SECONDS)
            wait_until(lambda: bool(only("select count(*) from runs_occurrence where finished_at is not null")))
        finally:
            kill(second)
        states = dict(database.execute("select state, count(*) from delivery_delivery group by state").fetchall())
    received = witness.recipients()
    assert len(received) == len(set(received))
    assert set(states) <= {"accepted", "unconfirmed"}
    assert sum(states.values()) == 40
    assert 40 - len(received) <= states.get("unconfirmed", 0)

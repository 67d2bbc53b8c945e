"""Two real processes on one PostgreSQL: one is killed in mid-run, the other ends the run; nobody gets two."""

from __future__ import annotations

import time
from pathlib import Path

import psycopg
import pytest
from tests.plugins.postgres import free_port

from .conftest import Installation, installed, kill, wait_until

RUN = ("run", "buyers-monday", "--at", "2026-11-23T13:00:00+00:00", "--wait")


@pytest.fixture
def shared(tmp_path: Path, postgres_server: str) -> Installation:
    """The sample organization in a database of its own on the private server."""
    name = f"together_{free_port()}"
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    return installed(tmp_path, BROADSHEET_DATABASE_URL=postgres_server.replace("/postgres", f"/{name}"))


@pytest.mark.database
@pytest.mark.feature("PRF-11")
@pytest.mark.feature("PRF-21")
def test_the_one_that_lives_ends_the_run_of_the_one_that_died(shared: Installation) -> None:
    url = shared.environment["BROADSHEET_DATABASE_URL"]
    server = shared.start("up", "--port", str(free_port()))  # it also catches the mail of both
    try:
        with psycopg.connect(url, autocommit=True) as database:

            def count(where: str) -> int:
                row = database.execute(f"select count(*) from delivery_delivery where {where}").fetchone()
                assert row is not None
                return int(row[0])

            wait_until(lambda: _listens(shared))
            helper = shared.start(*RUN)  # on PostgreSQL it works as well
            wait_until(lambda: count("state = 'accepted'") >= 3)
            kill(helper)
            wait_until(lambda: count("state <> 'accepted'") == 0 and count("true") == 40)
            twice = database.execute("select recipient from delivery_caughtmail group by recipient having count(*) > 1")
            assert twice.fetchall() == []
            caught = database.execute("select count(*) from delivery_caughtmail").fetchone()
            assert caught == (40,)
    finally:
        kill(server)


def _listens(installation: Installation) -> bool:
    import socket

    with socket.socket() as probe:
        reached = probe.connect_ex(("127.0.0.1", int(installation.environment["BROADSHEET_CATCHER_PORT"])))
    time.sleep(0.2)
    return reached == 0

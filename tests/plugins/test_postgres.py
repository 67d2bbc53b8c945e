"""The private server starts, answers and is a PostgreSQL of its own."""

from __future__ import annotations

import psycopg
import pytest


@pytest.mark.database
def test_private_server_answers_on_loopback(postgres_server: str) -> None:
    with psycopg.connect(postgres_server) as connection:
        row = connection.execute("select 6 * 7, current_user, inet_server_addr()::text").fetchone()
    assert row == (42, "broadsheet", "127.0.0.1/32")

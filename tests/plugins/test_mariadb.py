"""The private server starts, answers and is a MariaDB of its own."""

from __future__ import annotations

from contextlib import closing

import pytest
from tests.plugins.mariadb import Place


@pytest.mark.database
def test_private_server_answers_on_loopback(mariadb_server: Place) -> None:
    with closing(mariadb_server.connected()) as session, session.cursor() as cursor:
        cursor.execute("select 6 * 7, version() like '%MariaDB%', @@bind_address")
        assert cursor.fetchone() == (42, 1, "127.0.0.1")


@pytest.mark.database
def test_its_zones_change_when_they_do(mariadb_zones: Place) -> None:
    with closing(mariadb_zones.connected()) as session, session.cursor() as cursor:
        cursor.execute(
            "select cast(convert_tz('2026-07-01 12:00', '+00:00', 'Europe/Berlin') as char),"
            " cast(convert_tz('2026-11-01 06:30', '+00:00', 'America/Chicago') as char)"
        )
        assert cursor.fetchone() == ("2026-07-01 14:00:00", "2026-11-01 01:30:00")

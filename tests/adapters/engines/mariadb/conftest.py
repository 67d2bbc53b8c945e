"""A database with one column of each kind, and the engine's connection to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.plugins.mariadb import Place

from broadsheet.adapters.engines.mariadb import ENGINE
from broadsheet.adapters.engines.mariadb.connection import MariaConnection
from broadsheet.sources.ports import Limits

KINDS = """
create table kinds (
  id int, small tinyint, flag boolean, big bigint unsigned, price decimal(12, 2), rate double, day date, at datetime(3),
  seen timestamp null, hour time, year year, bits bit(3), one bit(1), name varchar(20), size enum('s', 'l'), body json,
  raw varbinary(4)
)
"""
ROWS = (
    "insert into kinds values (1, -5, true, 18446744073709551615, 12.50, 0.1, '2026-10-01', '2026-10-01 03:30:00.250',"
    " '2026-10-01 03:30:00', '10:20:30', 2026, b'101', b'1', 'Grün 日本', 's', '{\"a\": 1}', X'00ff')",
    "insert into kinds (id) values (2)",
    "insert into kinds (id, day, at) values (3, '0000-00-00', '0000-00-00')",
)
RULED = (
    "create table deals (buyer varchar(20), price int, key (buyer)) collate utf8mb4_general_ci",
    "insert into deals values ('ACME', 1), ('acme', 10), ('acme ', 100), ('Àcme', 1000), (null, 10000)",
)
SETTINGS = {"database": "kinds", "user": "root"}
LIMITS = Limits(seconds=2, rows=1000)


@pytest.fixture(scope="session")
def kinds(mariadb_server: Place) -> Place:
    mariadb_server.run("set global sql_mode = ''", "create database kinds")
    mariadb_server.run(KINDS, *ROWS, *RULED, database="kinds")
    return mariadb_server


@pytest.fixture
def connection(kinds: Place) -> Iterator[MariaConnection]:
    opened = ENGINE.open({**SETTINGS, "socket": kinds.socket}, secrets={}, limits=LIMITS)
    yield opened
    opened.close()

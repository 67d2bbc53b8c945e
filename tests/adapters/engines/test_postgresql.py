"""What is PostgreSQL's alone: a role of the database under which queries run, beside our own rules."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from broadsheet.adapters.engines.postgresql.engine import ENGINE
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.ports import Limits

pytestmark = [pytest.mark.database, pytest.mark.feature("SEC-07")]
SET_UP = """
DROP SCHEMA IF EXISTS roled CASCADE;
CREATE SCHEMA roled;
CREATE TABLE roled.sales (area text, amount int);
CREATE TABLE roled.salaries (who text);
INSERT INTO roled.sales VALUES ('north', 1), ('south', 10);
DO $$ BEGIN CREATE ROLE reporting NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT USAGE ON SCHEMA roled TO reporting;
GRANT SELECT ON roled.sales TO reporting;
ALTER TABLE roled.sales ENABLE ROW LEVEL SECURITY;
CREATE POLICY northern ON roled.sales TO reporting USING (area = 'north');
"""


@pytest.fixture
def settings(postgres_server: str) -> Iterator[dict[str, object]]:
    with psycopg.connect(postgres_server, autocommit=True) as owner:
        owner.execute(SET_UP)
    parts = conninfo_to_dict(postgres_server)
    yield {
        "host": parts["host"], "port": int(parts["port"]), "database": parts["dbname"], "user": parts["user"],
        "sslmode": "disable", "schema": "roled",
    }  # fmt: skip
    with psycopg.connect(postgres_server, autocommit=True) as owner:
        owner.execute("DROP SCHEMA roled CASCADE; DROP ROLE reporting")


def total(settings: dict[str, object], sql: str = "SELECT sum(amount) AS n FROM sales") -> object:
    opened = ENGINE.open(settings, secrets={}, limits=Limits())
    try:
        return opened.query(sql, ()).column("n")[0].as_py()
    finally:
        opened.close()


def test_the_databases_own_row_security_holds_under_the_role(settings: dict[str, object]) -> None:
    assert total(settings) == 11
    assert total({**settings, "role": "reporting"}) == 1


def test_what_the_role_may_not_read_is_refused(settings: dict[str, object]) -> None:
    assert total(settings, "SELECT count(*) AS n FROM salaries") == 0
    with pytest.raises(QueryRefused, match="may read"):
        total({**settings, "role": "reporting"}, "SELECT count(*) AS n FROM salaries")


@pytest.mark.parametrize("role", ["nobody-here", 'reporting"; RESET ROLE; --'])
def test_a_role_that_is_not_there_is_said(settings: dict[str, object], role: str) -> None:
    with pytest.raises(QueryRefused, match="does not let us act as the role"):
        total({**settings, "role": role})

"""Trying a MariaDB source says what it holds, and what of the server's own set-up is to be mended."""

from __future__ import annotations

from typing import Any

import pytest
from tests.plugins.django import NOW
from tests.plugins.mariadb import Place

from broadsheet.adapters.engines.mariadb.connection import ZONES_MISSING, MariaConnection
from broadsheet.sources.actions.check import check_source

pytestmark = [pytest.mark.database, pytest.mark.feature("SEC-07")]
SOURCE = """\
source: tills
engine: mariadb
settings: {{socket: {socket}, database: tills, user: root}}
tables: {{sales: {{rows: [{{column: shop, equals: reader.shop}}]}}}}
"""


@pytest.fixture
def tills(mariadb_server: Place, organization: Any) -> None:
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply

    mariadb_server.run("drop database if exists tills", "create database tills")
    mariadb_server.run(
        "create table sales (shop varchar(9), price int)", "create view paid as select 1 as a", database="tills"
    )
    apply(system_actor(organization.pk), {"tills.yaml": SOURCE.format(socket=mariadb_server.socket)}, now=NOW)


def test_it_answers_with_its_tables(tills: None, actor: Any) -> None:
    found = check_source(actor("editor"), "tills", now=NOW)
    assert found.ok is True
    assert found.verdict.startswith("It answers; 2 tables: paid, sales.")


def test_missing_zones_are_told_beside(tills: None, actor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MariaConnection, "_knows", lambda self, zone: False)
    found = check_source(actor("editor"), "tills", now=NOW)
    assert found.ok is True
    assert found.verdict.endswith(ZONES_MISSING)


def test_a_rule_whose_column_has_gone_is_told(tills: None, actor: Any, mariadb_server: Place) -> None:
    mariadb_server.run("alter table sales rename column shop to store", database="tills")
    found = check_source(actor("editor"), "tills", now=NOW)
    assert found.ok is False
    assert "The table “sales” has no column “shop”." in found.verdict

"""How each warehouse is reached, asked, limited and cancelled, by the documented contract of its client."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from broadsheet.adapters.engines.warehouses.connection import WarehouseConnection
from broadsheet.core.document.tables import Ask, Grouping
from broadsheet.core.policy import Reader
from broadsheet.sources.answers import Question, answer
from broadsheet.sources.dataset import Dataset
from broadsheet.sources.errors import LimitExceeded, QueryFailed, QueryRefused, SourceError, UnknownName, Unreachable
from broadsheet.sources.ports import Limits

from .fakes import CLIENTS, SECRETS, SETTINGS, Server
from .shapes import RULE, WAREHOUSES, Shape, ask, dataset, engine_of

LIMITS = Limits(seconds=20, rows=10, bytes=10_000)
BERLIN = timezone(timedelta(hours=2))
every = pytest.mark.parametrize("name", WAREHOUSES)


def opened(name: str, server: Server, limits: Limits = LIMITS) -> WarehouseConnection:
    engine = replace(engine_of(name), load=lambda _module: CLIENTS[name](server))
    return engine.open(SETTINGS[name], secrets=SECRETS[name], limits=limits)


@every
def test_a_missing_client_names_its_extra(name: str) -> None:
    def missing(module: str) -> object:
        raise ImportError(f"No module named {module!r}")

    with pytest.raises(QueryRefused, match=rf"pip install '.\[{name}\]'"):
        replace(engine_of(name), load=missing).open(SETTINGS[name], secrets=SECRETS[name], limits=LIMITS)


@every
def test_the_extra_is_declared_and_not_part_of_the_base(name: str) -> None:
    from importlib.metadata import metadata

    assert engine_of(name).warehouse.extra in metadata("broadsheet").get_all("Provides-Extra", [])


@every
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(QueryRefused, match="needs “"):
        replace(engine_of(name), load=lambda _module: CLIENTS[name](Server())).open({}, secrets={}, limits=LIMITS)


@every
def test_a_failed_sign_in_keeps_the_clients_words_to_the_log(name: str) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("password se}cret is wrong")

    server = Server()
    client: Any = CLIENTS[name](server)
    for holder, attribute in ((client, "connect"), (client, "get_client"), (getattr(client, "dbapi", None), "connect")):
        if hasattr(holder, attribute):
            setattr(holder, attribute, refuse)
    if name == "bigquery":
        client.Client.from_service_account_info = refuse
    with pytest.raises(Unreachable, match="did not let us in") as caught:
        replace(engine_of(name), load=lambda _module: client).open(SETTINGS[name], secrets=SECRETS[name], limits=LIMITS)
    assert "se}cret" not in str(caught.value)


BOUND: dict[str, Callable[[list[object]], object]] = {
    "bigquery": lambda values: [
        (f"p{n}", kind, value) for n, (kind, value) in enumerate(zip(("STRING", "INT64", "BOOL", "TIMESTAMP", "DATE", "BIGNUMERIC", "FLOAT64"), values, strict=True), start=1)
    ],
    "clickhouse": lambda values: {f"p{n}": value for n, value in enumerate(values, start=1)},
    "databricks": lambda values: {f"p{n}": value for n, value in enumerate(values, start=1)},
}  # fmt: skip


@every
def test_values_are_bound_and_never_in_the_text(name: str) -> None:
    server = Server()
    moment = datetime(2026, 10, 1, 5, 30, tzinfo=BERLIN)
    values = ("b'; drop", 5, True, moment, date(2026, 10, 1), Decimal("12.50"), 0.5)
    marks = ", ".join(f"${n} AS c{n}" for n in range(1, 8))
    opened(name, server).query(f"SELECT {marks}", values)
    [(sql, bound)] = [one for one in server.queries if "pg_backend" not in one[0]]
    utc = moment.astimezone(UTC)
    sent = [*values[:3], utc.replace(tzinfo=None) if name in {"snowflake", "sqlserver"} else utc, *values[4:]]
    assert bound == BOUND.get(name, list)(sent)
    assert "drop" not in sql
    assert "12.5" not in sql


@every
def test_a_missing_value_is_null_and_needs_no_type(name: str) -> None:
    server = Server()
    opened(name, server).query("SELECT $1 AS a, $2 AS b", (None, "x"))
    sql, _bound = server.queries[-1]
    assert "NULL AS a" in sql


@every
def test_rows_come_typed(name: str) -> None:
    row = ("Grün", 5, 0.5, Decimal("12.50"), Decimal(3), True, date(2026, 10, 1), datetime(2026, 10, 1, 5, 30, tzinfo=BERLIN),
           datetime(2026, 9, 30, 22), time(10, 20), b"\x00\xff", [1, "a"], None, "\x022026-09-30 22:00:00")  # fmt: skip
    server = Server(names=[f"c{n}" for n in range(len(row))], rows=[row, (None,) * len(row)])
    found = opened(name, server).query("SELECT 1", ())
    assert list(found.to_pylist()[0].values()) == [
        "Grün", 5, 0.5, Decimal("12.50"), 3, True, date(2026, 10, 1), datetime(2026, 10, 1, 3, 30, tzinfo=UTC),
        datetime(2026, 9, 30, 22), "10:20:00", "00ff", json.dumps([1, "a"]), None, datetime(2026, 9, 30, 22),
    ]  # fmt: skip
    assert set(found.to_pylist()[1].values()) == {None}


@every
def test_no_rows_are_a_table_without_rows(name: str) -> None:
    found = opened(name, Server(names=("a", "b"), rows=[])).query("SELECT 1", ())
    assert (found.column_names, found.num_rows) == (["a", "b"], 0)


@every
def test_rows_beyond_the_limit_are_not_kept(name: str) -> None:
    server = Server(rows=[(n,) for n in range(5000)])
    assert opened(name, server, replace(LIMITS, bytes=10**6)).query("SELECT 1", ()).num_rows == 11
    if name not in {"bigquery", "clickhouse"}:  # whose server ends the result itself, by a setting of ours
        assert server.fetched <= 1000
        assert server.cancelled


@every
def test_a_result_larger_than_its_bytes_is_an_error(name: str) -> None:
    with pytest.raises(LimitExceeded, match=r"more than 0\.01 MB"):
        opened(name, Server(rows=[("x" * 20_000,)])).query("SELECT 1", ())


@every
def test_cancelling_reaches_the_warehouse(name: str) -> None:
    server = Server(hangs=True)
    connection = opened(name, server)
    raised: list[BaseException] = []

    def run() -> None:
        try:
            connection.query("SELECT 1", ())
        except SourceError as error:
            raised.append(error)

    running = threading.Thread(target=run)
    running.start()
    assert server.running.wait(5)
    connection.cancel()
    running.join(5)
    assert server.cancelled
    assert len(raised) == 1


@every
def test_a_late_query_is_ended_and_told_as_late(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.adapters.engines.warehouses.connection.LATER_SECONDS", 0.05)
    server = Server(hangs=True)
    with pytest.raises(LimitExceeded, match=r"took longer than 0\.1 s"):
        opened(name, server, Limits(seconds=0.1, rows=10)).query("SELECT 1", ())
    assert server.cancelled


CANCELLED = {
    "bigquery": "job", "databricks": "cursor", "redshift": "SELECT pg_cancel_backend(4711)", "snowflake": "query-1",
    "sqlserver": "cursor", "trino": "cursor",
}  # fmt: skip


@every
def test_it_is_the_running_query_that_is_ended(name: str) -> None:
    server = Server()
    connection = opened(name, server)
    connection.query("SELECT 1", ())
    connection.cancel()
    expected = CANCELLED.get(name) or f"KILL QUERY WHERE query_id = '{server.opened[-1]['settings']['query_id']}' ASYNC"
    assert server.cancelled[-1] == expected


def test_nothing_is_ended_where_nothing_runs() -> None:
    for name in WAREHOUSES:
        server = Server()
        opened(name, server).cancel()
        assert not server.cancelled


SAID = {
    "snowflake": {
        "late": "000630 (57014): Statement reached its statement or warehouse timeout of 20 second(s) and was canceled.",
        "column": "000904 (42000): SQL compilation error: error line 1 at position 7\ninvalid identifier 'COLOUR'",
        "table": "002003 (42S02): SQL compilation error:\nObject 'SALES.PUBLIC.EVNTS' does not exist or not authorized.",
        "denied": "003001 (42501): SQL access control error:\nInsufficient privileges to operate on table 'X'",
    },
    "bigquery": {
        "late": "499 Job timed out after 20000ms",
        "column": "400 Unrecognized name: colour at [1:8]",
        "table": "404 Not found: Table acme:sales.evnts was not found in location EU",
        "denied": "403 Access Denied: Table acme:sales.x: User does not have permission to query table",
    },
    "redshift": {
        "late": "{'S': 'ERROR', 'C': '57014', 'M': 'Query (12) cancelled on user\\'s request'}",
        "column": "{'S': 'ERROR', 'C': '42703', 'M': 'column \"colour\" does not exist'}",
        "table": "{'S': 'ERROR', 'C': '42P01', 'M': 'relation \"evnts\" does not exist'}",
        "denied": "{'S': 'ERROR', 'C': '42501', 'M': 'permission denied for relation x'}",
    },
    "trino": {
        "late": "TrinoQueryError(type=INSUFFICIENT_RESOURCES, name=EXCEEDED_TIME_LIMIT, message=\"Query exceeded maximum run time\")",
        "column": "TrinoUserError(type=USER_ERROR, name=COLUMN_NOT_FOUND, message=\"line 1:8: Column 'colour' cannot be resolved\")",
        "table": "TrinoUserError(type=USER_ERROR, name=TABLE_NOT_FOUND, message=\"line 1:15: Table 'hive.sales.evnts' does not exist\")",
        "denied": "TrinoUserError(type=USER_ERROR, name=PERMISSION_DENIED, message=\"Access Denied: Cannot select\")",
    },
    "clickhouse": {
        "late": "Code: 159. DB::Exception: Timeout exceeded: elapsed 20.1 seconds. (TIMEOUT_EXCEEDED)",
        "column": "Code: 47. DB::Exception: Unknown expression identifier `colour` in scope SELECT colour. (UNKNOWN_IDENTIFIER)",
        "table": "Code: 60. DB::Exception: Unknown table expression identifier 'evnts' in scope. (UNKNOWN_TABLE)",
        "denied": "Code: 497. DB::Exception: reader: Not enough privileges. (ACCESS_DENIED)",
    },
    "databricks": {
        "late": "[STATEMENT_TIMEOUT] Query exceeded the timeout of 20 seconds",
        "column": "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name `colour` cannot be resolved.",
        "table": "[TABLE_OR_VIEW_NOT_FOUND] The table or view `main`.`sales`.`evnts` cannot be found.",
        "denied": "[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have SELECT",
    },
    "sqlserver": {
        "late": "('HYT00', '[HYT00] [Microsoft][ODBC Driver 18 for SQL Server]Query timeout expired (0) (SQLExecDirectW)')",
        "column": "('42S22', \"[42S22] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]Invalid column name 'colour'. (207)\")",
        "table": "('42S02', \"[42S02] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]Invalid object name 'dbo.evnts'. (208)\")",
        "denied": "('42000', \"[42000] The SELECT permission was denied on the object 'x' (229)\")",
    },
}  # fmt: skip
TOLD = {"late": LimitExceeded, "column": UnknownName, "table": UnknownName, "denied": QueryRefused}


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name in WAREHOUSES for kind in TOLD])
def test_errors_are_told_by_what_is_to_be_done(name: str, kind: str) -> None:
    words = SAID[name][kind]
    with pytest.raises(TOLD[kind]) as caught:
        opened(name, Server(fails=type("ProgrammingError", (Exception,), {})(words))).query("SELECT 1", ())
    assert caught.value.detail == words
    if kind in {"column", "table"}:
        assert isinstance(caught.value, UnknownName)
        assert (caught.value.kind, caught.value.name.casefold()) == (kind, {"column": "colour", "table": "evnts"}[kind])


@every
def test_other_errors_keep_their_words_to_the_log(name: str) -> None:
    away = type("OperationalError", (Exception,), {})("connection reset")
    with pytest.raises(Unreachable, match="does not answer"):
        opened(name, Server(fails=away)).query("SELECT 1", ())
    with pytest.raises(QueryFailed, match="words are in the log") as caught:
        opened(name, Server(fails=ValueError("cannot cast 'very-secret' to INT"))).query("SELECT 1", ())
    assert "very-secret" not in str(caught.value)


@every
def test_tables_are_listed_and_the_session_closed(name: str) -> None:
    server = Server(names=("table_name",), rows=[("events",), ("returns",)])
    connection = opened(name, server)
    assert connection.tables() == ("events", "returns")
    connection.close()
    assert server.closed == 1


@every
@pytest.mark.feature("SEC-07")
def test_readers_are_dealt_their_own_rows(name: str) -> None:
    server = Server(names=("_rule_0", "source", "n"), rows=[("b1", "Mail", 3), ("b2", "Mail", 4), ("b2", "Web", 1)])
    asked: Dataset = dataset(Shape(ask(), rows=(RULE,)))
    readers = [Reader(one, one, attributes={"buyer_id": one}) for one in ("b1", "b2", "b3")]
    questions = [Question(one.key, Ask("leads", ("n",), (Grouping("source"),)), one) for one in readers]
    found = answer(asked, questions, engine=engine_of(name), connection=opened(name, server), limits=LIMITS, as_of=datetime(2026, 11, 1, tzinfo=UTC))  # fmt: skip
    assert {key: table.rows for key, table in found.items()} == {
        "b1": (("Mail", 3),),
        "b2": (("Mail", 4), ("Web", 1)),
        "b3": (),
    }

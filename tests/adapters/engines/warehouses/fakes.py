"""Clients as their vendors document them, without a warehouse behind: they note what they are asked, give the rows that they
were given, and take no argument that the real ones lack."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

Rows = Sequence[Sequence[object]]


@dataclass
class Server:
    """What a client talks to: ``names`` and ``rows`` answer each query, or ``fails`` is raised; ``hangs`` until it is cancelled,
    and then raises ``ended``."""

    names: Sequence[str] = ("one",)
    rows: Rows = ((1,),)
    fails: Exception | None = None
    hangs: bool = False
    ended: Exception = field(default_factory=lambda: RuntimeError("ended"))
    opened: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, Any]] = field(default_factory=list)
    cancelled: list[object] = field(default_factory=list)
    closed: int = 0
    fetched: int = 0
    running: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def answer(self, sql: str, bound: object) -> None:
        self.asked.append((sql, bound))
        if not sql.startswith(("SELECT", "WITH")) or "pg_backend_pid" in sql:
            return
        if self.hangs:
            self.running.set()
            assert self.released.wait(5), "nobody cancelled"
            raise self.ended
        if self.fails is not None:
            raise self.fails

    def cancel(self, by: object) -> None:
        self.cancelled.append(by)
        self.released.set()

    @property
    def queries(self) -> list[tuple[str, Any]]:
        return [one for one in self.asked if one[0].startswith(("SELECT", "WITH"))]


class Cursor:
    """PEP 249."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.sfqid = "query-1"
        self.description: list[tuple[object, ...]] | None = None
        self._left: list[Sequence[object]] = []
        self.open = True

    def execute(self, operation: str, parameters: object = None) -> Cursor:
        assert self.open
        self.server.answer(operation, parameters)
        backend = operation == "SELECT pg_backend_pid()"
        self.description = [(name, None, None, None, None, None, None) for name in self.server.names]
        self._left = [(4711,)] if backend else list(self.server.rows)
        return self

    def fetchone(self) -> Sequence[object] | None:
        return self._left.pop(0) if self._left else None

    def fetchmany(self, size: int) -> list[Sequence[object]]:
        batch, self._left = self._left[:size], self._left[size:]
        self.server.fetched += len(batch)
        return batch

    def cancel(self) -> None:
        self.server.cancel("cursor")

    def abort_query(self, qid: str) -> bool:
        self.server.cancel(qid)
        return True

    def close(self) -> None:
        self.open = False


class Connection:
    autocommit = False
    timeout = 0

    def __init__(self, server: Server) -> None:
        self.server = server

    def cursor(self) -> Cursor:
        return Cursor(self.server)

    def close(self) -> None:
        self.server.closed += 1


def connecting(server: Server, allowed: str) -> Callable[..., Connection]:
    """A `connect` that takes the keywords *allowed*."""

    def connect(*texts: str, **options: Any) -> Connection:
        unknown = set(options) - set(allowed.split())
        assert not unknown, f"the client has no {unknown}"
        server.opened.append({"text": texts[0], **options} if texts else options)
        return Connection(server)

    return connect


def snowflake(server: Server) -> object:
    return SimpleNamespace(
        connect=connecting(
            server,
            "account user password private_key warehouse database schema role paramstyle autocommit login_timeout "
            "network_timeout application session_parameters",
        )
    )


class RedshiftCursor(Cursor):
    paramstyle = "format"

    def execute(self, operation: str, parameters: object = None) -> Cursor:
        assert self.paramstyle == "qmark" or parameters is None
        if operation.startswith("SELECT pg_cancel_backend"):
            self.server.cancel(operation)
            return self
        return super().execute(operation, parameters)


class RedshiftConnection(Connection):
    def cursor(self) -> Cursor:
        return RedshiftCursor(self.server)


def redshift(server: Server) -> object:
    known = connecting(server, "host port database user password ssl sslmode timeout application_name")

    def connect(**options: Any) -> Connection:
        known(**options)
        return RedshiftConnection(server)

    return SimpleNamespace(connect=connect)


def trino(server: Server) -> object:
    allowed = "host port user auth http_scheme verify catalog schema source timezone request_timeout session_properties"
    auth = SimpleNamespace(
        JWTAuthentication=lambda token: ("token", token), BasicAuthentication=lambda user, word: ("basic", user, word)
    )
    return SimpleNamespace(dbapi=SimpleNamespace(connect=connecting(server, allowed)), auth=auth)


def databricks(server: Server) -> object:
    allowed = "server_hostname http_path access_token catalog schema user_agent_entry session_configuration"
    return SimpleNamespace(connect=connecting(server, allowed))


def sqlserver(server: Server) -> object:
    return SimpleNamespace(connect=connecting(server, "autocommit readonly timeout"))


class ClickHouseClient:
    def __init__(self, server: Server) -> None:
        self.server = server

    def query(self, query: str, parameters: dict[str, object], settings: dict[str, object]) -> object:
        self.server.opened[-1]["settings"] = settings
        self.server.answer(query, parameters)
        self.server.fetched += len(self.server.rows)
        return SimpleNamespace(column_names=tuple(self.server.names), result_rows=self.server.rows)

    def command(self, cmd: str) -> str:
        self.server.cancel(cmd)
        return ""

    def close(self) -> None:
        self.server.closed += 1


def clickhouse(server: Server) -> object:
    allowed = "host port username password database secure verify connect_timeout send_receive_timeout client_name"
    known = connecting(server, allowed)

    def get_client(**options: Any) -> ClickHouseClient:
        known(**options)
        return ClickHouseClient(server)

    return SimpleNamespace(get_client=get_client)


class Row(tuple):  # type: ignore[type-arg]
    """A row of BigQuery's: its values come by a method."""

    def values(self) -> tuple[object, ...]:
        return tuple(self)


class RowIterator:
    def __init__(self, server: Server, most: int) -> None:
        self.schema = [SimpleNamespace(name=name) for name in server.names]
        self._rows = [Row(row) for row in server.rows[:most]]
        server.fetched += len(self._rows)

    def __iter__(self) -> Any:
        return iter(self._rows)


class Job:
    def __init__(self, server: Server, sql: str, config: Any) -> None:
        self.server, self._sql, self._config = server, sql, config

    def result(self, *, timeout: float, max_results: int) -> RowIterator:
        self.server.answer(self._sql, [(one.name, one.type_, one.value) for one in self._config.query_parameters])
        return RowIterator(self.server, max_results)

    def cancel(self) -> bool:
        self.server.cancel("job")
        return True


class BigQueryClient:
    server: Server

    def __init__(self, project: str, location: str | None) -> None:
        self.server.opened.append({"project": project, "location": location})

    @classmethod
    def from_service_account_info(
        cls, info: dict[str, object], *, project: str, location: str | None
    ) -> BigQueryClient:
        made = cls(project, location)
        cls.server.opened[-1]["key"] = info
        return made

    def query(self, query: str, job_config: Any) -> Job:
        self.server.opened[-1]["job"] = job_config
        return Job(self.server, query, job_config)

    def close(self) -> None:
        self.server.closed += 1


def bigquery(server: Server) -> object:
    known = {
        "query_parameters",
        "default_dataset",
        "use_legacy_sql",
        "job_timeout_ms",
        "maximum_bytes_billed",
        "labels",
    }

    def config(**options: Any) -> SimpleNamespace:
        assert set(options) <= known
        return SimpleNamespace(**options)

    return SimpleNamespace(
        Client=type("Client", (BigQueryClient,), {"server": server}),
        QueryJobConfig=config,
        ScalarQueryParameter=lambda name, type_, value: SimpleNamespace(name=name, type_=type_, value=value),
    )


CLIENTS: dict[str, Callable[[Server], object]] = {
    "bigquery": bigquery,
    "clickhouse": clickhouse,
    "databricks": databricks,
    "redshift": redshift,
    "snowflake": snowflake,
    "sqlserver": sqlserver,
    "trino": trino,
}
SETTINGS: dict[str, dict[str, object]] = {
    "bigquery": {"project": "acme", "dataset": "sales", "location": "EU"},
    "clickhouse": {"host": "ch.example.com", "user": "reader", "database": "sales"},
    "databricks": {"host": "x.databricks.com", "http_path": "/sql/1", "catalog": "main", "schema": "sales"},
    "redshift": {"host": "rs.example.com", "database": "sales", "user": "reader", "schema": 'a"b'},
    "snowflake": {"account": "acme-1", "user": "READER", "database": "SALES", "role": "READS"},
    "sqlserver": {"host": "db.example.com", "database": "sa;les", "user": "reader"},
    "trino": {"host": "trino.example.com", "user": "reader", "catalog": "hive", "schema": "sales"},
}
SECRETS: dict[str, dict[str, str]] = {
    "bigquery": {"key": '{"type": "service_account"}'},
    "clickhouse": {"password": "se}cret"},
    "databricks": {"token": "se}cret"},
    "redshift": {"password": "se}cret"},
    "snowflake": {"password": "se}cret"},
    "sqlserver": {"password": "se}cret"},
    "trino": {"password": "se}cret"},
}

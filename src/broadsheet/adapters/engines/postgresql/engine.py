"""PostgreSQL through psycopg: read-only transactions, a statement timeout kept by the server, rows in batches.

Give the connection a role that may only read what its datasets need; the read-only transaction is a second fence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import psycopg
import pyarrow as pa
from psycopg import errors, sql

from broadsheet.core.document.tables import Value
from broadsheet.plugins import Descriptor, Setting
from broadsheet.sources.errors import LimitExceeded, QueryFailed, QueryRefused, SourceError, UnknownName, Unreachable
from broadsheet.sources.ports import Limits
from broadsheet.sources.rows import batches_of, gathered, table_of
from broadsheet.sources.writing import StandardSql

CONNECT_SECONDS = 10
NAMED = re.compile(r"(?:column|relation) (.+) does not exist")
_TRUNCATED = {"day", "week", "month", "quarter", "year"}


class PostgresConnection:
    """One session. Times of the session are UTC, whatever the server's zone."""

    def __init__(self, session: psycopg.Connection[tuple[Value, ...]], *, limits: Limits) -> None:
        self._session = session
        self._limits = limits

    def tables(self) -> tuple[str, ...]:
        with self._session.transaction():
            found = self._session.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = ANY (current_schemas(false)) ORDER BY 1"
            )
            return tuple(str(row[0]) for row in found)

    def query(self, sql: str, parameters: Sequence[Value]) -> pa.Table:
        try:
            with self._session.transaction(), psycopg.RawCursor(self._session) as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {int(self._limits.seconds * 1000)}")
                cursor.execute(sql, parameters)
                rows = gathered(batches_of(cursor), limits=self._limits)
                names = [column.name for column in cursor.description or ()]
        except psycopg.Error as error:
            raise _explained(error, limits=self._limits) from error
        return table_of(names, rows)

    def notes(self) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        self._session.close()


class PostgresEngine(StandardSql):
    descriptor = Descriptor(
        id="postgresql",
        label="PostgreSQL",
        summary="A PostgreSQL database, read-only.",
        settings=(
            Setting("host", "Host", required=True),
            Setting("port", "Port", kind="number", default=5432),
            Setting("database", "Database", required=True),
            Setting("user", "User", required=True),
            Setting("password", "Password", secret=True),
            Setting("schema", "Schema", default="public"),
            Setting("role", "Role", help="A role of the database that queries run under, beside our own rules: its grants and row-level security hold then. Empty: the user's own."),
            Setting("sslmode", "Encryption", kind="choice", default="verify-full",
                    choices=(("verify-full", "required, certificate checked"), ("disable", "none"))),
        ),
    )  # fmt: skip
    dialect = "postgres"

    def open(self, settings: Mapping[str, object], *, secrets: Mapping[str, str], limits: Limits) -> PostgresConnection:
        place = f"{settings.get('host')}:{settings.get('port', 5432)}"
        try:
            session = psycopg.connect(
                host=str(settings.get("host", "")),
                port=str(settings.get("port", 5432)),
                dbname=str(settings.get("database", "")),
                user=str(settings.get("user", "")),
                password=secrets.get("password"),
                sslmode=str(settings.get("sslmode", "verify-full")),
                connect_timeout=CONNECT_SECONDS,
                autocommit=True,
                options=f"-c TimeZone=UTC -c search_path={_schema(settings)}",
            )
        except psycopg.Error as error:
            message = (
                f"PostgreSQL at {place} did not let us in. Check host, port, database, user, password and encryption."
            )
            raise Unreachable(message, detail=str(error)) from error
        session.read_only = True
        _under_role(session, str(settings.get("role") or ""))
        return PostgresConnection(session, limits=limits)

    def stamp(self, settings: Mapping[str, object]) -> str:
        return ""  # a server does not tell cheaply when its rows change

    def hashed(self, expression: str, *, salt: str) -> str:
        return f"encode(sha256(convert_to({salt}::text || ({expression})::text, 'UTF8')), 'hex')"

    def exact(self, expression: str) -> str:
        """The value as text, sign by sign, which neither citext nor a collation that is not deterministic takes for equal."""
        return f'(({expression})::text COLLATE "C")'

    def cut(self, expression: str, grain: str, *, zone: str, instant: bool) -> str:
        local = f"(({expression})::timestamptz AT TIME ZONE {zone}::text)" if instant else f"({expression})"
        if grain == "hour":
            return f"date_trunc('hour', {local})"
        if grain == "weekday":
            return f"(extract(isodow FROM {local})::int - 1)"
        if grain == "hour_of_day":
            return f"extract(hour FROM {local})::int"
        if grain in _TRUNCATED:
            return f"date_trunc('{grain}', {local})::date"
        raise QueryRefused(
            f"“{grain}” is not a grain; use hour, {', '.join(sorted(_TRUNCATED))}, weekday or hour_of_day."
        )


def _under_role(session: psycopg.Connection[tuple[Value, ...]], role: str) -> None:
    """From here on the session has the rights of *role* alone. Closes it and raises QueryRefused when it may not."""
    if not role:
        return
    try:
        session.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    except psycopg.Error as error:
        session.close()
        fix = "Check its name, and that the connection's user is a member of it."
        raise QueryRefused(f"PostgreSQL does not let us act as the role “{role}”. {fix}", detail=str(error)) from error


def _schema(settings: Mapping[str, object]) -> str:
    schema = str(settings.get("schema") or "public")
    if not schema.replace("_", "").isalnum():
        raise QueryRefused(f"“{schema}” is not a schema's name; use letters, digits and underscores.")
    return schema


def _explained(error: psycopg.Error, *, limits: Limits) -> SourceError:
    detail = str(error)
    if isinstance(error, errors.QueryCanceled):
        return LimitExceeded(
            f"The query took longer than {limits.seconds:g} s and was stopped. Narrow it or {limits.seconds_fix}.",
            detail=detail,
        )
    if isinstance(error, errors.ReadOnlySqlTransaction | errors.InsufficientPrivilege):
        return QueryRefused("Only reading what the connection's role may read is possible here.", detail=detail)
    named = NAMED.match(error.diag.message_primary or "")
    if named and isinstance(error, errors.UndefinedColumn | errors.UndefinedTable):
        kind = "column" if isinstance(error, errors.UndefinedColumn) else "table"
        return UnknownName(kind, named[1].rpartition(".")[2].strip('"'), detail=detail)
    if isinstance(
        error, errors.UndefinedColumn | errors.UndefinedTable | errors.UndefinedFunction | errors.SyntaxError
    ):
        return QueryRefused(f"The query does not fit its tables: {error.diag.message_primary}.", detail=detail)
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return Unreachable("PostgreSQL ended the connection; it may be restarting.", detail=detail)
    return QueryFailed("PostgreSQL could not run the query; its words are in the log.", detail=detail)


ENGINE = PostgresEngine()

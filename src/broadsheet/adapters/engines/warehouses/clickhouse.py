"""ClickHouse through clickhouse-connect: read-only requests with the server's own limits, typed parameters, ended by their id.

Sources: clickhouse.com/docs, “Python integration”, “Permissions for queries” (readonly), “Restrictions on query complexity”.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from sqlglot import exp

from broadsheet.core.document.tables import Value
from broadsheet.plugins import Setting
from broadsheet.sources.ports import Limits

from .description import Answer, Batch, Client, Said, Secrets, Session, Settings, Warehouse, text_of
from .engine import WarehouseEngine
from .statement import ordered_outside

READ_ONLY = 2  # reading, and settings of the request; 1 would refuse the limits that come with it
CONNECT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class BlockAnswer:
    """A result that came as a whole, within the server's limits."""

    result: Client

    @property
    def names(self) -> Sequence[str]:
        return list(self.result.column_names)

    @property
    def batches(self) -> Iterable[Batch]:
        yield self.result.result_rows


class RequestSession:
    """One client. Each request carries an id by which it can be killed."""

    def __init__(self, client: Client, *, limits: Limits) -> None:
        self._client = client
        self._id = ""
        self._settings = {
            "readonly": READ_ONLY,
            "max_execution_time": limits.seconds,
            "max_result_rows": limits.rows + 1,
            "max_result_bytes": limits.bytes,
            "result_overflow_mode": "throw",
            "session_timezone": "UTC",
            "prefer_column_name_to_alias": 1,  # else a condition would be on what is shown of a column
            "join_use_nulls": 1,  # a row without a partner has no value there, as everywhere else
            "aggregate_functions_null_for_empty": 1,
        }

    def run(self, sql: str, values: Sequence[Value]) -> Answer:
        self._id = uuid4().hex
        bound = {f"p{number}": value for number, value in enumerate(values, start=1)}
        return BlockAnswer(self._client.query(sql, parameters=bound, settings={**self._settings, "query_id": self._id}))

    def cancel(self) -> None:
        if self._id:
            self._client.command(f"KILL QUERY WHERE query_id = '{self._id}' ASYNC")

    def close(self) -> None:
        self._client.close()


def mark(number: int, value: Value) -> str:
    """A parameter with its type, as ClickHouse wants it."""
    return f"{{p{number}:{_type(value)}}}"


def _type(value: Value) -> str:
    if isinstance(value, bool):
        return "Bool"
    if isinstance(value, int):
        return "Int64" if -(2**63) <= value < 2**63 else "Int256"
    if isinstance(value, Decimal):
        return "Decimal(76, 18)"
    if isinstance(value, datetime):
        return "DateTime64(6, 'UTC')"
    return "Date32" if isinstance(value, date) else "Float64" if isinstance(value, float) else "String"


def adapted(tree: exp.Query, _values: Sequence[Value]) -> exp.Query:
    """The order around the query: within it a name means the column, not what is shown of it."""
    return ordered_outside(tree) or tree


def connect(client: Client, settings: Settings, secrets: Secrets, limits: Limits) -> Session:
    secure = text_of(settings, "scheme", "https") == "https"
    opened = client.get_client(
        host=text_of(settings, "host"),
        port=int(text_of(settings, "port", "8443" if secure else "8123")),
        username=text_of(settings, "user"),
        password=secrets.get("password", ""),
        database=text_of(settings, "database", "default"),
        secure=secure,
        verify=True,
        connect_timeout=CONNECT_SECONDS,
        send_receive_timeout=int(limits.seconds) + CONNECT_SECONDS,
        client_name="broadsheet",
    )
    return RequestSession(opened, limits=limits)


WAREHOUSE = Warehouse(
    id="clickhouse",
    label="ClickHouse",
    summary="A database in ClickHouse, over HTTP, read-only.",
    settings=(
        Setting("host", "Host", required=True),
        Setting("port", "Port", kind="number", help="Empty: 8443, without encryption 8123."),
        Setting("scheme", "Encryption", kind="choice", default="https", choices=(("https", "required, certificate checked"), ("http", "none"))),
        Setting("user", "User", required=True),
        Setting("password", "Password", secret=True),
        Setting("database", "Database", default="default"),
    ),
    extra="clickhouse",
    module="clickhouse_connect",
    dialect="clickhouse",
    connect=connect,
    mark=mark,
    local="toTimeZone({0}, {1})",
    cuts={
        # As text with a mark, since an hour in a zone would come back as an instant.
        "hour": "concat(char(2), formatDateTime({0}, '%Y-%m-%d %H:00:00'))",
        "day": "toDate({0})",
        "week": "toMonday({0})",
        "month": "toStartOfMonth({0})",
        "quarter": "toStartOfQuarter({0})",
        "year": "toStartOfYear({0})",
        "weekday": "(toDayOfWeek({0}) - 1)",
        "hour_of_day": "toHour({0})",
    },
    hashed="lower(hex(SHA256(concat({1}, toString({0})))))",
    tables="SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name",
    said=Said(
        late=re.compile(r"TIMEOUT_EXCEEDED|QUERY_WAS_CANCELLED|code: 159\b|code: 394\b", re.IGNORECASE),
        column=re.compile(r"(?:Unknown (?:expression or function )?(?:expression )?identifier|Missing columns:) [`']([^`']+)[`']"),
        table=re.compile(r"Unknown table expression identifier '([^']+)'|Table (\S+) (?:does not|doesn't) exist"),
        large=re.compile(r"TOO_MANY_ROWS_OR_BYTES|code: 396\b", re.IGNORECASE),
        denied=re.compile(r"ACCESS_DENIED|READONLY|Not enough privileges"),
    ),
    adapted=adapted,
)  # fmt: skip
ENGINE = WarehouseEngine(WAREHOUSE)

"""Databricks SQL through its own connector: named parameters bound at the warehouse, its statement timeout.

It has no session that only reads: give the token's owner SELECT alone. Sources: docs.databricks.com, “Databricks SQL Connector
for Python”, “STATEMENT_TIMEOUT”, “from_utc_timestamp”.
"""

from __future__ import annotations

import re

from broadsheet.plugins import Setting
from broadsheet.sources.ports import Limits

from . import ansi  # noqa: F401  # makes sqlglot know its dialect
from .description import Client, Said, Secrets, Session, Settings, Warehouse, text_of
from .engine import WarehouseEngine
from .sessions import DbApiSession


def connect(client: Client, settings: Settings, secrets: Secrets, limits: Limits) -> Session:
    connection = client.connect(
        server_hostname=text_of(settings, "host"),
        http_path=text_of(settings, "http_path"),
        access_token=secrets.get("token", ""),
        catalog=text_of(settings, "catalog") or None,
        schema=text_of(settings, "schema", "default"),
        user_agent_entry="broadsheet",
        session_configuration={
            "TIMEZONE": "UTC",
            "ANSI_MODE": "true",
            "STATEMENT_TIMEOUT": str(max(1, round(limits.seconds))),
        },
    )
    return DbApiSession(
        connection,
        cancel=lambda cursor: cursor.cancel(),
        bind=lambda values: {f"p{number}": value for number, value in enumerate(values, start=1)},
    )


WAREHOUSE = Warehouse(
    id="databricks",
    label="Databricks",
    summary="A schema behind a Databricks SQL warehouse. Texts stand in single quotes, names in double quotes or backticks.",
    settings=(
        Setting("host", "Server hostname", required=True),
        Setting("http_path", "HTTP path", required=True),
        Setting("token", "Access token", required=True, secret=True),
        Setting("catalog", "Catalogue"),
        Setting("schema", "Schema", default="default"),
    ),
    extra="databricks",
    module="databricks.sql",
    dialect="ansidatabricks",
    connect=connect,
    mark=lambda number, _value: f":p{number}",
    local="CAST(FROM_UTC_TIMESTAMP(CAST({0} AS TIMESTAMP), {1}) AS TIMESTAMP_NTZ)",
    cuts={
        "hour": "CAST(DATE_TRUNC('HOUR', {0}) AS TIMESTAMP_NTZ)",
        **{
            grain: f"CAST(DATE_TRUNC('{grain.upper()}', {{0}}) AS DATE)"
            for grain in ("day", "week", "month", "quarter", "year")
        },
        "weekday": "WEEKDAY({0})",
        "hour_of_day": "HOUR({0})",
    },
    hashed="SHA2(CONCAT({1}, CAST({0} AS STRING)), 256)",
    exact="HEX(CAST({0} AS STRING))",
    tables="SELECT table_name FROM information_schema.tables WHERE table_schema = CURRENT_SCHEMA() ORDER BY 1",
    said=Said(
        late=re.compile(r"STATEMENT_TIMEOUT|timed out|QUERY_RESULT_.*TIMEOUT|canceled|cancelled", re.IGNORECASE),
        column=re.compile(r"UNRESOLVED_COLUMN.*?name `([^\n]+?)` cannot", re.DOTALL),
        table=re.compile(r"TABLE_OR_VIEW_NOT_FOUND.*?table or view `([^\n]+?)` cannot", re.DOTALL),
        denied=re.compile(r"INSUFFICIENT_PERMISSIONS|PERMISSION_DENIED|does not have .*privilege"),
    ),
)
ENGINE = WarehouseEngine(WAREHOUSE)

"""SQL Server and Azure SQL through ODBC: read intent, limits of the session, and SQL mended where it differs most.

There is no session that only reads: give the login db_datareader alone. Sources: learn.microsoft.com, “ODBC Driver for SQL
Server”, “SET options”, “AT TIME ZONE” (which knows Windows' names alone); pyodbc's wiki.
"""

from __future__ import annotations

import re

from broadsheet.plugins import Setting
from broadsheet.sources.ports import Limits

from .description import Client, Said, Secrets, Session, Settings, Warehouse, question_mark, text_of
from .engine import WarehouseEngine
from .sessions import DbApiSession
from .transact import ZONED, adapted

CONNECT_SECONDS = 15
DRIVER = "ODBC Driver 18 for SQL Server"


def connect(client: Client, settings: Settings, secrets: Secrets, limits: Limits) -> Session:
    parts = {
        "DRIVER": text_of(settings, "driver", DRIVER),
        "SERVER": f"tcp:{text_of(settings, 'host')},{int(text_of(settings, 'port', '1433'))}",
        "DATABASE": text_of(settings, "database"),
        "UID": text_of(settings, "user"),
        "PWD": secrets.get("password", ""),
        "Encrypt": "no" if text_of(settings, "encryption") == "disable" else "yes",
        "TrustServerCertificate": "no",
        "ApplicationIntent": "ReadOnly",
        "APP": "broadsheet",
    }
    text = ";".join(f"{name}={_braced(value)}" for name, value in parts.items())
    connection = client.connect(text, autocommit=True, readonly=True, timeout=CONNECT_SECONDS)
    connection.timeout = max(1, round(limits.seconds))  # of each query; the driver then ends it at the server
    return DbApiSession(connection, cancel=lambda cursor: cursor.cancel()).set_up(
        "SET QUOTED_IDENTIFIER, ANSI_NULLS, ANSI_WARNINGS, ANSI_PADDING, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON",
        f"SET ROWCOUNT {limits.rows + 1}",
        f"SET LOCK_TIMEOUT {round(limits.seconds * 1000)}",
        "SET DATEFIRST 1",
    )


def _braced(value: str) -> str:
    """So that no sign in a value ends it."""
    return "{" + value.replace("}", "}}") + "}"


WAREHOUSE = Warehouse(
    id="sqlserver",
    label="SQL Server",
    summary="A database of Microsoft SQL Server or Azure SQL. DATETIME is taken to be in UTC.",
    settings=(
        Setting("host", "Host", required=True),
        Setting("port", "Port", kind="number", default=1433),
        Setting("database", "Database", required=True),
        Setting("user", "User", required=True),
        Setting("password", "Password", required=True, secret=True),
        Setting("encryption", "Encryption", kind="choice", default="verify-full",
                choices=(("verify-full", "required, certificate checked"), ("disable", "none"))),
        Setting("driver", "ODBC driver", default=DRIVER),
    ),
    extra="sqlserver",
    module="pyodbc",
    dialect="tsql",
    connect=connect,
    mark=question_mark,
    naive=True,  # the driver drops zones
    local=f"{ZONED}({{0}}, {{1}})",
    cuts={
        "hour": "DATETIMEFROMPARTS(YEAR({0}), MONTH({0}), DAY({0}), DATEPART(HOUR, {0}), 0, 0, 0)",
        "day": "CAST({0} AS DATE)",
        "week": "DATEADD(DAY, -(DATEDIFF(DAY, '19000101', {0}) % 7), CAST({0} AS DATE))",  # 1 January 1900 was a Monday
        "month": "DATEFROMPARTS(YEAR({0}), MONTH({0}), 1)",
        "quarter": "DATEFROMPARTS(YEAR({0}), DATEPART(QUARTER, {0}) * 3 - 2, 1)",
        "year": "DATEFROMPARTS(YEAR({0}), 1, 1)",
        "weekday": "(DATEDIFF(DAY, '19000101', {0}) % 7)",
        "hour_of_day": "DATEPART(HOUR, {0})",
    },
    hashed=(
        "CASE WHEN {0} IS NULL THEN NULL ELSE LOWER(CONVERT(VARCHAR(64), HASHBYTES('SHA2_256', CAST(CAST(CONCAT({1}, {0}) "
        "AS NVARCHAR(4000)) COLLATE Latin1_General_100_BIN2_UTF8 AS VARCHAR(8000))), 2)) END"
    ),
    exact="CAST(CAST({0} AS NVARCHAR(4000)) AS VARBINARY(8000))",
    tables="SELECT table_name FROM information_schema.tables WHERE table_schema = SCHEMA_NAME() ORDER BY 1",
    said=Said(
        late=re.compile(r"HYT00|Query timeout expired|HY008|Operation cancell?ed|Lock request time out"),
        column=re.compile(r"Invalid column name '([^']+)'|multi-part identifier \"([^\"]+)\""),
        table=re.compile(r"Invalid object name '([^']+)'"),
        denied=re.compile(r"permission was denied|read-only", re.IGNORECASE),
    ),
    adapted=adapted,
)  # fmt: skip
ENGINE = WarehouseEngine(WAREHOUSE)

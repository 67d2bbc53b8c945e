"""Amazon Redshift through its own driver: read-only transactions, a statement timeout kept by the cluster.

Sources: docs.aws.amazon.com, “redshift_connector API”, “BEGIN”, “statement_timeout”, “CONVERT_TIMEZONE”.
"""

from __future__ import annotations

import re

from broadsheet.plugins import Setting
from broadsheet.sources.ports import Limits

from .description import Client, Said, Secrets, Session, Settings, Warehouse, question_mark, text_of
from .engine import WarehouseEngine
from .sessions import DbApiSession

CONNECT_SECONDS = 30


def connect(client: Client, settings: Settings, secrets: Secrets, limits: Limits) -> Session:
    def opened() -> Client:
        return client.connect(
            host=text_of(settings, "host"),
            port=int(text_of(settings, "port", "5439")),
            database=text_of(settings, "database"),
            user=text_of(settings, "user"),
            password=secrets.get("password", ""),
            ssl=True,
            sslmode="verify-full",
            timeout=int(limits.seconds) + CONNECT_SECONDS,
            application_name="broadsheet",
        )

    def cursor(connection: Client) -> Client:
        made = connection.cursor()
        made.paramstyle = "qmark"
        return made

    def end(_cursor: Client) -> None:
        other = opened()
        try:
            other.cursor().execute(f"SELECT pg_cancel_backend({process})")
        finally:
            other.close()

    connection = opened()
    connection.autocommit = True
    session = DbApiSession(connection, cancel=end, cursor=cursor, around=("BEGIN READ ONLY", "ROLLBACK")).set_up(
        "SET timezone TO 'UTC'",
        f"SET statement_timeout TO {round(limits.seconds * 1000)}",
        f"SET search_path TO {_quoted(text_of(settings, 'schema', 'public'))}",
    )
    asking = cursor(connection)
    asking.execute("SELECT pg_backend_pid()")
    process = int(asking.fetchone()[0])
    asking.close()
    return session


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


WAREHOUSE = Warehouse(
    id="redshift",
    label="Amazon Redshift",
    summary="A schema in Amazon Redshift, in read-only transactions.",
    settings=(
        Setting("host", "Host", required=True),
        Setting("port", "Port", kind="number", default=5439),
        Setting("database", "Database", required=True),
        Setting("user", "User", required=True),
        Setting("password", "Password", required=True, secret=True),
        Setting("schema", "Schema", default="public"),
    ),
    extra="redshift",
    module="redshift_connector",
    dialect="redshift",
    connect=connect,
    mark=question_mark,
    local="CONVERT_TIMEZONE('UTC', {1}, CAST({0} AS TIMESTAMP))",
    cuts={
        "hour": "DATE_TRUNC('hour', {0})",
        **{
            grain: f"CAST(DATE_TRUNC('{grain}', {{0}}) AS DATE)"
            for grain in ("day", "week", "month", "quarter", "year")
        },
        "weekday": "MOD(CAST(EXTRACT(DOW FROM {0}) AS INTEGER) + 6, 7)",
        "hour_of_day": "CAST(EXTRACT(HOUR FROM {0}) AS INTEGER)",
    },
    hashed="SHA2({1} || CAST({0} AS VARCHAR), 256)",
    exact="SHA2(CAST({0} AS VARCHAR), 256)",  # of trailing blanks and collations, bytes are left
    tables="SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1",
    said=Said(
        late=re.compile(r"cancelled on user|statement timeout|Query .*cancell?ed"),
        column=re.compile(r'column "?([^"\n]+?)"? does not exist'),
        table=re.compile(r'relation "?([^"\n]+?)"? does not exist'),
        denied=re.compile(r"permission denied|read-only", re.IGNORECASE),
    ),
)
ENGINE = WarehouseEngine(WAREHOUSE)

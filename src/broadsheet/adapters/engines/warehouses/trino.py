"""Trino through its own client: values as prepared statements' arguments, a limit on running time kept by the coordinator.

Sources: trino.io, “Trino Python client”, “Date and time functions”, “Session properties”. What an account may do is settled
by the coordinator's access control: give it one that may only read.
"""

from __future__ import annotations

import re

from broadsheet.plugins import Setting
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.ports import Limits

from .description import Client, Said, Secrets, Session, Settings, Warehouse, question_mark, text_of
from .engine import WarehouseEngine
from .sessions import DbApiSession


def connect(client: Client, settings: Settings, secrets: Secrets, limits: Limits) -> Session:
    user, scheme = text_of(settings, "user"), text_of(settings, "scheme", "https")
    proof = None
    if secrets.get("token"):
        proof = client.auth.JWTAuthentication(secrets["token"])
    elif secrets.get("password"):
        proof = client.auth.BasicAuthentication(user, secrets["password"])
    if proof is not None and scheme != "https":
        raise QueryRefused("A password or token is sent to Trino over https alone. Change its encryption.")
    connection = client.dbapi.connect(
        host=text_of(settings, "host"),
        port=int(text_of(settings, "port", "443")),
        user=user,
        auth=proof,
        http_scheme=scheme,
        verify=True,
        catalog=text_of(settings, "catalog"),
        schema=text_of(settings, "schema"),
        source="broadsheet",
        timezone="UTC",
        request_timeout=limits.seconds,
        session_properties={"query_max_run_time": f"{limits.seconds:.0f}s"},
    )
    return DbApiSession(connection, cancel=lambda cursor: cursor.cancel())


WAREHOUSE = Warehouse(
    id="trino",
    label="Trino",
    summary="A schema of a catalogue behind Trino.",
    settings=(
        Setting("host", "Host", required=True),
        Setting("port", "Port", kind="number", default=443),
        Setting(
            "scheme", "Encryption", kind="choice", default="https", choices=(("https", "required"), ("http", "none"))
        ),
        Setting("user", "User", required=True),
        Setting("password", "Password", secret=True),
        Setting("token", "Token", secret=True, help="JWT, instead of a password."),
        Setting("catalog", "Catalogue", required=True),
        Setting("schema", "Schema", required=True),
    ),
    extra="trino",
    module="trino",
    dialect="trino",
    connect=connect,
    mark=question_mark,
    local="CAST(AT_TIMEZONE(CAST({0} AS TIMESTAMP(6) WITH TIME ZONE), {1}) AS TIMESTAMP(6))",
    cuts={
        "hour": "DATE_TRUNC('hour', {0})",
        **{
            grain: f"CAST(DATE_TRUNC('{grain}', {{0}}) AS DATE)"
            for grain in ("day", "week", "month", "quarter", "year")
        },
        "weekday": "(DAY_OF_WEEK({0}) - 1)",
        "hour_of_day": "HOUR({0})",
    },
    hashed="LOWER(TO_HEX(SHA256(TO_UTF8(CONCAT({1}, CAST({0} AS VARCHAR))))))",
    exact="TO_UTF8(CAST({0} AS VARCHAR))",
    tables="SELECT table_name FROM information_schema.tables WHERE table_schema = CURRENT_SCHEMA ORDER BY 1",
    said=Said(
        late=re.compile(r"EXCEEDED_TIME_LIMIT|maximum run time|USER_CANCELED|has been cancel"),
        column=re.compile(r"Column '([^']+)' cannot be resolved"),
        table=re.compile(r"Table '([^']+)' does not exist"),
        denied=re.compile(r"PERMISSION_DENIED|Access Denied"),
    ),
)
ENGINE = WarehouseEngine(WAREHOUSE)

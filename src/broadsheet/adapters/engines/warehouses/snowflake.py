"""Snowflake through its connector: values are bound at the server, names are found whatever their case.

It has no session that only reads: give the user a role with SELECT alone. Sources: docs.snowflake.com, “Python Connector
API”, “Parameters”, “CONVERT_TIMEZONE”.
"""

from __future__ import annotations

import re

from broadsheet.plugins import Setting
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.ports import Limits

from .description import Client, Said, Secrets, Session, Settings, Warehouse, question_mark, text_of
from .engine import WarehouseEngine
from .sessions import DbApiSession

PEM = re.compile(r"-----BEGIN ([A-Z ]+)-----(.*?)-----END \1-----", re.DOTALL)
CONNECT_SECONDS = 30  # a warehouse that sleeps has to wake


def connect(client: Client, settings: Settings, secrets: Secrets, limits: Limits) -> Session:
    connection = client.connect(
        account=text_of(settings, "account"),
        user=text_of(settings, "user"),
        warehouse=text_of(settings, "warehouse") or None,
        database=text_of(settings, "database"),
        schema=text_of(settings, "schema", "PUBLIC"),
        role=text_of(settings, "role") or None,
        paramstyle="qmark",
        autocommit=True,
        login_timeout=CONNECT_SECONDS,
        network_timeout=int(limits.seconds) + CONNECT_SECONDS,
        application="Broadsheet",
        session_parameters={
            "TIMEZONE": "UTC",
            "WEEK_START": 1,
            "QUOTED_IDENTIFIERS_IGNORE_CASE": True,  # else "buyer_id" is not what was created as buyer_id
            "STATEMENT_TIMEOUT_IN_SECONDS": max(1, round(limits.seconds)),
            "ROWS_PER_RESULTSET": limits.rows + 1,
            "QUERY_TAG": "broadsheet",
        },
        **_proof(secrets),
    )
    return DbApiSession(connection, cancel=lambda cursor: cursor.abort_query(cursor.sfqid))


def _proof(secrets: Secrets) -> dict[str, object]:
    """A private key goes before a password, which Snowflake no longer takes from services."""
    if not secrets.get("private_key"):
        return {"password": secrets.get("password", "")}
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

    try:
        key = load_pem_private_key(_in_lines(secrets["private_key"]).encode(), password=None)
    except (ValueError, TypeError) as error:
        raise QueryRefused("The private key is not one in PEM form without a password. Enter it anew.") from error
    return {"private_key": key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())}


def _in_lines(pem: str) -> str:
    """*pem* as its format wants it: a form's field of one line loses the ends of its lines."""
    found = PEM.search(pem)
    if found is None:
        return pem
    body = "".join(found[2].split())
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return "\n".join([f"-----BEGIN {found[1]}-----", *lines, f"-----END {found[1]}-----", ""])


WAREHOUSE = Warehouse(
    id="snowflake",
    label="Snowflake",
    summary="A schema in Snowflake. Names are found whatever their case.",
    settings=(
        Setting("account", "Account", required=True, help="Such as myorg-account1."),
        Setting("user", "User", required=True),
        Setting("private_key", "Private key", secret=True, help="PEM, without a password."),
        Setting("password", "Password", secret=True, help="Where there is no private key."),
        Setting("role", "Role", help="One that may only read."),
        Setting("warehouse", "Warehouse"),
        Setting("database", "Database", required=True),
        Setting("schema", "Schema", default="PUBLIC"),
    ),
    extra="snowflake",
    module="snowflake.connector",
    dialect="snowflake",
    connect=connect,
    mark=question_mark,
    naive=True,  # its binding takes instants to be without a zone, and the session is in UTC
    local="CAST(CONVERT_TIMEZONE({1}, CAST({0} AS TIMESTAMP_TZ)) AS TIMESTAMP_NTZ)",
    cuts={
        "hour": "DATE_TRUNC('HOUR', {0})",
        **{
            grain: f"CAST(DATE_TRUNC('{grain.upper()}', {{0}}) AS DATE)"
            for grain in ("day", "week", "month", "quarter", "year")
        },
        "weekday": "(DAYOFWEEKISO({0}) - 1)",
        "hour_of_day": "HOUR({0})",
    },
    hashed="SHA2(CONCAT({1}, CAST({0} AS VARCHAR)), 256)",
    exact="HEX_ENCODE(CAST({0} AS VARCHAR))",
    tables="SELECT table_name FROM information_schema.tables WHERE table_schema = CURRENT_SCHEMA() ORDER BY 1",
    said=Said(
        late=re.compile(r"statement or warehouse timeout|reached its statement|000604|000630|SQL execution canceled"),
        column=re.compile(r"invalid identifier '?([^'\n]+)'?"),
        table=re.compile(r"Object '([^']+)' does not exist"),
        denied=re.compile(r"Insufficient privileges|not authorized", re.IGNORECASE),
    ),
)
ENGINE = WarehouseEngine(WAREHOUSE)

"""What each client is told when it connects: encryption, limits, time zone, and reading alone where the vendor offers it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from broadsheet.sources.errors import QueryRefused

from .fakes import CLIENTS, SECRETS, SETTINGS, Server
from .shapes import engine_of
from .test_engine import LIMITS, opened


def options(name: str) -> dict[str, object]:
    server = Server()
    opened(name, server).query("SELECT 1", ())
    return server.opened[0]


def test_snowflake_binds_at_the_server_and_ends_late_statements_itself() -> None:
    told = options("snowflake")
    session = told["session_parameters"]
    assert isinstance(session, dict)
    assert (told["paramstyle"], told["role"], told["password"]) == ("qmark", "READS", "se}cret")
    assert (session["TIMEZONE"], session["STATEMENT_TIMEOUT_IN_SECONDS"], session["ROWS_PER_RESULTSET"]) == (
        "UTC",
        20,
        11,
    )


def test_snowflake_takes_a_private_key_before_a_password() -> None:
    key = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    server = Server()
    engine = replace(engine_of("snowflake"), load=lambda _module: CLIENTS["snowflake"](server))
    engine.open(SETTINGS["snowflake"], secrets={"private_key": key.decode(), "password": "x"}, limits=LIMITS)
    assert isinstance(server.opened[0]["private_key"], bytes)
    assert "password" not in server.opened[0]
    pasted = key.decode().replace("\n", " ")  # as a form's field of one line gives it
    engine.open(SETTINGS["snowflake"], secrets={"private_key": pasted}, limits=LIMITS)
    assert server.opened[1]["private_key"] == server.opened[0]["private_key"]
    with pytest.raises(QueryRefused, match="private key"):
        engine.open(SETTINGS["snowflake"], secrets={"private_key": "none"}, limits=LIMITS)


def test_bigquery_limits_what_a_query_may_read_and_how_long() -> None:
    told = options("bigquery")
    job = told["job"]
    assert (told["project"], told["location"], told["key"]) == ("acme", "EU", {"type": "service_account"})
    assert job.default_dataset == "acme.sales"  # type: ignore[attr-defined]
    assert (job.job_timeout_ms, job.maximum_bytes_billed, job.use_legacy_sql) == (20_000, 100_000_000_000, False)  # type: ignore[attr-defined]


def test_a_key_that_is_no_json_is_refused() -> None:
    engine = replace(engine_of("bigquery"), load=lambda _module: CLIENTS["bigquery"](Server()))
    with pytest.raises(QueryRefused, match="JSON"):
        engine.open(SETTINGS["bigquery"], secrets={"key": "not json"}, limits=LIMITS)


def test_redshift_reads_in_read_only_transactions_which_a_failure_does_not_block() -> None:
    server = Server()
    connection = opened("redshift", server)
    assert (server.opened[0]["ssl"], server.opened[0]["sslmode"]) == (True, "verify-full")
    connection.query("SELECT 1", ())
    connection.query("SELECT 2", ())
    assert [sql for sql, _ in server.asked] == [
        "SET timezone TO 'UTC'", "SET statement_timeout TO 20000", 'SET search_path TO "a""b"', "SELECT pg_backend_pid()",
        "BEGIN READ ONLY", "SELECT 1", "ROLLBACK", "BEGIN READ ONLY", "SELECT 2",
    ]  # fmt: skip


def test_trino_sends_secrets_over_tls_alone() -> None:
    told = options("trino")
    assert (told["auth"], told["http_scheme"], told["verify"], told["timezone"]) == (("basic", "reader", "se}cret"), "https", True, "UTC")  # fmt: skip
    assert told["session_properties"] == {"query_max_run_time": "20s"}
    engine = replace(engine_of("trino"), load=lambda _module: CLIENTS["trino"](Server()))
    with pytest.raises(QueryRefused, match="https alone"):
        engine.open({**SETTINGS["trino"], "scheme": "http"}, secrets=SECRETS["trino"], limits=LIMITS)


def test_clickhouse_requests_are_read_only_and_limited() -> None:
    told = options("clickhouse")
    settings = told["settings"]
    assert (told["secure"], told["verify"], told["port"]) == (True, True, 8443)
    assert isinstance(settings, dict)
    wanted = {"readonly": 2, "max_execution_time": 20, "max_result_rows": 11, "max_result_bytes": 10_000, "session_timezone": "UTC", "prefer_column_name_to_alias": 1}  # fmt: skip
    assert {name: settings[name] for name in wanted} == wanted


def test_databricks_ends_late_statements_itself() -> None:
    told = options("databricks")
    assert told["session_configuration"] == {"TIMEZONE": "UTC", "ANSI_MODE": "true", "STATEMENT_TIMEOUT": "20"}
    assert (told["access_token"], told["catalog"], told["schema"]) == ("se}cret", "main", "sales")


def test_sql_server_is_told_that_we_read_and_no_value_ends_its_connection_string() -> None:
    server = Server()
    opened("sqlserver", server)
    text = server.opened[0]["text"]
    assert server.opened[0]["readonly"] is True
    for part in (
        "Encrypt={yes}",
        "TrustServerCertificate={no}",
        "ApplicationIntent={ReadOnly}",
        "DATABASE={sa;les}",
        "PWD={se}}cret}",
    ):
        assert part in text
    assert [sql for sql, _ in server.asked][1:3] == ["SET ROWCOUNT 11", "SET LOCK_TIMEOUT 20000"]

"""What each database would run besides reading, refused in its own dialect; and what its authors use, let through."""

from __future__ import annotations

import pytest

from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.ports import ENGINES
from broadsheet.sources.secured.guard import checked_select

pytestmark = pytest.mark.feature("SEC-07")

REFUSED = {
    "snowflake": [
        "select system$cancel_all_queries(1)", "select * from table(result_scan(last_query_id()))", "select * from @stage/file",
        "select $1 from @~", "select * from snowflake.account_usage.query_history", "select * from information_schema.tables",
        "call p()", "execute immediate 'x'", "select current_role()", "select get_ddl('table', 't')", "select seq.nextval",
        "select * from identifier('orders')", "show tables", "copy into @s from t", "select * from t ->> select 1",
    ],
    "bigquery": [
        "select * from external_query('c', 'select 1')", "select * from ml.predict(model m, table t)", "select session_user()",
        "select * from `region-us`.INFORMATION_SCHEMA.JOBS", "select * from `p.d.INFORMATION_SCHEMA.TABLES`",
        "select * from d.INFORMATION_SCHEMA.TABLES", "select * from `events_*`", "select @@session_id", "select @p1",
        "create temp function f() as (1); select f()", "export data options(uri='x') as select 1", "select error('x')",
        "declare x int64; select 1", "select keys.new_keyset('x')", "assert true",
    ],
    "redshift": [
        "select * from stl_query", "select * from svv_tables", "select * from sys_query_history", "select * from pg_user",
        "select pg_sleep(1)", "select pg_terminate_backend(1)", "unload ('select 1') to 's3://x'", "copy t from 's3://x'",
        "select lambda_f(1)", "select current_user", "select a into b from t",
    ],
    "trino": [
        "select * from system.runtime.queries", "select * from table(query('x'))", "select current_user", "select fail('x')",
        "select * from table(c.system.query(query => 'x'))", "call system.kill_query('x')", 'select * from "orders$partitions"',
    ],
    "clickhouse": [
        "select * from url('http://x', 'CSV')", "select * from file('x')", "select * from remote('h', db, t)", "select sleep(1)",
        "select * from system.tables", "select dictGet('d', 'a', 1)", "select file('x')", "select currentUser()",
        "select * from orders settings readonly = 0", "select * from orders format CSV", "select * from orders into outfile 'x'",
        "select * from numbers(10)", "select * from s3('x')", "select * from mysql('h', 'd', 't', 'u', 'p')", "select hostName()",
        "select {p1:String}", "select getSetting('x')", "select sleepEachRow(1)", "select * from merge('x')",
    ],
    "databricks": [
        "select * from csv.`/path`", "select * from parquet.`s3://x`", "select * from read_files('/x')", "select secret('a', 'b')",
        "select java_method('java.lang.System', 'exit')", "select reflect('x', 'y')", "select current_user()",
        "select transform(a) using 'cat' from t", "select * from system.access.audit", "select ai_query('m', 'x')",
        "select * from remote_query('x')", "select :p1", "select * from table_changes('t', 1)", "select input_file_name()",
        "select * from identifier('orders')", "select * from range(10)",
    ],
    "sqlserver": [
        "select * from openrowset('x', 'y', 'z')", "select * from openquery(s, 'x')", "exec xp_cmdshell 'x'", "select @@version",
        "select * from sys.tables", "select suser_name()", "waitfor delay '0:0:5'", "select * into x from t", "declare @x int",
        "select next value for s", "select * from t for xml auto", "select * from t option (maxdop 1)", "select dbo.f(1)",
        "select * from db.dbo.t", "select * from server.db.dbo.t", "select object_id('x')", "select 1; exec x",
    ],
}  # fmt: skip
LET_THROUGH = {
    "snowflake": [
        "dateadd(day, 1, d)",
        "iff(a > 1, b, c)",
        "div0(a, b)",
        "listagg(a, ',')",
        "to_varchar(d)",
        "a || 'x'",
    ],
    "bigquery": [
        "date_add(d, interval 1 day)",
        "countif(a > 1)",
        "safe_divide(a, b)",
        "format_date('%Y', d)",
        "a || 'x'",
    ],
    "redshift": ["dateadd(day, 1, d)", "listagg(a, ',')", "nvl(a, b)", "convert_timezone('UTC', 'CET', d)", "a || 'x'"],
    "trino": ["date_add('day', 1, d)", "count_if(a > 1)", "approx_distinct(a)", "json_extract_scalar(a, '$.b')"],
    "clickhouse": ["toStartOfMonth(d)", "countIf(a > 1)", "uniqExact(a)", "quantile(0.5)(a)", "multiIf(a > 1, b, c)"],
    "databricks": ["date_add(d, 1)", "count_if(a > 1)", "collect_set(a)", "months_between(d, d)", "a || 'x'"],
    "sqlserver": [
        "dateadd(day, 1, d)",
        "iif(a > 1, b, c)",
        "isnull(a, b)",
        "string_agg(a, ',')",
        "eomonth(d)",
        "a + 'x'",
    ],
}


@pytest.mark.parametrize(("engine", "sql"), [(name, sql) for name, texts in REFUSED.items() for sql in texts])
def test_what_does_more_than_read_is_refused(engine: str, sql: str) -> None:
    with pytest.raises(QueryRefused):
        checked_select(sql, dialect=ENGINES.get(engine).dialect)


@pytest.mark.parametrize(("engine", "sql"), [(name, sql) for name, texts in LET_THROUGH.items() for sql in texts])
def test_what_authors_use_is_let_through(engine: str, sql: str) -> None:
    dialect = ENGINES.get(engine).dialect
    once = checked_select(f"select {sql} as x from t", dialect=dialect).sql(dialect=dialect)
    assert checked_select(once, dialect=dialect).sql(dialect=dialect) == once

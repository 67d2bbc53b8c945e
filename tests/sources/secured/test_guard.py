"""Nothing but one read-only SELECT of known functions passes the guard."""

from __future__ import annotations

import pytest

from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.secured.guard import checked_expression, checked_select

pytestmark = pytest.mark.feature("SEC-07")

ALLOWED = [
    "select 1",
    "select a, count(*) filter (where b) from t group by a",
    "with x as (select * from t) select * from x union all select * from x",
    "select sum(a) over (partition by b order by c) from t",
    "select t.*, u.name from t join u using (id) where t.at > date '2026-01-01'",
    "select case when a then 1 else 0 end, coalesce(b, 0), cast(c as double) from t",
    "select * from (values (1), (2)) as v(a)",
]
REFUSED = [
    "select 1; select 2",
    "select 1; drop table t",
    "drop table t",
    "insert into t values (1)",
    "update t set a = 1",
    "delete from t",
    "with x as (delete from t returning *) select * from x",
    "create table x as select 1",
    "select * into x from t",
    "copy t to '/tmp/x'",
    "attach '/tmp/x.db'",
    "pragma database_list",
    "set memory_limit = '1GB'",
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from 'other.parquet'",
    "select getenv('HOME')",
    "select pg_read_file('/etc/passwd')",
    "select pg_sleep(10)",
    "select load_extension('x')",
    "select * from duckdb_settings()",
    "select * from information_schema.tables",
    "select * from sqlite_master",
    "select * from pg_shadow",
    "select 1 from t for update",
    "select $1",
    "select (",
    "",
]


@pytest.mark.parametrize("sql", ALLOWED)
def test_reading_is_allowed(sql: str) -> None:
    assert checked_select(sql, dialect="duckdb") is not None


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "sqlite"])
@pytest.mark.parametrize("sql", REFUSED)
def test_everything_else_is_refused(sql: str, dialect: str) -> None:
    with pytest.raises(QueryRefused):
        checked_select(sql, dialect=dialect)


@pytest.mark.parametrize("sql", ["sum(cost)", "count(*) filter (where a)", "sum(a) / nullif(sum(b), 0)", "avg(a) as x"])
def test_expressions_over_columns_are_allowed(sql: str) -> None:
    assert checked_expression(sql, dialect="duckdb").sql()


@pytest.mark.parametrize("sql", ["a, b", "a from t", "(select max(a) from t)", "a) from t --", "a where 1=1"])
def test_expressions_that_are_more_are_refused(sql: str) -> None:
    with pytest.raises(QueryRefused):
        checked_expression(sql, dialect="duckdb")


def test_a_broken_query_says_where() -> None:
    with pytest.raises(QueryRefused, match=r"line 2, column \d+"):
        checked_select("select a\nfrom t where (", dialect="duckdb")


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT . FROM x", "line 1, column 8, near “.” after “SELECT”"),
        ("SELECT a\nFROM x\nWHER y IS 1 z", "line 3, column 6, near “y” after “WHER”"),
        ("SELECT sum(a FROM x", "line 1, column 14, near “FROM” after “sum(a”, where “)” is missing"),
        ("SELECT 'abc FROM x", "its end"),
    ],
)
def test_a_mistake_is_told_with_its_word_and_place(sql: str, said: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        checked_select(sql, dialect="duckdb")
    assert str(refused.value) == f"The query cannot be read: {said}. Check commas, quotes and brackets there."


def test_a_mistake_in_an_expression_counts_from_its_own_beginning() -> None:
    with pytest.raises(QueryRefused) as refused:
        checked_expression("sum(.)", dialect="duckdb")
    assert "line 1, column 5, near “.” after “sum(”" in str(refused.value)

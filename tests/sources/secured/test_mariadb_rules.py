"""Rules on rows against what is special about MariaDB and MySQL: texts that it takes for equal, types that it mixes, words
and comments of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from tests.plugins.mariadb import Place

from broadsheet.core.document.tables import Ask, Grouping, Value
from broadsheet.core.policy import Reader, RowRule
from broadsheet.sources.answers import Question, answer
from broadsheet.sources.dataset import Dataset, Dimension, Metric
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.ports import ENGINES, Connection, Limits
from broadsheet.sources.secured.guard import checked_select
from broadsheet.sources.secured.securing import rules_of, secured

ENGINE = ENGINES.get("mariadb")
LIMITS = Limits(seconds=5)
NOW = datetime(2026, 11, 24, tzinfo=UTC)
DEALS = [("ACME", 5, 1), ("acme", 5, 10), ("acme ", 5, 100), ("Àcme", 6, 1000), (None, 6, 10000), ("5", 7, 100000)]
RULE = RowRule("buyer", "buyer")


@pytest.fixture(scope="module")
def place(mariadb_server: Place) -> Place:
    mariadb_server.run("drop database if exists rules", "create database rules")
    table = "create table deals (buyer varchar(20), area int, price int, key (buyer)) collate utf8mb4_general_ci"
    copy = "create table latin (buyer varchar(20), price int) character set latin1"
    rows = [f"insert into deals values ({'null' if who is None else repr(who)}, {area}, {price})" for who, area, price in DEALS]  # fmt: skip
    copied = "insert into latin select buyer, price from deals where buyer is not null"
    many = ["create table many like deals", "insert into many select concat('b', seq), 1, 1 from seq_1_to_2000"]
    mariadb_server.run(table, *rows, copy, copied, *many, "analyze table many", database="rules")
    return mariadb_server


@pytest.fixture
def connection(place: Place) -> Iterator[Connection]:
    settings = {"host": place.host, "port": place.port, "database": "rules", "user": "root"}
    opened = ENGINE.open(settings, secrets={}, limits=LIMITS)
    yield opened
    opened.close()


def dataset(table: str = "deals", rows: Sequence[RowRule] = (RULE,), **more: object) -> Dataset:
    dimensions = {name: Dimension(name, "text", name) for name in ("buyer", "area")}
    metrics = {"price": Metric("price", "sum(price)", "Price"), "n": Metric("n", "count(*)", "N")}
    return Dataset("deals", f"select * from {table}", dimensions, metrics, rows=tuple(rows), **more)  # type: ignore[arg-type]


def seen(
    connection: Connection, asked: Dataset, ask: Ask, readers: Sequence[Value]
) -> dict[Value, list[tuple[Value, ...]]]:
    questions = [Question(str(one), ask, Reader(str(one), str(one), attributes={"buyer": one})) for one in readers]
    found = answer(asked, questions, engine=ENGINE, connection=connection, limits=LIMITS, as_of=NOW)
    return {one: list(found[str(one)].rows) for one in readers}


READERS = ["ACME", "acme", "acme ", "Àcme", "Acme", "acme\x00"]
MINE = {"ACME": [(1, 1)], "acme": [(10, 1)], "acme ": [(100, 1)], "Àcme": [(1000, 1)], "Acme": [], "acme\x00": []}


@pytest.mark.database
@pytest.mark.feature("SEC-07")
@pytest.mark.parametrize("table", ["deals", "latin"])
class TestTextsAlikeToTheDatabase:
    """“ACME”, “acme”, “acme ” and “Àcme” are equal in the column's collation, and four readers."""

    def test_all_are_dealt_their_own_rows(self, connection: Connection, table: str) -> None:
        by = Ask("deals", ("price", "n"), (Grouping("buyer"),))
        found = seen(connection, dataset(table), by, READERS)
        assert {who: [row[1:] for row in rows] for who, rows in found.items()} == MINE

    def test_sums_over_everything_are_their_own(self, connection: Connection, table: str) -> None:
        found = seen(connection, dataset(table), Ask("deals", ("price", "n")), READERS)
        assert {who: rows for who, rows in found.items() if rows} == {who: rows for who, rows in MINE.items() if rows}

    def test_rules_of_tables_hold_to_the_letter(self, connection: Connection, table: str) -> None:
        ruled = dataset(table, rows=(), tables=rules_of({table: (RULE,)}))
        found = seen(connection, ruled, Ask("deals", ("n",)), READERS)
        assert found == {who: [(rows[0][1] if rows else 0,)] for who, rows in MINE.items()}

    def test_two_rules_hold_to_the_letter(self, connection: Connection, table: str) -> None:
        asked = dataset("deals", rows=(RULE, RowRule("area", "area")))
        readers = [Reader(who, who, attributes={"buyer": who, "area": 5}) for who in ("ACME", "acme", "Àcme")]
        questions = [Question(one.key, Ask("deals", ("price",)), one) for one in readers]
        found = answer(asked, questions, engine=ENGINE, connection=connection, limits=LIMITS, as_of=NOW)
        assert [found[one].rows for one in ("ACME", "acme", "Àcme")] == [((1,),), ((10,),), ()]


@pytest.mark.database
@pytest.mark.feature("SEC-07")
@pytest.mark.parametrize("value", [0, False, 0.0, True, "0", "", "acme' or '1'='1", "acme\\", "%", "_cme"])
def test_a_value_of_another_type_meets_no_text(connection: Connection, value: Value) -> None:
    """To the server 'acme' = 0 holds."""
    assert seen(connection, dataset(), Ask("deals", ("n",), (Grouping("buyer"),)), [value]) == {value: []}
    ruled = dataset(rows=(), tables=rules_of({"deals": (RULE,)}))
    assert seen(connection, ruled, Ask("deals", ("n",)), [value]) == {value: [(0,)]}


@pytest.mark.database
@pytest.mark.feature("SEC-07")
def test_a_text_that_begins_like_a_number_meets_no_number(connection: Connection) -> None:
    asked = dataset(rows=(RowRule("area", "buyer"),))
    found = seen(connection, asked, Ask("deals", ("n",)), [5, "5 or more", "5abc"])
    assert found == {5: [(3,)], "5 or more": [], "5abc": []}


@pytest.mark.database
def test_an_index_on_the_rules_column_is_used(connection: Connection) -> None:
    found = secured("select price from many", rules_of({"many": (RULE,)}), engine=ENGINE)
    [plan] = [row for row in connection.query(f"explain {found.sql}", ("b7",)).to_pylist() if row["table"] == "many"]
    assert plan["key"] == "buyer"


ATTACKS = [
    "select load_file('/etc/passwd')",
    "select sleep(5)",
    "select benchmark(1000000000, md5('x'))",
    "select get_lock('a', 10)",
    "select release_all_locks()",
    "select @x := 5",
    "select @x",
    "select @@version",
    "select * from deals into @x",
    "select 1 into outfile '/tmp/x'",
    "select * from deals into dumpfile '/tmp/x'",
    "select * from deals for update",
    "select * from deals for share",
    "select * from deals lock in share mode",
    "select * from deals procedure analyse()",
    "handler deals open",
    "handler deals read first",
    "select nextval(s)",
    "select next value for s",
    "select previous value for s",
    "select lastval(s)",
    "select updatexml(1, concat(0x7e, (select 1)), 1)",
    "select extractvalue(1, concat(0x7e, (select 1)))",
    "select user()",
    "select current_user",
    "select database()",
    "select version()",
    "select connection_id()",
    "select {fn sleep(5)}",
    "select rules.total(1)",
    "select `rules`.max(price) from deals",
    "select /*+ MAX_EXECUTION_TIME(0) */ 1",
    "select /*+ SET_VAR(sql_mode = '') */ 1",
    "select /*+ NO_MERGE(d) */ 1 from deals d",
    "select * from information_schema.tables",
    "select * from INFORMATION_SCHEMA.processlist",
    "select * from mysql.global_priv",
    "select * from `mysql`.`user`",
    "select * from MySQL.user",
    "select * from performance_schema.threads",
    "select * from sys.session",
    "select * from json_table('[1]', '$[*]' columns (a int path '$')) j",
    "call p()",
    "do sleep(5)",
    "set @x = 1",
    "show tables",
    "explain select 1",
    "analyze select 1",
    "prepare s from 'select 1'",
    "execute s",
    "execute immediate 'select 1'",
    "kill 1",
    "use mysql",
    "load data infile '/etc/passwd' into table deals",
    "values (1)",
    "select 1; select 2",
    'select "a',
    "select `$1` from deals",
    "select $1 from deals",
    "select ? from deals",
]


@pytest.mark.feature("SEC-07")
@pytest.mark.parametrize("sql", ATTACKS)
def test_what_writes_waits_locks_or_tells_of_the_server_is_refused(sql: str) -> None:
    with pytest.raises(QueryRefused):
        checked_select(sql, dialect="mariadb")


HIDING = [
    "select price from deals /*! union select price from rules.deals */",
    "select price from deals /*!50000 union all select price from deals */",
    "select price from deals /*M! union all select price from deals */",
    "select price from deals -- x\n",
    "select price from deals # x\n",
    "select price from/*! */deals",
    "select /* x */ price /* y */ from /* z */ deals /* w */",
]


@pytest.mark.database
@pytest.mark.feature("SEC-07")
@pytest.mark.parametrize("sql", HIDING)
def test_nothing_runs_from_a_comment(connection: Connection, sql: str) -> None:
    found = secured(sql, rules_of({"deals": (RULE,)}), engine=ENGINE)
    assert "/*" not in found.sql
    assert connection.query(found.sql, ("ACME",)).column(0).to_pylist() == [1]


AROUND = [
    "table deals",
    "(table deals)",
    "select * from (table deals) x",
    "select * from deals where 0 union all table deals",
    "select * from rules.deals",
    "select * from `rules`.`deals`",
    "select * from DEALS",
    "select * from rules . deals",
    "select deals.* from deals straight_join deals b on b.buyer = deals.buyer",
    "select * from (deals)",
    "select * from ((select * from deals)) x",
    "select x.* from deals x natural join deals y",
    "select * from (deals a)",
    "with x as (select * from deals) select * from x",
    "select sql_no_cache * from deals",
    "select distinctrow * from deals",
    "select * from deals where price in (select price from deals)",
    "select * from deals where (price) = any (select price from deals)",
    "select * from deals where exists (table deals)",
]


@pytest.mark.database
@pytest.mark.feature("SEC-07")
@pytest.mark.parametrize("sql", AROUND)
def test_no_spelling_of_a_table_goes_around_its_rule(connection: Connection, sql: str) -> None:
    try:
        found = secured(sql, rules_of({"deals": (RULE,)}), engine=ENGINE)
    except QueryRefused:
        return
    assert {row["buyer"] for row in connection.query(found.sql, ("ACME",)).to_pylist()} == {"ACME"}


ALIKE_TO_THE_SERVER = ["tİckets", "TİCKETS", "tic\u212aets", "TICKETS", "tickets"]


@pytest.mark.database
@pytest.mark.feature("SEC-07")
@pytest.mark.parametrize("name", ALIKE_TO_THE_SERVER)
def test_a_name_that_the_server_folds_has_the_rule(place: Place, connection: Connection, name: str) -> None:
    place.run("create or replace table tickets as select * from deals", database="rules")
    whole = connection.query(f'select * from "{name}"', ()).num_rows
    found = secured(f'select * from "{name}"', rules_of({"tickets": (RULE,)}), engine=ENGINE)
    assert (whole, connection.query(found.sql, ("ACME",)).num_rows) == (6, 1)


@pytest.mark.parametrize("name", ["İnformation_schema", "MYSQL", "mysql "])
def test_a_catalogue_by_another_spelling_is_one(name: str) -> None:
    with pytest.raises(QueryRefused, match="outside the source"):
        checked_select(f'select * from "{name}".tables', dialect="mariadb")


REFUSED = ["select * from deals partition (p0)", "select * from deals for system_time all", "select * from deals use index (buyer)"]  # fmt: skip


@pytest.mark.parametrize("sql", REFUSED)
def test_what_cannot_be_secured_is_refused(sql: str) -> None:
    with pytest.raises(QueryRefused, match="cannot be read with"):
        secured(sql, rules_of({"deals": (RULE,)}), engine=ENGINE)


SAID = [
    ("select 'a\\b'", "a\\b"),
    ("select '\\'", "\\"),
    ("select 'it''s'", "it's"),
    ("select 'a' || 'b' || 1 + 1", "ab2"),
    ("select '\"'", '"'),
    ("select 'x' \"y\" from deals limit 1", "x"),
    ("select '/* x */'", "/* x */"),
]


@pytest.mark.database
@pytest.mark.parametrize(("sql", "said"), SAID)
def test_texts_and_names_are_read_as_the_guard_reads_them(connection: Connection, sql: str, said: str) -> None:
    text = checked_select(sql, dialect="mariadb").sql(dialect="mariadb")
    [found] = connection.query(text, ()).column(0).to_pylist()
    assert str(found) == said


USEFUL = """
date_format(d, '%Y-%m-01') | str_to_date('2026-01-02', '%Y-%m-%d') | timestampdiff(day, d, d) | unix_timestamp(d)
timestampadd(hour, 1, d) | from_unixtime(0) | json_unquote(json_extract('{"a": 1}', '$.a')) | if(1, 2, 3) | ifnull(null, 2)
substring_index('a,b', ',', 1) | find_in_set('a', 'a,b') | field('a', 'b', 'a') | yearweek(d) | weekday(d) | last_day(d)
convert_tz(d, '+00:00', '+02:00') | group_concat(d separator ';') | count(distinct d) | d <=> null | 7 div 2 | 'a' regexp 'b'
cast(d as char) | convert('x' using utf8mb4) | date_add(d, interval 1 month) | truncate(1.25, 1) | concat_ws('-', 'a', 'b')
hex('a') | left('abc', 2) | greatest(1, 2) | std(1) | sum(1) over () | row_number() over (order by d) | now() > d
""".replace("\n", " | ").strip(" |").split(" | ")  # fmt: skip


@pytest.mark.database
@pytest.mark.parametrize("expression", USEFUL)
def test_useful_functions_pass_the_guard_and_run(connection: Connection, expression: str) -> None:
    sql = f"select {expression} as x from (select date '2026-01-02' as d) t group by d"
    assert connection.query(checked_select(sql, dialect="mariadb").sql(dialect="mariadb"), ()).num_rows == 1

"""Values arrive as they are, whatever is in them, and stand only where a value is asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.adapters.engines.mariadb.binding import bound, literal
from broadsheet.adapters.engines.mariadb.connection import MariaConnection
from broadsheet.core.document.tables import Value
from broadsheet.sources.errors import QueryRefused


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select $1, $2, $1", "select 7, 8, 7"),
        ("select '$1', '''$1', '\\', $1", "select '$1', '''$1', '\\', 7"),
        ('select "$1", `$1`, "a""$1", $1', 'select "$1", `$1`, "a""$1", 7'),
        ("select a$1, $1a, $1 from t", "select a$1, $1a, 7 from t"),
        ("select 1 /* $1 */, $1 -- $1\n, $1 # $1", "select 1 /* $1 */, 7 -- $1\n, 7 # $1"),
        ("select 5--$1", "select 5--7"),
    ],
)
def test_only_what_stands_in_for_a_value_is_replaced(sql: str, expected: str) -> None:
    assert bound(sql, (7, 8)) == expected


def test_a_value_that_looks_like_a_mark_is_not_replaced_again() -> None:
    assert bound("select $1, $2", ("$2", 5)) == "select _utf8mb4 X'2432', 5"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), "\ud800"])
def test_what_no_literal_can_say_is_refused(value: Value) -> None:
    with pytest.raises(QueryRefused):
        literal(value)


@pytest.mark.parametrize("sql", ["select 1;", "select 1 INTO @x", "select 1 into/**/outfile '/x'"])
def test_a_statement_that_goes_elsewhere_is_refused(sql: str) -> None:
    with pytest.raises(QueryRefused, match="only reads"):
        bound(sql, ())


def test_those_words_may_stand_in_texts_and_names() -> None:
    sql = "select 'a; into', \"into\", into_x, `;` from t -- ;"
    assert bound(sql, ()) == sql


SAMPLES: list[Value] = ["", "it's", 'a"b', "back\\slash", "\\' or 1=1 -- ", "nul\x00", "日本 😀", "%s %(x)s", -5, 2**63, 0.1, 1e300, -2.5, True, None, Decimal("-12.50"), Decimal("1E+3")]  # fmt: skip


@pytest.mark.database
@pytest.mark.parametrize("value", SAMPLES, ids=repr)
def test_a_value_comes_back_as_it_was_sent(connection: MariaConnection, value: Value) -> None:
    [found] = connection.query("select $1 as v", (value,)).column(0).to_pylist()
    assert found == value or (value is True and found == 1)


@pytest.mark.database
def test_instants_are_sent_in_utc(connection: MariaConnection) -> None:
    moment = datetime(2026, 10, 1, 5, 30, 0, 250_000, tzinfo=timezone(timedelta(hours=2)))
    found = connection.query(
        "select id from kinds where at = $1 and seen < $1 and day = $2", (moment, date(2026, 10, 1))
    )
    assert found.column(0).to_pylist() == [1]
    [read] = connection.query("select at from kinds where id = 1", ()).column(0).to_pylist()
    assert read == moment
    assert read.tzinfo == UTC or str(read.tzinfo) == "UTC"


@pytest.mark.database
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text())
def test_any_text_comes_back_as_it_was_sent(connection: MariaConnection, text: str) -> None:
    assert connection.query("select $1 as v", (text,)).column(0).to_pylist() == [text]

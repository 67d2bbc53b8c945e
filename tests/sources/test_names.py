"""Names that a database may take for one are one to a rule."""

from __future__ import annotations

import pytest

from broadsheet.core.policy import RowRule
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.names import folded
from broadsheet.sources.ports import ENGINES
from broadsheet.sources.secured.securing import rules_of, secured

pytestmark = pytest.mark.feature("SEC-07")
RULES = rules_of({"orders": (RowRule("buyer", "buyer"),)})


@pytest.mark.parametrize("name", ["ORDERS", "órders", "ｏrders", "orders ", "orderſ", "o\u0308rders", "Orders"])
def test_spellings_of_one_name_are_equal(name: str) -> None:
    assert folded(name) == "orders"


@pytest.mark.parametrize("name", ["order", "orders2", "ordres", "orders_"])
def test_other_names_are_not(name: str) -> None:
    assert folded(name) != "orders"


@pytest.mark.parametrize("engine", ["sqlserver", "mariadb", "duckdb"])
def test_each_spelling_of_a_table_has_its_rule(engine: str) -> None:
    for name in ("ORDERS", "órders", "orders "):
        assert secured(f'select * from "{name}"', RULES, engine=ENGINES.get(engine)).attributes == ("buyer",)


def test_where_a_collation_decides_names_of_other_signs_are_refused_beside_a_rule() -> None:
    with pytest.raises(QueryRefused, match="another name of a table with a row rule"):
        secured('select * from "ærders"', RULES, engine=ENGINES.get("sqlserver"))
    assert secured('select * from "ærders"', (), engine=ENGINES.get("sqlserver")).attributes == ()
    assert secured('select * from "ærders"', RULES, engine=ENGINES.get("mariadb")).attributes == ()

"""Rules on a source's tables are kept only where they can hold, and then hold over a whole run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.plugins.django import NOW

from broadsheet.core.document.loading import DefinitionError
from broadsheet.core.document.tables import Ask
from broadsheet.core.policy import Reader
from broadsheet.sources.actions.ask import Request, answer_all

pytestmark = pytest.mark.feature("SEC-07")
RULES = "tables: {orders: {rows: [{column: buyer_id, equals: reader.buyer_id}]}}\n"


@pytest.fixture
def keep(shop: dict[str, str], organization: Any) -> Callable[..., None]:
    """Apply the shop again, with *rules* on its source and *old* replaced by *new*."""
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply

    def kept(rules: str = RULES, old: str = "", new: str = "") -> None:
        text = shop["shop.yaml"].replace("engine: duckdb\n", f"engine: duckdb\n{rules}", 1).replace(old, new)
        apply(system_actor(organization.pk), {"shop.yaml": text}, now=NOW)

    return kept


def spent(organization: Any, **attributes: str) -> tuple[Any, ...]:
    reader = Reader("r", "r", attributes=attributes)
    return answer_all(organization.pk, [Request("a", Ask("orders", metrics=("bought",)), reader)], as_of=NOW)["a"].rows


WITHOUT = "rows: [{column: buyer_id, equals: reader.buyer_id}]\ndimensions: {day"


def test_they_hold_where_the_dataset_itself_has_no_rule(keep, organization):
    keep(RULES, WITHOUT, "dimensions: {day")
    assert spent(organization, buyer_id="b1") == ((3,),)
    assert spent(organization, buyer_id="b2") == ((2,),)
    assert spent(organization) == ()


def test_they_hold_against_an_author_who_unites_and_hides(keep, organization):
    sql = "sql: select * from (select * from orders union all select * from main.orders) where price < 1000"
    keep(RULES, "sql: select * from orders", sql)
    assert spent(organization, buyer_id="b2") == ((4,),)


def test_a_run_shows_each_buyer_their_own_rows_alone(keep, organization, finish):
    from broadsheet.access.queries import system_actor
    from broadsheet.runs.actions.run_now import run_now

    keep(RULES, WITHOUT, "dimensions: {day")
    run = finish(run_now(system_actor(organization.pk), "buyers-monday", now=NOW))
    assert run.state == "accepted"
    assert sorted(run.slices.values_list("rows", flat=True)) == [3, 3, 4]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("tables: {ordres: {rows: [{column: buyer_id, equals: reader.buyer_id}]}}\n", "no table “ordres”"),
        ("tables: {orders: {rows: [{column: buyerid, equals: reader.buyer_id}]}}\n", "no column “buyerid”"),
        ("tables: {orders: {rows: []}}\n", "rows"),
    ],
)
def test_a_rule_that_would_protect_nothing_is_refused(keep, rules: str, said: str):
    with pytest.raises(DefinitionError, match=said):
        keep(rules)


def test_a_dataset_that_could_not_be_secured_is_named(keep, organization):
    from broadsheet.sources.models import Source

    keep("", "sql: select * from orders", "sql: with orders as (select * from orders) select * from orders")
    with pytest.raises(DefinitionError, match="“orders” cannot be asked with these rules"):
        keep(RULES, "sql: select * from orders", "sql: with orders as (select * from orders) select * from orders")
    assert "tables" not in Source.objects.get(organization=organization).definition


def test_a_schedule_whose_audience_gives_no_attribute_is_refused(keep):
    with pytest.raises(DefinitionError, match=r"shows rows by reader\.region"):
        keep(RULES.replace("reader.buyer_id", "reader.region"), WITHOUT, "dimensions: {day")

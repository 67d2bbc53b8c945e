"""Rules on a source's tables are kept only where they can hold, and then hold over a whole run."""

from __future__ import annotations

from typing import Any

import pytest
from tests.plugins.django import NOW
from tests.sources.actions.conftest import RULES

from broadsheet.core.document.loading import DefinitionError
from broadsheet.core.document.tables import Ask
from broadsheet.core.policy import Reader
from broadsheet.sources.actions.ask import Request, answer_all

pytestmark = pytest.mark.feature("SEC-07")


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
        ("tables: {main.orders: {rows: [{column: buyer_id, equals: reader.buyer_id}]}}\n", "without its schema"),
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


def test_two_spellings_of_a_table_have_the_rules_of_both(keep, organization):
    keep(
        f"{RULES.rstrip()[:-1]}, Orders: {{rows: [{{column: buyer_id, equals: reader.buyer}}]}}}}\n",
        WITHOUT,
        "dimensions: {day",
    )
    assert spent(organization, buyer_id="b1", buyer="b1") == ((3,),)
    assert spent(organization, buyer_id="b1", buyer="b2") in ((), ((0,),))


class TestAwaySources:
    """Nobody can tell whether a rule would hold on a source that does not answer."""

    def test_rules_are_refused_there_when_they_are_new_or_changed_or_the_source_moves(
        self, keep, organization, tmp_path
    ):
        with pytest.raises(DefinitionError, match="The rules could not be tried"):
            keep(RULES, f'files: ["{tmp_path}/shop"]', "files: [/nowhere/at/all]")
        keep(RULES)
        (tmp_path / "shop").rename(tmp_path / "away")
        with pytest.raises(DefinitionError, match="The rules could not be tried"):
            keep(RULES.replace("reader.buyer_id", "reader.buyer"))
        with pytest.raises(DefinitionError, match="The rules could not be tried"):
            keep(RULES, f'files: ["{tmp_path}/shop"]', "files: [/nowhere/at/all]")

    def test_those_that_were_tried_stay_when_something_else_changes(self, keep, organization, tmp_path):
        from broadsheet.sources.models import Source

        keep(RULES)
        (tmp_path / "shop").rename(tmp_path / "away")
        keep(RULES, "label: The shop", "label: Closed")
        assert Source.objects.get(organization=organization).label == "Closed"

"""The enemies: another tenant's dataset, an editor who may not see the rows or the field, names that are not there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.core.document.loading import DefinitionError, load
from broadsheet.core.policy.roles import ROLES, Refused
from broadsheet.operations.definitions.apply import apply
from broadsheet.schedules.actions.ask_conditions import conditions_now
from broadsheet.schedules.actions.save import save_schedule
from broadsheet.schedules.conditions.queries import standing
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.queries import definition_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SCH-16"), pytest.mark.feature("SCH-17")]
SCHEDULE = """\
schedule: guarded
report: purchases
when: {every: day, at: "08:00"}
audience: {people: [{name: Ada, address: ada@ada.example, attributes: {buyer_id: b1}}]}
channels: [{channel: inbox}]
CONDITIONS
"""
SPENT = 'only_if: {dataset: orders, metric: spent, period: "2026-10", above: 1}'


def keep(actor: Any, conditions: str) -> str:
    """The problems of the schedule with these conditions, as a person reads them; empty: it was kept."""
    [loaded] = load(SCHEDULE.replace("CONDITIONS", conditions), file="guarded")
    try:
        save_schedule(actor, loaded, now=NOW)
    except DefinitionError as error:
        return " ".join(f"{one.path}: {one.message} {one.fix}" for one in error.problems)
    return ""


def without(actor: Any, *permissions: str) -> Any:
    """Somebody with the actor's role, but not these permissions."""
    return replace(actor, permissions=frozenset(ROLES[actor.role]) - set(permissions))


CASES = [
    ("only_if: {dataset: order, metric: spent, above: 1}", "only_if.dataset: There is no dataset “order”. Did you mean “orders”?"),
    ("only_if: {dataset: orders, metric: spend, above: 1}", "only_if.metric: Dataset “orders” has no metric “spend”. Did you mean “spent”?"),
    ("only_if: {dataset: orders, metric: spent, above: 1, where: [{dimension: shop, equals: x}]}", "only_if.where.0.dimension: Dataset “orders” has no dimension “shop”."),
    ("only_if: {dataset: buyers, metric: buyers, above: 1}", "only_if.dataset: Dataset “buyers” does not say what its time is."),
    ("only_if: {dataset: orders, metric: spent, above: 1, period: someday}", "only_if.period: “someday” is not a period."),
    ("only_if: {dataset: orders, metric: spent, anomaly: {}, period: last 7 days}", "only_if.period: An anomaly is measured against whole periods before, and “last 7 days” is none."),
    ("only_if: {dataset: orders, metric: spent, above: 1, clears: 2}", "only_if: “clears” lies above the limit."),
    ("only_if: {dataset: orders, metric: spent, above: 1, below: 2}", "only_if: A condition has exactly one of"),
    ("only_if: {dataset: orders, metric: spent, between: [2, 1]}", "only_if: “between” begins where it ends, or after that."),
    ("ready: [{fresh: order}]", "ready.0.fresh: There is no dataset “order”."),
    ("ready: [{fresh: buyers}]", "ready.0.fresh: Dataset “buyers” does not say what its time is."),
    ("ready: [{rows: orders}]", "ready.0: It is not said how many rows there must be."),
    ("ready: {probes: [{file: shop}]}", "ready.probes.0: The file has no name."),
    ("ready: {probes: [{file: shops, name: a.csv}]}", "ready.probes.0.file: There is no source “shops”. Did you mean “shop”?"),
    ("ready: [{fresh: orders, at_least: 3}]", "ready.0: “at_least” says nothing with “fresh”."),
]  # fmt: skip


@pytest.mark.parametrize(("conditions", "problem"), CASES)
def test_what_cannot_be_is_said_at_its_place(shop: object, actor: Any, conditions: str, problem: str) -> None:
    assert problem in keep(actor("editor"), conditions)


def test_another_tenants_dataset_is_not_there(
    shop: object, actor: Any, other_organization: Any, shop_files: Any
) -> None:
    theirs = {name: text.replace("dataset: orders", "dataset: ledgers", 1) for name, text in shop_files.items()}
    only = theirs["shop.yaml"].split("---\nbrand:")[0]
    apply(system_actor(other_organization.pk), {"a.yaml": only}, now=NOW)

    said = keep(actor("editor"), "only_if: {dataset: ledgers, metric: spent, above: 1}")

    assert said.startswith("only_if.dataset: There is no dataset “ledgers”.")
    assert "There is no source “theirs”" in keep(actor("editor"), "ready: [{source: theirs}]")
    with pytest.raises(Exception, match="There is no schedule “buyers-monday”"):
        conditions_now(actor("outsider"), "buyers-monday", now=NOW)


def test_an_editor_who_may_not_see_all_rows_sets_none_over_them(shop: object, actor: Any) -> None:
    own = without(actor("editor"), "data.all")

    for conditions in (SPENT, "ready: [{rows: orders, at_least: 1}]", "ready: [{fresh: orders}]"):
        assert "counts everybody’s rows of “orders”, and you may not see all of them." in keep(own, conditions)
    assert keep(actor("editor"), SPENT) == ""
    assert "everybody’s rows" not in keep(own, f"title: Another\n{SPENT}")  # what somebody else has set stays


def test_an_editor_who_is_not_cleared_for_the_field_is_refused(shop: object, actor: Any, organization: Any) -> None:
    dataset = next(one for one in shop["shop.yaml"].split("---\n") if one.startswith("dataset: orders"))  # type: ignore[index]
    secret = dataset.replace("spent: {", "spent: {sensitivity: restricted, ")
    apply(system_actor(organization.pk), {"a.yaml": secret}, now=NOW)

    with pytest.raises(Refused, match="“spent” of the dataset “orders” is restricted"):
        keep(actor("editor"), SPENT)
    with pytest.raises(Refused):
        keep(actor("editor"), 'only_if: {dataset: orders, metric: bought, above: 1, where: [{dimension: item, equals: x}]}'.replace("bought", "spent"))  # fmt: skip


def test_who_may_not_see_the_rows_hears_the_decision_alone(shop: object, actor: Any) -> None:
    assert keep(actor("owner"), SPENT) == ""
    schedule = Schedule.objects.get(name="guarded")

    seen = conditions_now(actor("owner"), "guarded", now=NOW).figure
    blind = conditions_now(without(actor("editor"), "data.all"), "guarded", now=NOW).figure

    assert seen is not None and blind is not None
    assert (seen.verdict, seen.value, len(seen.series)) == ("fire", 176.0, 30)
    assert (blind.verdict, blind.value, blind.series, blind.text) == ("fire", None, (), "")
    assert blind.reason == "Spent was above €1.00."
    known = standing(without(actor("editor"), "data.all"), schedule, definition_of(schedule))
    assert known is not None and not known.figures

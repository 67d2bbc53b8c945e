"""A changed dataset tells what it would break, by name and line, and is kept all the same only knowingly; what is certified
is changed by who may certify; joins show nothing that their author may not see."""

from __future__ import annotations

import pytest
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.core.document.loading import DefinitionError, load
from broadsheet.core.policy.roles import Refused
from broadsheet.operations.definitions.apply import apply, plan
from broadsheet.sources.actions.breaking import Breaking
from broadsheet.sources.actions.check_dataset import check_dataset
from broadsheet.sources.actions.save import save_dataset
from broadsheet.sources.models import StoredDataset

pytestmark = [pytest.mark.feature("COL-07"), pytest.mark.django_db]
JOIN = "joins: {who: {dataset: buyers, on: {buyer_id: buyer_id}}}\n"


@pytest.fixture
def system(shop, organization):
    return system_actor(organization.pk)


def text_of(shop: dict[str, str], name: str, *changes: tuple[str, str]) -> str:
    [found] = [one for one in shop["shop.yaml"].split("---\n") if one.startswith(f"dataset: {name}\n")]
    for old, new in changes:
        assert old in found
        found = found.replace(old, new)
    return found


def save(actor, text: str, **more):
    [loaded] = load(text, file="d.yaml")
    return save_dataset(actor, loaded, now=NOW, **more)


BROKEN = [
    ("orders", ("  spent: {expression: sum(price), kind: money, currency: EUR, better: up}\n", ""), "Report “purchases”, line 11: Dataset “orders” has no metric “spent”."),
    ("orders", ("item: text", "thing: {kind: text, expression: item}"), "Report “purchases”, line 14: Dataset “orders” has no dimension “item”."),
    ("orders", ("time: day\n", ""), "Dataset “orders” has no time, so no period can be applied."),
    ("buyers", (", email: text", ""), "Schedule “buyers-monday”, line 13: its audience needs “email” of this dataset."),
    ("orders", ("reader.buyer_id}]", "reader.buyer_id}, {column: item, equals: reader.team}]"), "Schedule “buyers-monday”: its audience does not give reader.team, so nobody would see a row."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "said"), BROKEN)
def test_what_would_break_is_told_and_nothing_is_kept(shop, system, name, change, said):
    with pytest.raises(Breaking) as refused:
        save(system, text_of(shop, name, change))
    told = [str(one) for one in refused.value.problems]
    assert any(said in one for one in told), told
    assert StoredDataset.objects.get(name=name).version == 1
    assert save(system, text_of(shop, name, change), force=True) == "changed"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("bought: {", "sold: {"), "its conditions ask for “bought” of this dataset. Known are"),
        (("item: text", "thing: {kind: text, expression: item}"), "its conditions ask for “item” of this dataset."),
        (("time: day\n", ""), "Schedule “buyers-monday”: its conditions go by the time of this dataset."),
    ],
)  # fmt: skip
def test_what_conditions_of_schedules_ask_would_break(shop, system, change, said):
    from broadsheet.schedules.models import Schedule

    found = Schedule.objects.get(name="buyers-monday")
    where = [{"dimension": "item", "equals": "Atlas"}]
    found.definition |= {"only_if": {"dataset": "orders", "metric": "bought", "above": 1, "where": where}}
    found.save()

    with pytest.raises(Breaking) as refused:
        save(system, text_of(shop, "orders", change))

    told = [str(one) for one in refused.value.problems]
    assert any(said in one for one in told), told


def test_what_breaks_nothing_is_kept_and_told_as_before(shop, system):
    more = text_of(shop, "orders", ("metrics:\n", "metrics:\n  mean: {ratio: [spent, bought], kind: money}\n"))
    assert check_dataset(system, load(more, file="d.yaml")[0]).effect == "changed"
    assert save(system, more) == "changed"


def test_a_look_at_what_would_be_kept_tells_of_breaks_too(shop, system):
    [loaded] = load(text_of(shop, "orders", BROKEN[0][1]), file="d.yaml")
    with pytest.raises(Breaking, match="no metric “spent”"):
        check_dataset(system, loaded)
    assert StoredDataset.objects.get(name="orders").version == 1


@pytest.mark.feature("BEY-09")
def test_files_may_mend_what_they_break_together(shop, system):
    renamed = shop["shop.yaml"].replace("spent", "paid")
    dataset = text_of({"shop.yaml": renamed}, "orders")
    with pytest.raises(Breaking, match="no metric “spent”"):
        apply(system, {"shop.yaml": dataset}, now=NOW)
    with pytest.raises(Breaking):
        plan(system, {"shop.yaml": dataset}, now=NOW)
    assert StoredDataset.objects.get(name="orders").version == 1
    effects = {one.name: one.effect for one in apply(system, {"shop.yaml": renamed}, now=NOW)}
    assert (effects["orders"], effects["purchases"]) == ("changed", "changed")
    assert apply(system, {"shop.yaml": text_of(shop, "orders")}, now=NOW, force=True)[0].effect == "changed"


def test_who_may_not_certify_changes_nothing_certified(shop, actor):
    certified = text_of(shop, "orders") + "certified: true\n"
    with pytest.raises(Refused, match=r"“orders” would be certified. Take “certified” out, or ask who may certify"):
        save(actor("editor"), certified)
    assert save(actor("admin"), certified) == "changed"
    other = certified.replace("item: text", "item: {kind: text, label: Title}")
    with pytest.raises(Refused, match="is certified, and whoever changes it vouches for it"):
        save(actor("editor"), other)
    assert save(actor("editor"), other.replace("certified: true\n", "")) == "changed"  # the mark goes with the change


def test_joins_are_of_the_same_source_and_go_round_in_no_circle(shop, system):
    assert save(system, text_of(shop, "orders") + JOIN) == "changed"
    back = "joins: {bought: {dataset: orders, on: {buyer_id: buyer_id}}}\n"
    with pytest.raises(DefinitionError, match="“orders” joins “buyers” itself"):
        save(system, text_of(shop, "buyers") + back)
    with pytest.raises(DefinitionError, match=r"d\.yaml:10: .*There is no dataset “byers”. Did you mean “buyers”"):
        save(system, text_of(shop, "orders") + JOIN.replace("dataset: buyers", "dataset: byers"))
    with pytest.raises(DefinitionError, match="Dataset “buyers” has no dimension “id”"):
        save(system, text_of(shop, "orders") + JOIN.replace("buyer_id: buyer_id", "buyer_id: id"))
    with pytest.raises(Breaking, match="Dataset “orders”, line 12: it joins by “buyer_id” of this one"):
        save(system, text_of(shop, "buyers", ("buyer_id: text, ", "")))


def test_files_apply_in_any_order_of_joins_and_export_back(shop, system):
    from broadsheet.operations.definitions.apply import export

    joined = shop["shop.yaml"].replace("  bought:", "  bought:", 1).replace("time: day\n", f"time: day\n{JOIN}")
    apply(system, {"shop.yaml": joined}, now=NOW)
    assert {one.effect for one in apply(system, export(system), now=NOW)} == {"same"}


def test_a_report_asks_fields_of_a_joined_dataset(shop, system):
    joined = shop["shop.yaml"].replace("time: day\n", f"time: day\n{JOIN}")
    by_buyer = joined.replace("by: [item], metrics", "by: [who.buyer], metrics").replace(
        "columns: [item,", "columns: [who.buyer,"
    )
    assert {one.name for one in apply(system, {"shop.yaml": by_buyer}, now=NOW) if one.effect != "same"} == {
        "orders",
        "purchases",
    }
    lost = text_of(shop, "buyers", (" buyer: text,", ""))
    with pytest.raises(Breaking, match=r"Report “purchases”, line 14: Dataset “orders” has no dimension “who\.buyer”"):
        save(system, lost)


@pytest.mark.feature("SEC-14")
def test_a_report_that_lists_single_rows_of_a_dataset_with_small_groups_is_refused(shop, system):
    listing = shop["shop.yaml"].replace(
        "by: [item], metrics: [bought, spent], order: [-spent]", "by: [item], rows: true"
    )
    listing = listing.replace("columns: [item, bought, spent]", "columns: [item]")
    apply(system, {"shop.yaml": listing}, now=NOW)
    with pytest.raises(Breaking, match="shows only groups of some size, never single rows"):
        save(system, text_of(shop, "orders") + "smallest: 5\n")
    joined = listing.replace("by: [item], rows", "by: [who.buyer], rows").replace(
        "columns: [item]", "columns: [who.buyer]"
    )
    apply(system, {"shop.yaml": joined.replace("time: day\n", f"time: day\n{JOIN}")}, now=NOW)
    with pytest.raises(Breaking, match=r"Report “purchases”, line .*never single rows"):
        save(system, text_of(shop, "buyers") + "smallest: 5\n")


def test_a_column_that_is_not_there_is_told_beside_metrics_that_are_made_of_others(shop, system):
    more = ("metrics:\n", "metrics:\n  mean: {ratio: [spent, bought]}\n  odd: sum(prize)\n")
    with pytest.raises(DefinitionError, match=r"metrics\.odd: There is no column “prize”\. Did you mean “price”"):
        save(system, text_of(shop, "orders", more))


@pytest.mark.feature("SEC-08")
@pytest.mark.parametrize(("name", "change", "said"), BROKEN)
def test_what_is_out_of_reach_is_counted_and_not_named(shop, system, actor, name, change, said):
    """An editor who does not reach the closed workspace learns that something would break there, and nothing of it."""
    room = "workspace: board\nopen: false\nreports: [purchases]\n"
    apply(system, {"room.yaml": room}, now=NOW)
    with pytest.raises(Breaking) as broken:
        save(actor("editor"), text_of(shop, name, change))
    [problem] = broken.value.problems
    assert problem.message == "1 more that depend on this dataset are out of your reach, and would break."
    assert "purchases" not in str(broken.value) and "buyers-monday" not in str(broken.value)
    with pytest.raises(Breaking, match=said.split(",")[0]):
        save(actor("admin"), text_of(shop, name, change))

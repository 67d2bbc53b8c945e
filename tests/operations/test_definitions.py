"""Definition files: planned without effect, applied all or none, exported so that applying again changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.compliance.models import Entry
from broadsheet.core.document.loading import DefinitionError
from broadsheet.core.policy.roles import Refused
from broadsheet.operations.definitions.apply import apply, export, plan
from broadsheet.reports.models import Report, ReportVersion
from broadsheet.schedules.models import Schedule
from broadsheet.sources.models import Source

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def system(organization):
    return system_actor(organization.pk)


@pytest.mark.feature("BEY-09")
def test_a_plan_tells_what_would_change_and_changes_nothing(system, shop_files) -> None:
    changes = plan(system, shop_files, now=NOW)
    assert [(one.kind, one.name, one.effect) for one in changes][:3] == [
        ("source", "shop", "added"), ("dataset", "orders", "added"), ("dataset", "buyers", "added"),
    ]  # fmt: skip
    assert (Source.objects.count(), Report.objects.count()) == (0, 0)
    assert set(Entry.objects.values_list("action", flat=True)) <= {"organization.opened"}


@pytest.mark.feature("BEY-09")
def test_applying_twice_is_as_once(system, shop) -> None:
    again = apply(system, shop, now=LATER)
    assert {one.effect for one in again} == {"same"}
    assert ReportVersion.objects.count() == 1


@pytest.mark.feature("BEY-09")
def test_what_is_exported_is_what_is_there(system, shop) -> None:
    texts = export(system)
    assert sorted(texts) == [
        "brands/harbour.yaml", "channels/inbox.yaml", "channels/outbox.yaml", "datasets/buyers.yaml",
        "datasets/orders.yaml", "reports/purchases.yaml", "schedules/buyers-monday.yaml", "sources/shop.yaml",
    ]  # fmt: skip
    assert {one.effect for one in apply(system, texts, now=LATER)} == {"same"}


@pytest.mark.feature("BEY-09")
def test_an_export_makes_the_same_organization_elsewhere(system, shop, other_organization) -> None:
    there = system_actor(other_organization.pk)
    apply(there, export(system), now=LATER)
    assert export(there) == export(system)


@pytest.mark.feature("BEY-09")
def test_the_difference_is_shown_line_by_line(system, shop) -> None:
    [change] = [
        one
        for one in plan(system, {"s.yaml": shop["shop.yaml"].replace("Purchases, Mondays", "Mondays")}, now=LATER)
        if one.effect != "same"
    ]
    assert (change.kind, change.effect) == ("schedule", "changed")
    assert "-title: Purchases, Mondays" in change.difference.splitlines()
    assert "+title: Mondays" in change.difference.splitlines()


WRONG = [
    ("broken YAML", "spent: {expression: sum(price)", "spent: {expression: [sum(price)", "This is not YAML"),
    ("an unknown column", "columns: [item, bought, spent]", "columns: [item, bougt, spent]", "bougt"),
    ("two statements", "sql: select * from orders", "sql: select 1; drop table orders", "2"),
    ("a write", "sql: select * from orders", "sql: delete from orders", "DELETE"),
    ("an unknown report", "report: purchases\nwhen", "report: purchase\nwhen", "Did you mean “purchases”?"),
    ("an unknown channel", "channel: inbox}", "channel: inbx}", "Did you mean “inbox”?"),
    ("an unknown dataset", "{dataset: buyers, key", "{dataset: buyer, key", "Did you mean “buyers”?"),
    ("an unknown audience column", "key: buyer_id, name", "key: buyerid, name", "Did you mean “buyer_id”?"),
    ("a column that the source does not have", "item: text}", "itm: text}", "There is no column “itm”."),
    ("a column that an expression names", "sum(price)", "sum(prices)", "There is no column “prices”."),
    ("a table that the source does not have", "select * from orders", "select * from order_s", "no table “order_s”"),
    ("an unknown engine", "engine: duckdb", "engine: duckbd", "There is no engine “duckbd”"),
    ("a wrong time", 'at: "08:00"', "at: 800", "not a time of day"),
    ("a wrong weekday", "on: [mon]", "on: [mony]", 'Did you mean "mon"?'),
    ("an unknown key", "brand: harbour", "brnd: harbour", "This is not a definition"),
    ("a wrong colour", '"#025975"', "blue", "accent"),
    ("an unknown setting", "{root:", "{rooot:", "rooot"),
]


@pytest.mark.feature("BEY-09")
@pytest.mark.feature("SCH-30")
@pytest.mark.parametrize(("name", "old", "new", "told"), WRONG, ids=[case[0] for case in WRONG])
def test_what_is_wrong_names_file_and_line_and_nothing_is_kept(system, shop_files, name, old, new, told) -> None:
    text = shop_files["shop.yaml"]
    assert old in text, name
    with pytest.raises(DefinitionError) as caught:
        apply(system, {"shop.yaml": text.replace(old, new, 1)}, now=NOW)
    problem = caught.value.problems[0]
    assert told in str(caught.value)
    assert (problem.file, problem.line > 0, bool(problem.fix)) == ("shop.yaml", True, True)
    assert (Source.objects.count(), Report.objects.count(), Schedule.objects.count()) == (0, 0, 0)


@pytest.mark.feature("BEY-09")
def test_all_faults_of_all_files_are_told_at_once(system, shop_files) -> None:
    text = shop_files["shop.yaml"].replace("engine: duckdb", "engine: duckbd").replace('"#025975"', "blue")
    with pytest.raises(DefinitionError) as caught:
        apply(system, {"a.yaml": text, "b.yaml": "nonsense: 1\n"}, now=NOW)
    assert {problem.file for problem in caught.value.problems} == {"a.yaml", "b.yaml"}
    assert len(caught.value.problems) >= 3


@pytest.mark.feature("BEY-09")
def test_a_name_that_two_files_define_is_refused(system, shop_files) -> None:
    with pytest.raises(DefinitionError, match="is defined twice"):
        apply(system, {"a.yaml": shop_files["shop.yaml"], "b.yaml": shop_files["shop.yaml"]}, now=NOW)


@pytest.mark.feature("SEC-06")
@pytest.mark.parametrize(("role", "may"), [("owner", True), ("admin", True), ("editor", False), ("viewer", False)])
def test_only_admins_apply(actor, shop_files, role: str, may: bool) -> None:
    if may:
        apply(actor(role), shop_files, now=NOW)
    else:
        with pytest.raises(Refused):
            apply(actor(role), shop_files, now=NOW)


@pytest.mark.feature("EXT-20")
def test_another_tenant_s_definitions_are_not_exported_and_not_named(shop, actor, other_organization) -> None:
    outsider = actor("outsider")
    assert export(outsider) == {}
    with pytest.raises(DefinitionError) as caught:
        apply(
            outsider, {"d.yaml": "dataset: mine\nsource: shop\nsql: select 1 as a\ndimensions: {a: integer}\n"}, now=NOW
        )
    assert "There is no source “shop”" in str(caught.value)

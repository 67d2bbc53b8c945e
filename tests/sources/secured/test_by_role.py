"""Rules that do not hold for a role or team, masks that lift for one, and classes of sensitivity, down to the bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.plugins.django import NOW

from broadsheet.core.document.loading import load
from broadsheet.core.policy.roles import Refused

pytestmark = [pytest.mark.feature("SEC-07"), pytest.mark.feature("SEC-13")]
SECRET = """\
dataset: orders
source: shop
sql: select * from orders
time: day
rows: [{column: buyer_id, equals: reader.buyer_id, unless: role.auditor}]
dimensions:
  day: date
  buyer_id: {kind: text, mask: {show: full, clear: team.support}}
  item: text
metrics:
  bought: {expression: count(*), kind: integer}
  spent: {expression: sum(price), kind: money, currency: EUR, sensitivity: restricted}
  average: {ratio: [spent, bought]}
"""
ROLES = """\
role: auditor
permissions: [report.read, report.render, report.export, source.read, data.confidential, data.restricted]
---
role: clerk
permissions: [report.read, report.render, report.export, source.read, data.all]
"""


def one(text: str) -> Any:
    [loaded] = load(text, file="test")
    return loaded


@pytest.fixture
def ruled(shop: object, actor: Callable[[str], Any]) -> None:
    from broadsheet.operations.definitions.apply import apply

    apply(actor("owner"), {"x.yaml": f"{ROLES}---\n{SECRET}"}, now=NOW)


@pytest.fixture
def become(actor: Callable[[str], Any], cast: Any) -> Callable[..., Any]:
    """The viewer with another role and attributes, as they ask now."""
    from broadsheet.access.actions.change_person import change_attributes, change_role

    def make(role: str, **attributes: object) -> Any:
        change_role(actor("owner"), cast.viewer.pk, role=role, now=NOW)
        change_attributes(actor("owner"), cast.viewer.pk, attributes=attributes, now=NOW)
        return actor("viewer")

    return make


def asked(actor: Any, *, by: tuple[str, ...] = (), metrics: tuple[str, ...] = ("bought",)) -> list[tuple[Any, ...]]:
    from broadsheet.core.document.tables import Ask, Grouping
    from broadsheet.runs.actions.preview import as_reader
    from broadsheet.sources.actions.ask import Request, answer_all

    ask = Ask("orders", metrics, tuple(Grouping(name) for name in by))
    return list(answer_all(actor.organization_id, [Request("a", ask, as_reader(actor))], as_of=NOW)["a"].rows)


def test_a_rule_does_not_hold_for_the_role_that_it_exempts(ruled: None, become: Any) -> None:
    assert asked(become("viewer", buyer_id="b1")) == [(3,)]
    assert asked(become("viewer")) == []  # without the attribute there is no row
    assert asked(become("auditor")) == [(7,)]


def test_both_are_answered_at_once_and_apart(ruled: None, become: Any, organization: Any) -> None:
    """The cache and the one query for many keep who is exempt apart from who is not."""
    from broadsheet.core.document.tables import Ask
    from broadsheet.core.policy import Reader
    from broadsheet.sources.actions.ask import Request, answer_all

    readers = {
        "exempt": Reader("x", "x", attributes={"role.auditor": True}),
        "both": Reader("y", "y", attributes={"role.auditor": True, "buyer_id": "b1"}),
        "one": Reader("z", "z", attributes={"buyer_id": "b1"}),
        "said no": Reader("n", "n", attributes={"role.auditor": "no", "buyer_id": "b2"}),
        "none": Reader("w", "w"),
    }
    ask = Ask("orders", ("bought",))
    for _ in range(2):  # made, then kept
        found = answer_all(organization.pk, [Request(key, ask, reader) for key, reader in readers.items()], as_of=NOW)
        rows = {key: table.rows for key, table in found.items()}
        assert rows == {"exempt": ((7,),), "both": ((7,),), "one": ((3,),), "said no": ((2,),), "none": ()}


def test_a_mask_lifts_for_a_team(ruled: None, become: Any, actor: Callable[[str], Any], cast: Any) -> None:
    from broadsheet.operations.definitions.apply import apply

    viewer = become("viewer", buyer_id="b1")
    assert asked(viewer, by=("buyer_id",)) == [("•••", 3)]
    apply(actor("owner"), {"t.yaml": f"team: support\nmembers: [{cast.viewer.email}]\n"}, now=NOW)
    assert asked(actor("viewer"), by=("buyer_id",)) == [("b1", 3)]


@pytest.mark.feature("COL-07")
def test_who_is_not_cleared_gets_no_value_nor_what_is_made_of_it(ruled: None, become: Any) -> None:
    metrics = ("bought", "spent", "average")
    assert asked(become("auditor"), metrics=metrics) == [(7, 176.0, pytest.approx(176 / 7))]
    assert asked(become("clerk"), metrics=metrics) == [(7, None, None)]  # all rows, and not that field
    assert asked(become("viewer", buyer_id="b1"), metrics=metrics) == [(3, None, None)]


@pytest.mark.feature("COL-07")
def test_who_is_not_cleared_does_not_send_it_to_others_either(
    ruled: None, actor: Callable[[str], Any], finish: Callable[..., Any]
) -> None:
    """Not by a report, a schedule, a test to oneself, the eyes of a recipient, a file that was sent, or the dataset."""
    from broadsheet.delivery.actions.open_file import open_file
    from broadsheet.delivery.errors import UnknownDelivery
    from broadsheet.delivery.models import Delivery
    from broadsheet.reports.actions.check import check_report
    from broadsheet.reports.actions.save import save_report
    from broadsheet.reports.models import ReportVersion
    from broadsheet.runs.actions.preview import preview
    from broadsheet.runs.actions.run_now import run_now
    from broadsheet.runs.actions.run_test import run_test
    from broadsheet.schedules.actions.save import save_schedule
    from broadsheet.sources.actions.save import save_dataset

    editor, report = actor("editor"), ReportVersion.objects.latest("pk").definition
    schedule = (
        "schedule: mine\nreport: purchases\nwhen: {every: day, at: '08:00'}\nchannels: [{channel: inbox}]\n"
        "audience: {people: [{name: E, address: edda@x.example, attributes: {buyer_id: b1}}]}\n"
    )
    for act in (
        lambda: save_report(editor, one(report.replace("Purchases", "Mine")), now=NOW),
        lambda: check_report(editor, one(report)),
        lambda: save_schedule(editor, one(schedule), now=NOW),
        lambda: run_test(editor, "buyers-monday", recipient="b1", address="edda@x.example", now=NOW),
        lambda: save_dataset(editor, one(SECRET.replace("restricted", "public")), now=NOW),
    ):
        with pytest.raises(Refused, match="is restricted"):
            act()
    seen = preview(editor, "purchases", form="csv", now=NOW, recipient="b1", given={"period": "2026-10"})
    assert b"Atlas" in seen.files["csv"] and b"30" not in seen.files["csv"]
    run = finish(run_now(actor("owner"), "buyers-monday", now=NOW))
    delivery = Delivery.objects.filter(occurrence=run, recipient_key="b1").get()
    assert open_file(actor("owner"), delivery.pk, "csv", address="", now=NOW).size
    with pytest.raises(UnknownDelivery):
        open_file(editor, delivery.pk, "csv", address="", now=NOW)


def test_rules_say_whom_they_exempt(ruled: None, actor: Callable[[str], Any], become: Any) -> None:
    from broadsheet.access.explaining import may_see
    from broadsheet.core.policy import Circumstances, RowRule

    assert str(RowRule("area", "area", "role.auditor")) == "area = reader.area unless role.auditor"
    assert str(RowRule("area", "area", "inside")) == "area = reader.area unless reader.inside"
    become("auditor")
    found = may_see(actor("owner"), "vito@harbour-books.example", "orders", given=Circumstances(NOW))
    assert found.allowed and "it does not hold for Vito" in found.steps[-1].why


@pytest.mark.feature("COL-07")
def test_a_page_says_what_it_withholds(ruled: None, actor: Callable[[str], Any], cast: Any) -> None:
    from django.test import Client

    for role, told in (("editor", True), ("owner", False)):
        client = Client()
        client.force_login(getattr(cast, role), backend="django.contrib.auth.backends.ModelBackend")
        page = client.get("/reports/purchases/?period=2026-10").content.decode()
        assert ("Withheld here, or shown masked: Spent." in page) == told

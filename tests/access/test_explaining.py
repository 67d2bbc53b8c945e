"""“May Ana see the revenue of buyer 12?” is answered by the same decisions that are taken when she asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.plugins.django import NOW

from broadsheet.access.errors import AccessError
from broadsheet.access.explaining import may_do, may_see
from broadsheet.core.policy import Circumstances
from broadsheet.core.policy.roles import Refused

pytestmark = pytest.mark.feature("SEC-07")
GIVEN = Circumstances(NOW, "192.0.2.7")


@pytest.fixture
def vito(cast: Any, actor: Callable[[str], Any], shop: object) -> str:
    """A viewer who is buyer 1."""
    from broadsheet.access.actions.change_person import change_attributes

    change_attributes(actor("admin"), cast.viewer.pk, attributes={"buyer_id": "b1"}, now=NOW)
    return str(cast.viewer.email)


def test_rows_by_the_policy(vito: str, actor: Callable[[str], Any]) -> None:
    def ask(buyer):
        return may_see(actor("admin"), vito, "orders", fields=["spent"], where={"buyer_id": buyer}, given=GIVEN)

    assert ask("b1").allowed
    found = ask("b2")
    assert found.question == "May Vito see spent of “orders” where buyer_id = b2?"
    assert found.answer == "No: policy “buyer_id = reader.buyer_id” of the dataset “orders”: Vito is “b1”, not “b2”."


def test_the_answer_is_what_the_report_shows(vito: str, actor: Callable[[str], Any]) -> None:
    from broadsheet.runs.actions.answer import data_of

    table = data_of(actor("viewer"), "purchases", "items", now=NOW, given={"period": "2026-10"})
    assert sum(row[2] for row in table.rows) == 50  # Ada's alone


def test_who_lacks_the_attribute_sees_no_row(shop: object, actor: Callable[[str], Any], cast: Any) -> None:
    found = may_see(actor("admin"), cast.viewer.email, "orders", given=GIVEN)
    assert "has no attribute “buyer_id”, so sees no row" in found.answer


def test_a_deactivated_member_may_nothing(vito: str, actor: Callable[[str], Any], cast: Any) -> None:
    from broadsheet.access.actions.change_person import deactivate

    deactivate(actor("admin"), cast.viewer.pk, now=NOW)
    assert may_see(actor("admin"), vito, "orders", given=GIVEN).answer == "No: Vito is deactivated."
    assert may_do(actor("admin"), vito, "report.read", given=GIVEN).answer == "No: Vito is deactivated."


@pytest.mark.feature("BEY-05")
def test_contacts_are_asked_for_by_name(shop: object, define: Any, actor: Callable[[str], Any]) -> None:
    define("contact: ada\nlabel: Ada Stone\naddress: ada@ada.example\nattributes: {buyer_id: b1}\n")
    assert may_see(actor("admin"), "ada", "orders", where={"buyer_id": "b1"}, given=GIVEN).allowed
    assert not may_see(actor("admin"), "ada", "orders", where={"buyer_id": "b3"}, given=GIVEN).allowed


@pytest.mark.feature("SEC-08")
def test_acts_on_a_thing_in_a_closed_workspace(
    closed: None, actor: Callable[[str], Any], cast: Any, grants: Any
) -> None:
    ask = lambda: may_do(actor("admin"), cast.viewer.email, "report.read", kind="report", name="purchases", given=GIVEN)  # noqa: E731
    assert "stands in a closed workspace" in ask().answer
    grants("viewer", "workspace", "back-office", "viewer")
    assert ask().answer == "Yes." and "The role “viewer” on its workspace" in ask().steps[-1].why


@pytest.mark.feature("SEC-10")
def test_conditions_are_told_for_the_address_that_is_asked_about(
    shop: object, define: Any, actor: Callable[[str], Any], cast: Any
) -> None:
    from broadsheet.access.actions.change_person import change_role

    define("role: field\npermissions: [report.read, source.read]\nconditions: [{networks: [10.0.0.0/8]}]\n")
    change_role(actor("admin"), cast.viewer.pk, role="field", now=NOW)
    assert "it is for the networks 10.0.0.0/8" in may_do(actor("admin"), cast.viewer.email, "report.read", given=GIVEN).answer  # fmt: skip
    assert may_do(actor("admin"), cast.viewer.email, "report.read", given=Circumstances(NOW, "10.1.1.1")).allowed


def test_only_who_manages_people_asks_for_others(vito: str, actor: Callable[[str], Any], cast: Any) -> None:
    assert may_see(actor("viewer"), vito, "orders", where={"buyer_id": "b1"}, given=GIVEN).allowed
    for role in ("viewer", "editor"):
        with pytest.raises(Refused):
            may_do(actor(role), cast.admin.email, "report.read", given=GIVEN)
    with pytest.raises(AccessError):
        may_do(actor("outsider"), vito, "report.read", given=GIVEN)


def test_things_out_of_the_askers_reach_are_not_there(closed: None, actor: Callable[[str], Any], cast: Any) -> None:
    with pytest.raises(AccessError, match="There is no dataset “orders”"):
        may_see(actor("editor"), cast.editor.email, "orders", given=GIVEN)
    with pytest.raises(AccessError, match="There is no report “purchases”"):
        may_do(actor("editor"), cast.editor.email, "report.read", kind="report", name="purchases", given=GIVEN)


@pytest.mark.feature("COL-07")
def test_classes_hide_fields_from_who_sees_every_row_too(
    shop: dict[str, str], define: Any, actor: Callable[[str], Any], cast: Any
) -> None:
    text = shop["shop.yaml"].replace("spent: {expression", "spent: {sensitivity: restricted, expression")
    define(text, by="owner")
    found = may_see(actor("admin"), cast.editor.email, "orders", fields=["bought", "spent"], given=GIVEN)
    assert found.answer == "No: “spent” is restricted, and the role does not include “data.restricted”."
    assert may_see(actor("admin"), cast.admin.email, "orders", fields=["spent"], given=GIVEN).allowed


@pytest.mark.feature("BEY-05")
def test_a_contact_claims_no_role(shop: dict[str, str], define: Any, actor: Callable[[str], Any]) -> None:
    define(shop["shop.yaml"].replace("equals: reader.buyer_id}", "equals: reader.buyer_id, unless: role.auditor}", 1))
    define("contact: ada\nlabel: Ada\naddress: ada@ada.example\nattributes: {role.auditor: true}\n")
    found = may_see(actor("admin"), "ada", "orders", given=GIVEN)
    assert "has no attribute “buyer_id”, so sees no row" in found.answer


def test_rows_that_no_policy_tells_apart_are_not_answered_for(vito: str, actor: Callable[[str], Any]) -> None:
    for where, said in (({"item": "Atlas"}, "Ask by buyer_id"), ({"nope": 1}, "has no field “nope”")):
        with pytest.raises(AccessError, match=said):
            may_see(actor("admin"), vito, "orders", where=where, given=GIVEN)

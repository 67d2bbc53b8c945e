"""Roles on pages: forms that keep what their definition files would say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.plugins.django import NOW, Cast

Visitor = Callable[[str], Client]
ROLE = {
    "name": "night-watch", "label": "Night watch", "description": "At night.", "permissions": ["report.read", "delivery.resend"],
    "rows": "2", "c0-for": ["delivery.resend"], "c0-hours": "mon-fri 18:00-23:00", "c0-zone": "America/New_York",
    "c1-networks": "10.0.0.0/8, 192.168.0.0/16", "c1-second_factor": "on",
}  # fmt: skip


def text(answer: Any) -> str:
    return answer.content.decode()  # type: ignore[no-any-return]


@pytest.mark.feature("COL-06")
@pytest.mark.feature("SEC-10")
def test_a_role_is_made_by_form_as_its_file_would_say(cast: Cast, visitor: Visitor) -> None:
    from broadsheet.access.actions.roles import role_data
    from broadsheet.access.models import Role

    answer = visitor("owner").post("/settings/new-role/", ROLE)
    assert (answer.status_code, answer["Location"]) == (302, "/settings/roles/night-watch/")
    assert role_data(Role.objects.get()) == {
        "label": "Night watch",
        "description": "At night.",
        "permissions": ["delivery.resend", "report.read"],
        "conditions": [
            {"for": ["delivery.resend"], "hours": "mon-fri 18:00-23:00", "zone": "America/New_York"},
            {"networks": ["10.0.0.0/8", "192.168.0.0/16"], "second_factor": True},
        ],
    }
    page = text(visitor("viewer").get("/settings/roles/night-watch/"))
    assert "delivery.resend: mon-fri 18:00-23:00 (America/New_York)" in page and "/save/" not in page


@pytest.mark.feature("SEC-10")
@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"name": "editor"}, "name", "There is a role “editor” already"),
        ({"name": "Night Watch"}, "name", "cannot be a name"),
        ({"permissions": []}, "permissions", ""),
        ({"c1-networks": "ten"}, "c1-networks", "“ten” is not a network."),
        ({"c0-hours": "sometimes"}, "c0-hours", ""),
        ({"c0-zone": "Mars/Base"}, "c0-zone", "Zone “Mars/Base” does not exist."),
        ({"c0-for": ["mail.read"]}, "c0-for", "The role does not carry “mail.read”."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    cast: Cast, visitor: Visitor, wrong: dict[str, Any], field: str, said: str
) -> None:
    answer = visitor("owner").post("/settings/new-role/", {**ROLE, **wrong})
    assert answer.status_code == 422
    form = answer.context["form"]
    fields = [
        *form["who"],
        *form["groups"],
        *(one for row in form["conditions"] for one in (*row["fields"], row["about"])),
    ]
    found = {one["name"]: one["errors"] for one in fields if one.get("errors")}
    assert set(found) == {field} and said in found[field][0]
    assert ("Night watch" in text(answer) and "18:00-23:00" in text(answer)) or "c0-hours" in wrong


@pytest.mark.feature("SEC-09")
def test_nobody_makes_a_role_with_more_than_they_have(cast: Cast, visitor: Visitor, organization: Any) -> None:
    from broadsheet.access.models import Membership, Role

    Role.objects.create(
        organization=organization, name="clerk", permissions=["role.edit", "person.read"], updated_at=NOW
    )
    Membership.objects.filter(user=cast.viewer).update(role="clerk")
    clerk = visitor("viewer")
    offered = {
        value for one in clerk.get("/settings/new-role/").context["form"]["groups"] for value, *_ in one["choices"]
    }
    assert offered == {"role.edit", "person.read"}
    answer = clerk.post("/settings/new-role/", {"name": "mine", "permissions": ["report.edit"], "rows": "0"})
    assert answer.status_code == 422 and not Role.objects.filter(name="mine").exists()
    assert "report.edit" in answer.context["result"]["points"][0]


@pytest.mark.feature("COL-06")
def test_one_condition_more_keeps_what_was_typed_and_saves_nothing(cast: Cast, visitor: Visitor) -> None:
    from broadsheet.access.models import Role

    answer = visitor("owner").post("/settings/new-role/", {**ROLE, "act": "more"})
    assert (answer.status_code, answer.context["form"]["rows"], Role.objects.count()) == (200, 4, 0)
    assert 'value="10.0.0.0/8, 192.168.0.0/16"' in text(answer)


@pytest.mark.feature("COL-06")
def test_a_role_as_text_is_checked_and_kept(board: None, visitor: Visitor) -> None:
    from broadsheet.access.models import Role
    from broadsheet.compliance.models import Entry

    address, before = "/settings/roles/night-watch/text/", Entry.objects.count()
    written = "role: night-watch\npermissions: [report.read]\n"
    page = text(visitor("owner").post(address, {"text": written, "check": "1"}))
    assert "a new version" in page and Role.objects.get().permissions == ["delivery.read", "report.read"]
    assert Entry.objects.count() == before
    assert visitor("owner").post(address, {"text": "role: other\n"}).status_code == 422
    assert visitor("owner").post(address, {"text": written})["Location"] == "/settings/roles/night-watch/"
    assert Role.objects.get().permissions == ["report.read"]


@pytest.mark.feature("COL-06")
def test_a_role_that_somebody_has_stays(board: None, cast: Cast, visitor: Visitor) -> None:
    owner = visitor("owner")
    owner.post(f"/settings/people/{cast.viewer.pk}/role/", {"role": "night-watch"})
    page = text(owner.post("/settings/roles/night-watch/remove/", follow=True))
    assert "1 members have the role" in page
    owner.post(f"/settings/people/{cast.viewer.pk}/role/", {"role": "viewer"})
    assert "is gone" in text(owner.post("/settings/roles/night-watch/remove/", follow=True))
    assert owner.get("/settings/roles/night-watch/").status_code == 404


@pytest.mark.feature("SEC-09")
def test_a_role_says_what_of_it_is_of_little_use_alone(cast: Cast, visitor: Visitor) -> None:
    owner = visitor("owner")
    page = text(
        owner.post(
            "/settings/new-role/", {"name": "sender", "permissions": ["delivery.resend"], "rows": "0"}, follow=True
        )
    )
    assert "“delivery.resend” is of little use without “delivery.read”." in page
    given = {"permissions": ["delivery.resend", "delivery.read"], "rows": "0"}
    assert "of little use" not in text(owner.post("/settings/roles/sender/save/", given, follow=True))


@pytest.mark.feature("SEC-06")
def test_no_built_in_role_leans_on_what_it_lacks() -> None:
    from broadsheet.access.permissions import missing
    from broadsheet.core.policy.roles import ROLES

    assert {name: found for name, held in ROLES.items() if (found := missing(held))} == {}


@pytest.mark.feature("COL-06")
def test_the_table_of_permissions_says_what_the_code_does(cast: Cast, visitor: Visitor) -> None:
    from broadsheet.core.policy.roles import ADMIN, GIVEN, ROLES

    rows = {
        name: held
        for _title, rows in visitor("viewer").get("/settings/roles/").context["groups"]
        for name, _says, held in rows
    }
    assert set(rows) == ADMIN
    assert rows == {name: [name in ROLES[role] for role in GIVEN] for name in ADMIN}

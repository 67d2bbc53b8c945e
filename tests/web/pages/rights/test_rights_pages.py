"""Teams, contacts, workspaces, people and access on pages: forms that keep what their definition files would say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.plugins.django import NOW, Cast

Visitor = Callable[[str], Client]


def text(answer: Any) -> str:
    return answer.content.decode()  # type: ignore[no-any-return]


@pytest.mark.feature("COL-10")
def test_people_come_into_a_team_and_leave_it(board: None, cast: Cast, visitor: Visitor) -> None:
    owner = visitor("owner")
    assert "Vito" in text(owner.get("/settings/teams/"))
    page = text(owner.post("/settings/teams/desk/join/", {"member": cast.editor.email, "contact": ""}, follow=True))
    assert f"{cast.editor.email} is in the team now." in page
    page = text(owner.post("/settings/teams/desk/join/", {"contact": "nobody"}, follow=True))
    assert "There is no contact “nobody”." in page
    page = text(owner.post("/settings/teams/desk/leave/", {"who": "b1"}, follow=True))
    assert "b1 is in the team no more." in page
    made = owner.post("/settings/teams/", {"name": "crew", "label": "The crew"})
    assert made["Location"] == "/settings/teams/crew/"
    assert owner.post("/settings/teams/", {"name": "crew"}).status_code == 422
    owner.post("/settings/teams/crew/save/", {"label": "The whole crew", "description": "All."})
    assert "The whole crew" in text(owner.get("/settings/teams/"))
    assert "is gone" in text(owner.post("/settings/teams/crew/remove/", follow=True))


@pytest.mark.feature("COL-10")
def test_who_may_not_see_contacts_sees_none_of_a_team(board: None, visitor: Visitor) -> None:
    assert "Ada Ltd" in text(visitor("editor").get("/settings/teams/desk/"))
    assert "Ada Ltd" not in text(visitor("viewer").get("/settings/teams/desk/"))
    assert visitor("viewer").get("/settings/contacts/").status_code == 403


@pytest.mark.feature("COL-10")
def test_a_contact_is_made_found_changed_and_removed(board: None, visitor: Visitor) -> None:
    from broadsheet.access.models import Contact

    owner = visitor("owner")
    new = {
        "name": "bo-inc",
        "label": "Bo Inc",
        "address": "post@bo.example",
        "attributes": "buyer_id = b2\nvip = true",
        "active": "on",
    }
    assert owner.post("/settings/new-contact/", new)["Location"] == "/settings/contacts/bo-inc/"
    assert Contact.objects.get(name="bo-inc").attributes == {"buyer_id": "b2", "vip": True}
    page = text(owner.get("/settings/contacts/", {"q": "bo.ex"}))
    assert "Bo Inc" in page and "Ada Ltd" not in page and "1 contact" in page
    wrong = owner.post("/settings/contacts/bo-inc/save/", {**new, "attributes": "Buyer: 1"})
    assert wrong.status_code == 422 and "is no attribute" in text(wrong)
    wrong = owner.post("/settings/contacts/bo-inc/save/", {**new, "zone": "Mars/Base", "address": "nowhere"})
    found = {one["name"]: one["errors"] for one in wrong.context["fields"] if one["errors"]}
    assert set(found) == {"zone", "address"}
    owner.post("/settings/contacts/bo-inc/save/", {**new, "active": "", "attributes": ""})
    kept = Contact.objects.get(name="bo-inc")
    assert (kept.active, kept.attributes) == (False, {})
    assert "gets nothing" in text(owner.get("/settings/contacts/"))
    owner.post("/settings/contacts/bo-inc/remove/")
    assert not Contact.objects.filter(name="bo-inc").exists()


@pytest.mark.feature("COL-10")
def test_a_contacts_page_shows_what_they_were_sent_to_who_may_read_it(
    board: None,
    visitor: Visitor,
    finish: Callable[..., Any],
    actor: Callable[[str], Any],
    organization: Any,
    cast: Cast,
) -> None:
    from broadsheet.access.models import Membership, Role
    from broadsheet.runs.actions.run_now import run_now

    finish(run_now(actor("owner"), "buyers-monday", now=NOW))
    assert "Purchases, Mondays" in text(visitor("owner").get("/settings/contacts/b1/"))
    Role.objects.create(
        organization=organization, name="clerk", permissions=["contact.read", "brand.read"], updated_at=NOW
    )
    Membership.objects.filter(user=cast.viewer).update(role="clerk")
    page = text(visitor("viewer").get("/settings/contacts/b1/"))
    assert "Ada Ltd" in page and "Purchases, Mondays" not in page and "lately" not in page


@pytest.mark.feature("SEC-08")
def test_a_workspace_is_closed_and_opened_with_a_word_of_what_that_does(board: None, visitor: Visitor) -> None:
    owner, viewer = visitor("owner"), visitor("viewer")
    assert viewer.get("/reports/purchases/").status_code == 404
    assert "sees 1 thing that they did not see before" in text(owner.get("/settings/workspaces/board/"))
    page = text(owner.post("/settings/workspaces/board/turn/", {"open": "1"}, follow=True))
    assert "is open to everybody’s role" in page and "1 thing is then not there any more" in page
    assert viewer.get("/reports/purchases/").status_code == 200
    owner.post("/settings/workspaces/board/turn/")
    assert viewer.get("/reports/purchases/").status_code == 404
    assert "closed and not empty" in text(owner.post("/settings/workspaces/board/remove/", follow=True))


@pytest.mark.feature("SEC-08")
def test_things_come_into_workspaces_and_leave_them(board: None, visitor: Visitor) -> None:
    from broadsheet.access.models import Placement

    owner = visitor("owner")
    owner.post("/settings/workspaces/hall/move/", {"kind": "dataset", "thing": "orders"})
    owner.post("/settings/access/report/purchases/place/", {"workspace": "hall"})
    assert Placement.objects.filter(workspace__name="hall").count() == 2
    owner.post("/settings/workspaces/hall/move/", {"kind": "dataset", "thing": "orders", "act": "out"})
    owner.post("/settings/access/report/purchases/place/", {"workspace": "hall", "act": "out"})
    assert not Placement.objects.filter(workspace__name="hall").exists()
    page = text(owner.post("/settings/workspaces/hall/move/", {"kind": "cellar", "thing": "orders"}, follow=True))
    assert "is nothing that stands in a workspace" in page
    page = text(owner.post("/settings/workspaces/hall/move/", {"kind": "report", "thing": "nothing"}, follow=True))
    assert "There is no report “nothing”." in page
    made = owner.post("/settings/workspaces/", {"name": "cellar", "label": "Cellar"})
    assert made["Location"] == "/settings/workspaces/cellar/" and "Closed" in text(owner.get(made["Location"]))


@pytest.mark.feature("COL-08")
@pytest.mark.parametrize(
    ("kind", "name", "page"),
    [
        ("report", "purchases", "/reports/purchases/"), ("dataset", "orders", "/settings/datasets/orders/"),
        ("channel", "inbox", "/settings/channels/"), ("schedule", "buyers-monday", "/schedules/buyers-monday/"),
        ("workspace", "board", "/settings/workspaces/board/"),
    ],
)  # fmt: skip
def test_a_role_on_a_thing_is_given_shown_on_its_page_and_taken(
    board: None, cast: Cast, visitor: Visitor, kind: str, name: str, page: str
) -> None:
    owner, address = visitor("owner"), f"/settings/access/{kind}/{name}/"
    assert address in text(owner.get(page))
    shown = text(visitor("editor").get(page))
    assert address not in shown and 'id="access"' not in shown
    said = text(owner.post(f"{address}give/", {"who": "team:desk", "role": "editor"}, follow=True))
    assert "desk has the role “editor” on it." in said
    owner.post(f"{address}give/", {"who": cast.editor.email, "role": "night-watch"})
    rows = owner.get(address).context["access"]["rows"]
    assert [(one["who"], one["role"]) for one in rows] == [("desk", "editor"), (cast.editor.email, "night-watch")]
    assert f'href="{address}"' in text(owner.get(f"/settings/people/{cast.editor.pk}/"))
    owner.post(f"{address}give/", {"who": "team:desk", "role": ""})
    assert [one["who"] for one in owner.get(address).context["access"]["rows"]] == [cast.editor.email]
    said = text(owner.post(f"{address}give/", {"who": "team:nobody", "role": "viewer"}, follow=True))
    assert "There is no team “nobody”." in said


@pytest.mark.feature("COL-10")
def test_who_goes_is_deactivated_with_an_heir_and_let_in_again(shop: object, cast: Cast, visitor: Visitor) -> None:
    from broadsheet.schedules.models import Schedule

    Schedule.objects.update(owner=cast.editor)
    owner, editor = visitor("owner"), visitor("editor")
    address = f"/settings/people/{cast.editor.pk}/"
    assert "Purchases, Mondays" in text(owner.get(address))
    said = text(owner.post(f"{address}deactivate/", {"heir": cast.admin.pk}, follow=True))
    assert "1 schedule of theirs has another owner now." in said and "Edda is deactivated" in said
    assert Schedule.objects.get().owner_id == cast.admin.pk
    assert editor.get("/reports/").status_code == 302
    assert "deactivated" in text(owner.get("/settings/people/"))
    owner.post(f"{address}let-in/")
    assert editor.get("/reports/").status_code == 200
    said = text(owner.post(f"/settings/people/{cast.owner.pk}/deactivate/", follow=True))
    assert "You cannot deactivate yourself" in said


@pytest.mark.feature("COL-10")
def test_attributes_are_changed_line_by_line_and_shown_to_whom_they_concern(cast: Cast, visitor: Visitor) -> None:
    from broadsheet.access.models import Membership

    owner, address = visitor("owner"), f"/settings/people/{cast.viewer.pk}/"
    owner.post(f"{address}attributes/", {"attributes": "buyer_id = b1\nvip = true\n"})
    assert Membership.objects.get(user=cast.viewer).attributes == {"buyer_id": "b1", "vip": True}
    wrong = owner.post(f"{address}attributes/", {"attributes": "buyer_id: b2"})
    assert wrong.status_code == 422 and "buyer_id: b2</textarea>" in text(wrong)
    assert "buyer_id = b1" in text(visitor("viewer").get(address))
    assert "buyer_id" not in text(visitor("editor").get(address))


@pytest.mark.feature("SEC-09")
def test_services_stand_apart_from_people(cast: Cast, visitor: Visitor) -> None:
    owner = visitor("owner")
    said = text(owner.post("/settings/new-service/", {"name": "Nightly export", "role": "viewer"}, follow=True))
    assert "The service “Nightly export” is added." in said and ".invalid" not in said
    page = owner.get("/settings/people/")
    assert [one["name"] for one in page.context["services"]] == ["Nightly export"]
    assert "Nightly export" not in [one["name"] for one in page.context["people"]]
    said = text(owner.post("/settings/new-service/", {"name": "x", "role": "owner"}, follow=True))
    assert "A service cannot be an owner." in said


@pytest.mark.feature("SEC-03")
def test_a_service_gets_its_token_on_the_page(cast: Cast, visitor: Visitor) -> None:
    from broadsheet.access.models import Token

    owner = visitor("owner")
    assert "of the service" not in text(owner.get("/settings/tokens/"))
    owner.post("/settings/new-service/", {"name": "Nightly export", "role": "viewer"})
    given = {"name": "export", "service": "Nightly export", "days": "90", "scopes": ["report.read"]}
    assert "secret" in owner.post("/settings/tokens/", given).context
    assert Token.objects.get().user.name == "Nightly export"
    wrong = owner.post("/settings/tokens/", {**given, "scopes": ["report.edit"]})
    assert wrong.status_code == 422 and "The service’s role does not include report.edit" in text(wrong)


@pytest.mark.feature("COL-10")
def test_the_palette_reaches_what_one_may_see_of_rights(board: None, visitor: Visitor) -> None:
    def found(role: str) -> set[str]:
        return {one["label"] for one in visitor(role).get("/places.json").json()}

    assert {"Roles", "The desk", "hall", "board", "Ada Ltd"} <= found("owner")
    assert {"Roles", "The desk", "hall"} <= found("viewer") and not {"board", "Ada Ltd"} & found("viewer")


@pytest.mark.feature("COL-10")
def test_settings_are_grouped_and_hide_what_one_may_not_open(cast: Cast, visitor: Visitor) -> None:
    def groups(role: str) -> dict[str, list[str]]:
        found = visitor(role).get("/settings/people/").context["subgroups"]
        return {one["label"]: [page["label"] for page in one["pages"]] for one in found}

    assert list(groups("owner")) == ["Overview", "Data", "Sending", "People", "You"]
    assert groups("viewer")["You"] == ["Your account"]
    assert {"Contacts", "Journal"} & set(groups("viewer")["People"]) == set()


@pytest.mark.feature("COL-10")
@pytest.mark.parametrize(
    ("page", "most"),
    [("roles/", 15), ("teams/", 15), ("teams/desk/", 21), ("contacts/", 15), ("workspaces/", 13), ("workspaces/board/", 26), ("access/report/purchases/", 26)],
)  # fmt: skip
def test_pages_of_rights_ask_the_database_seldom(
    board: None, visitor: Visitor, django_assert_max_num_queries: Callable[..., Any], page: str, most: int
) -> None:
    client = visitor("owner")
    client.get(f"/settings/{page}")
    with django_assert_max_num_queries(most):
        client.get(f"/settings/{page}")


@pytest.mark.feature("EXT-20")
def test_nothing_of_ours_is_on_another_tenants_page(board: None, visitor: Visitor) -> None:
    for page in ("roles/", "teams/", "contacts/", "workspaces/", "people/"):
        told = text(visitor("outsider").get(f"/settings/{page}"))
        assert not [word for word in ("night-watch", "teams/desk", "Ada", "board", "Vito") if word in told], page

"""Roles, teams, contacts, workspaces and grants over HTTP: who may what, and that what is given holds at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from broadsheet.core.policy.roles import ADMIN

Ask = Callable[..., Any]


@pytest.fixture
def ask(call: Callable[..., Any], token: Callable[..., str]) -> Ask:
    """``ask("admin", "GET", "/roles")``; each role has one token."""
    secrets: dict[str, str] = {}

    def send(role: str, method: str, path: str, body: object = None, **query: str) -> Any:
        if role not in secrets:
            secrets[role] = token(role, sorted(ADMIN))  # the role alone decides
        return call(method, path, token=secrets[role], body=body, query=query)

    return send


def put(ask: Ask, path: str, data: object, *, role: str = "owner") -> Any:
    return ask(role, "PUT", path, {"definition": data})


@pytest.mark.feature("COL-06")
def test_every_permission_is_told_with_what_it_lets_one_do(ask: Ask) -> None:
    told = ask("viewer", "GET", "/permissions").json()
    assert {one["name"] for one in told} == ADMIN
    assert all(one["lets"] and one["about"] for one in told)
    [export] = [one for one in told if one["name"] == "report.export"]
    assert export["roles"] == ["owner", "admin", "editor", "publisher", "viewer"]


@pytest.mark.feature("COL-06")
def test_a_role_of_ones_own_comes_is_held_and_goes(ask: Ask, cast: Any) -> None:
    data = {"label": "Night watch", "permissions": ["report.read", "delivery.read", "delivery.resend"]}
    assert put(ask, "/roles/night-watch", data).json()["effect"] == "added"
    listed = ask("viewer", "GET", "/roles").json()["items"]
    assert [one["name"] for one in listed] == ["owner", "admin", "editor", "publisher", "viewer", "night-watch"]
    assert [one["built_in"] for one in listed] == [True] * 5 + [False]
    assert ask("owner", "PATCH", f"/people/{cast.viewer.pk}", {"role": "night-watch"}).status_code == 204
    told = ask("owner", "GET", "/roles/night-watch").json()
    assert (told["members"], told["grants"], told["permissions"]) == (1, 0, sorted(data["permissions"]))
    gone = ask("owner", "DELETE", "/roles/night-watch")
    assert (gone.status_code, "Give them another role first" in gone.json()["detail"]) == (409, True)
    ask("owner", "PATCH", f"/people/{cast.viewer.pk}", {"role": "viewer"})
    assert [ask("owner", "DELETE", "/roles/night-watch").status_code for _ in range(2)] == [204, 404]


@pytest.mark.feature("SEC-06")
def test_built_in_roles_are_read_and_never_written(ask: Ask) -> None:
    assert ask("viewer", "GET", "/roles/editor").json()["built_in"] is True
    refused = put(ask, "/roles/editor", {"permissions": ["report.read"]})
    assert (refused.status_code, "built-in role" in refused.json()["problems"][0]["message"]) == (422, True)
    assert ask("owner", "DELETE", "/roles/editor").status_code == 404


@pytest.mark.feature("SEC-09")
def test_a_capability_is_taken_by_role_and_the_answer_says_so(ask: Ask, cast: Any, shop: object) -> None:
    put(ask, "/roles/on-screen", {"permissions": ["report.read", "report.render", "source.read"]})
    ask("owner", "PATCH", f"/people/{cast.viewer.pk}", {"role": "on-screen"})
    assert ask("viewer", "GET", "/reports/purchases").status_code == 200
    taken = ask("viewer", "GET", "/reports/purchases/render", format="csv")
    assert (taken.status_code, "“report.export”" in taken.json()["detail"]) == (403, True)


@pytest.mark.feature("SEC-10")
def test_a_condition_on_the_network_holds_at_the_next_request(ask: Ask, cast: Any, shop: object) -> None:
    elsewhere = {"permissions": ["report.read"], "conditions": [{"networks": ["10.0.0.0/8"]}]}
    here = {"permissions": ["report.read"], "conditions": [{"networks": ["127.0.0.0/8"]}]}
    put(ask, "/roles/office", elsewhere)
    ask("owner", "PATCH", f"/people/{cast.viewer.pk}", {"role": "office"})
    refused = ask("viewer", "GET", "/reports")
    assert (refused.status_code, "10.0.0.0/8" in refused.json()["detail"]) == (403, True)
    put(ask, "/roles/office", here)
    assert ask("viewer", "GET", "/reports").status_code == 200


@pytest.mark.feature("COL-08")
def test_a_teams_grant_on_one_report_lets_its_members_change_that_one(ask: Ask, shop: Any, cast: Any) -> None:
    text = ask("owner", "GET", "/reports/purchases").json()["definition"]
    assert put(ask, "/reports/purchases", text, role="viewer").status_code == 403
    put(ask, "/teams/desk", {"members": [cast.viewer.email]})
    given = put(ask, "/grants/report/purchases", {"to": [{"team": "desk", "role": "editor"}]})
    assert given.json() == {"kind": "grants", "name": "report-purchases", "effect": "added"}
    assert put(ask, "/reports/purchases", text, role="viewer").status_code == 200
    assert put(ask, "/reports/another", text.replace("purchases", "another"), role="viewer").status_code == 403
    assert ask("viewer", "GET", "/grants/report/purchases").json()["to"] == [{"person": "", "team": "desk", "role": "editor"}]  # fmt: skip
    assert ask("viewer", "GET", "/teams/desk").json()["grants"] == [{"kind": "report", "name": "purchases", "role": "editor"}]  # fmt: skip
    assert ask("owner", "DELETE", "/teams/desk").status_code == 204
    assert put(ask, "/reports/purchases", text, role="viewer").status_code == 403


@pytest.mark.feature("SEC-08")
def test_what_stands_in_a_closed_workspace_is_there_for_those_with_a_role_on_it(ask: Ask, shop: Any, cast: Any) -> None:
    put(ask, "/workspaces/board", {"open": False, "reports": ["purchases"]})
    assert ask("viewer", "GET", "/reports/purchases").status_code == 404
    assert ask("viewer", "GET", "/workspaces/board").status_code == 404
    put(ask, "/grants/workspace/board", {"to": [{"person": cast.viewer.email, "role": "viewer"}]})
    assert ask("viewer", "GET", "/reports/purchases").status_code == 200
    assert ask("viewer", "GET", "/workspaces/board").json()["reports"] == ["purchases"]
    refused = ask("owner", "DELETE", "/workspaces/board")
    assert (refused.status_code, "closed and not empty" in refused.json()["detail"]) == (409, True)


@pytest.mark.feature("SEC-08")
def test_who_edits_workspaces_opens_none_that_they_have_no_role_in(ask: Ask, shop: Any, cast: Any) -> None:
    put(ask, "/workspaces/board", {"open": False, "reports": ["purchases"]})
    put(ask, "/roles/porter", {"permissions": ["report.read", "workspace.edit"]})
    ask("owner", "PATCH", f"/people/{cast.viewer.pk}", {"role": "porter"})
    assert put(ask, "/workspaces/board", {"open": True}, role="viewer").status_code == 409
    assert ask("viewer", "DELETE", "/workspaces/board").status_code == 404
    put(ask, "/workspaces/hall", {"datasets": ["orders"]})  # which the porter may not see, and so does not turn out
    assert put(ask, "/workspaces/hall", {"label": "The hall"}, role="viewer").json()["effect"] == "changed"
    told = ask("owner", "GET", "/workspaces/hall").json()
    assert (told["label"], told["datasets"]) == ("The hall", ["orders"])


@pytest.mark.feature("COL-10")
def test_contacts_are_found_by_part_of_their_name_or_address(ask: Ask) -> None:
    for name, label in (("ada-ltd", "Ada Ltd"), ("bo-inc", "Bo Inc")):
        put(
            ask, f"/contacts/{name}", {"label": label, "address": f"post@{name}.example", "attributes": {"buyer_id": 1}}
        )
    assert [one["name"] for one in ask("editor", "GET", "/contacts", q="BO-INC.ex").json()["items"]] == ["bo-inc"]
    assert ask("viewer", "GET", "/contacts").status_code == 403
    assert put(ask, "/contacts/cy", {"label": "Cy", "address": "nowhere"}).status_code == 422
    put(ask, "/teams/buyers", {"contacts": ["ada-ltd"]})
    assert ask("editor", "GET", "/contacts/ada-ltd").json()["teams"] == ["buyers"]
    assert ask("viewer", "GET", "/teams/buyers").json()["contacts"] is None
    assert ask("owner", "DELETE", "/contacts/ada-ltd").status_code == 204


@pytest.mark.feature("COL-10")
def test_a_person_is_changed_whole_or_not_at_all(ask: Ask, cast: Any, shop: object) -> None:
    place = f"/people/{cast.viewer.pk}"
    assert ask("owner", "PATCH", place, {"role": "editor", "attributes": {"Bad Name": 1}}).status_code == 422
    assert ask("owner", "PATCH", place, {"role": "editor", "heir": cast.editor.pk}).status_code == 422
    assert ask("owner", "PATCH", place, {}).status_code == 422
    before = {one["id"]: one for one in ask("owner", "GET", "/people").json()["items"]}[cast.viewer.pk]
    assert (before["role"], before["attributes"], before["active"]) == ("viewer", {}, True)
    assert ask("owner", "PATCH", place, {"role": "editor", "attributes": {"buyer_id": "b1"}}).status_code == 204
    after = {one["id"]: one for one in ask("owner", "GET", "/people").json()["items"]}[cast.viewer.pk]
    assert (after["role"], after["attributes"]) == ("editor", {"buyer_id": "b1"})


@pytest.mark.feature("COL-10")
def test_attributes_are_told_to_who_may_change_them_and_to_oneself(ask: Ask, cast: Any) -> None:
    told = {one["id"]: one["attributes"] for one in ask("viewer", "GET", "/people").json()["items"]}
    assert {key for key, value in told.items() if value is not None} == {cast.viewer.pk}


@pytest.mark.feature("COL-10")
def test_who_is_deactivated_opens_nothing_until_reactivated(ask: Ask, cast: Any, shop: object) -> None:
    place = f"/people/{cast.editor.pk}"
    assert ask("editor", "GET", "/reports").status_code == 200
    assert ask("owner", "PATCH", place, {"active": False, "heir": cast.admin.pk}).status_code == 204
    assert ask("editor", "GET", "/reports").status_code == 401
    assert ask("owner", "PATCH", place, {"active": True}).status_code == 204
    assert ask("editor", "GET", "/reports").status_code == 200


@pytest.mark.feature("SEC-09")
def test_a_service_acts_by_its_tokens_within_its_role(ask: Ask, call: Callable[..., Any], shop: object) -> None:
    made = ask("admin", "POST", "/services", {"name": "Nightly export", "role": "viewer"})
    assert (made.status_code, made.json()["service"], made.json()["teams"]) == (201, True, [])
    assert ask("admin", "POST", "/services", {"name": "Nightly export"}).status_code == 409
    new = {"name": "export", "service": "Nightly export", "scopes": ["report.read"]}
    issued = ask("admin", "POST", "/tokens", new)
    assert issued.status_code == 201
    assert call("GET", "/me", token=issued.json()["secret"]).json()["role"] == "viewer"
    assert ask("admin", "POST", "/tokens", {**new, "scopes": ["report.edit"]}).status_code == 422
    assert ask("admin", "POST", "/tokens", {**new, "service": "Nobody"}).status_code == 404
    assert ask("owner", "PATCH", f"/people/{made.json()['id']}", {"role": "owner"}).status_code == 422


@pytest.mark.feature("SEC-08")
def test_nobody_gets_more_by_joining_a_team(ask: Ask, cast: Any, shop: object) -> None:
    put(ask, "/roles/clerk", {"permissions": ["person.read", "person.edit", "report.read"]})
    put(ask, "/teams/desk", {"label": "Desk"})
    put(ask, "/teams/readers", {"label": "Readers"})
    put(ask, "/workspaces/board", {"open": False, "reports": ["purchases"]})
    put(ask, "/roles/looker", {"permissions": ["report.read"]})
    put(ask, "/grants/report/purchases", {"to": [{"team": "desk", "role": "editor"}]})
    put(ask, "/grants/workspace/board", {"to": [{"team": "readers", "role": "looker"}]})
    ask("owner", "PATCH", f"/people/{cast.viewer.pk}", {"role": "clerk"})
    for team in ("desk", "readers"):  # of one the role is too much, of the other the closed workspace out of reach
        refused = put(ask, f"/teams/{team}", {"members": [cast.viewer.email]}, role="viewer")
        assert (refused.status_code, "Ask an owner or admin" in refused.json()["detail"]) == (403, True), team
    assert put(ask, "/teams/mine", {"members": [cast.viewer.email]}, role="viewer").status_code == 200
    assert ask("viewer", "GET", "/reports/purchases").status_code == 404


@pytest.mark.feature("SEC-09")
def test_nobody_gives_more_than_they_have(ask: Ask, cast: Any, shop: object) -> None:
    put(ask, "/roles/clerk", {"permissions": ["person.read", "person.edit", "role.edit", "report.read", "token.edit"]})
    ask("owner", "PATCH", f"/people/{cast.viewer.pk}", {"role": "clerk"})
    assert put(ask, "/roles/mine", {"permissions": ["report.edit"]}, role="viewer").status_code == 403
    given = {"to": [{"person": cast.viewer.email, "role": "editor"}]}
    assert put(ask, "/grants/report/purchases", given, role="viewer").status_code == 403
    assert ask("viewer", "PATCH", f"/people/{cast.editor.pk}", {"role": "admin"}).status_code == 403

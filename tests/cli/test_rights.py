"""Roles, teams, contacts, workspaces, grants, services and people by command: the same acts as on pages and by REST."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from broadsheet.cli.main import app

pytestmark = pytest.mark.feature("COL-10")


def said(*arguments: str) -> tuple[int, Any]:
    """Exit status, and what was told as JSON; the message where it failed."""
    found = CliRunner().invoke(app, [*arguments, "--organization", "harbour-books", "--json"])
    return found.exit_code, json.loads(found.stdout) if found.stdout else found.stderr


def shown(*arguments: str) -> str:
    found = CliRunner().invoke(app, [*arguments, "--organization", "harbour-books"])
    assert found.exit_code == 0, found.stderr
    return found.stdout


@pytest.fixture
def desk(cast: Any, organization: Any) -> None:
    """A team of nobody, and a role of the organization's own."""
    from tests.plugins.django import NOW

    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply

    text = "team: desk\nlabel: The desk\n---\nrole: clerk\npermissions: [report.read, person.edit]\n"
    apply(system_actor(organization.pk), {"a.yaml": text}, now=NOW)


@pytest.mark.feature("COL-06")
def test_roles_are_listed_shown_and_removed(desk: None) -> None:
    _, listed = said("role", "list")
    assert [(one["name"], one["built_in"]) for one in listed][-2:] == [("viewer", True), ("clerk", False)]
    assert shown("role", "show", "clerk") == "role: clerk\npermissions: [person.edit, report.read]\n"
    assert said("role", "show", "clark")[0] == 2
    assert said("role", "remove", "clerk") == (0, {"removed": "clerk"})
    assert said("role", "remove", "viewer")[0] == 2


def test_people_and_contacts_come_into_a_team_and_leave_it(desk: None, cast: Any) -> None:
    assert said("contact", "set", "ada-ltd", "--label", "Ada Ltd", "--address", "post@ada.example")[0] == 0
    assert said("team", "add", "desk", cast.viewer.email, "ada-ltd") == (0, {"team": "desk", "effect": "changed"})
    assert said("team", "list")[1][0]["contacts"] == ["ada-ltd"]
    status, told = said("team", "add", "desk", "nobody@x.example")
    assert (status, "There is no member “nobody@x.example”." in told) == (2, True)
    assert said("team", "drop", "desk", cast.viewer.email)[1]["effect"] == "changed"
    assert shown("team", "show", "desk") == "team: desk\nlabel: The desk\ncontacts: [ada-ltd]\n"
    assert said("team", "drop", "nowhere", cast.viewer.email)[0] == 2


def test_a_contact_is_changed_where_something_is_given(cast: Any) -> None:
    new = (
        "--label",
        "Ada Ltd",
        "--address",
        "post@ada.example",
        "--attribute",
        "buyer_id=12",
        "--attribute",
        "vip=true",
    )
    assert said("contact", "set", "ada-ltd", *new)[1]["effect"] == "added"
    assert said("contact", "set", "ada-ltd", "--zone", "Europe/London", "--attribute", "vip=")[1]["effect"] == "changed"
    _, [one] = said("contact", "list")
    assert (one["label"], one["zone"], one["attributes"]) == ("Ada Ltd", "Europe/London", {"buyer_id": 12})
    assert said("contact", "set", "ada-ltd", "--not-active")[1]["effect"] == "changed"
    assert "active: false" in shown("contact", "show", "ada-ltd")
    status, told = said("contact", "set", "bo", "--label", "Bo", "--address", "nowhere")
    assert (status, "address" in told) == (2, True)


@pytest.mark.feature("SEC-08")
def test_things_stand_in_workspaces_that_open_and_close(shop: Any, organization: Any) -> None:
    from tests.plugins.django import NOW

    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply

    apply(system_actor(organization.pk), {"a.yaml": "workspace: board\n"}, now=NOW)
    assert said("workspace", "put", "board", "--report", "purchases", "--dataset", "orders")[0] == 0
    assert said("workspace", "put", "board", "--report", "nothing", "--dataset", "buyers")[0] == 2
    assert said("workspace", "close", "board")[0] == 0
    _, [one] = said("workspace", "list")
    assert (one["open"], one["reports"], one["datasets"]) == (False, ["purchases"], ["orders"])
    status, told = said("workspace", "remove", "board")
    assert (status, "closed and not empty" in told) == (2, True)
    assert said("workspace", "open", "board")[0] == 0
    assert said("workspace", "take", "board", "--dataset", "orders")[0] == 0
    assert "datasets" not in said("workspace", "show", "board")[1]
    assert said("workspace", "put", "board")[0] == 2


@pytest.mark.feature("COL-08")
def test_a_role_on_one_thing_is_given_listed_and_taken(desk: None, shop: Any, cast: Any) -> None:
    assert said("grant", "give", "report", "purchases", "editor", "--team", "desk")[1]["effect"] == "added"
    assert said("grant", "give", "report", "purchases", "viewer", "--to", cast.viewer.email)[0] == 0
    listed = [(one["person"], one["team"], one["role"]) for one in said("grant", "list", "report", "purchases")[1]]
    assert listed == [("", "desk", "editor"), (cast.viewer.email, "", "viewer")]
    assert said("grant", "take", "report", "purchases", "--team", "desk")[0] == 0
    assert [one["role"] for one in said("grant", "list")[1]] == ["viewer"]
    assert said("grant", "give", "report", "nothing", "viewer", "--team", "desk")[0] == 2
    assert said("grant", "give", "cellar", "x", "viewer", "--team", "desk")[0] == 2
    assert said("grant", "give", "report", "purchases", "viewer")[0] == 2


def test_attributes_of_a_person_are_set_one_by_one(cast: Any) -> None:
    assert said("user", "attributes", cast.viewer.email, "buyer_id=b1", "vip=true")[0] == 0
    told = said("user", "attributes", cast.viewer.email, "vip=")[1]
    assert told == {"email": cast.viewer.email, "attributes": {"buyer_id": "b1"}}
    assert said("user", "attributes", cast.viewer.email, "no sign")[0] == 2
    assert shown("user", "attributes", cast.viewer.email) == "buyer_id = b1\n"


def test_who_is_deactivated_hands_over_and_comes_back(cast: Any, shop: Any, actor: Any) -> None:
    from broadsheet.schedules.models import Schedule

    Schedule.objects.update(owner=cast.editor)
    status, told = said("user", "deactivate", cast.editor.email, "--to", cast.admin.email)
    assert (status, told["schedules"]) == (0, ["buyers-monday"])
    assert Schedule.objects.get().owner_id == cast.admin.pk
    listed = {one["email"]: one["active"] for one in said("user", "list")[1]}
    assert listed[cast.editor.email] is False
    assert said("user", "reactivate", cast.editor.email)[0] == 0
    assert said("user", "deactivate", cast.owner.email)[0] == 2  # the last owner stays


@pytest.mark.feature("SEC-09")
def test_a_service_gets_a_token_within_its_role(cast: Any) -> None:
    assert said("service", "add", "Nightly export", "--role", "viewer")[1]["role"] == "viewer"
    _, made = said("token", "issue", "--name", "n", "--service", "Nightly export", "--scope", "all")
    assert "report.export" in made["scopes"] and "report.edit" not in made["scopes"]
    assert said("token", "issue", "--name", "n", "--service", "Nightly export", "--scope", "report.edit")[0] == 2
    assert said("token", "issue", "--name", "n", "--service", "Nobody", "--scope", "all")[0] == 2
    status, told = said("token", "issue", "--name", "n", "--scope", "all")
    assert (status, "--service" in told) == (2, True)

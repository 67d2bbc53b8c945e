# ruff: noqa: F811
"""Object state in the matrix of pages: what stands in a closed workspace opens for nobody whose role is not given there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.access.conftest import ROOM
from tests.plugins.django import NOW, Cast
from tests.web.pages.test_rights_of_pages import (  # noqa: F401
    Names,
    Visitor,
    asked,
    audience,
    expected,
    names,
    patterns,
)

from broadsheet.core.policy.grants import ON_THINGS
from broadsheet.core.policy.roles import ROLES

pytestmark = [pytest.mark.feature("SEC-06"), pytest.mark.feature("SEC-08")]
NAMED = {"purchases", "buyers-monday", "orders", "inbox"}
# Answers of these say nothing of the thing: a form that is sent back empty, or a kind that is not asked for by name.
SILENT = {"settings-calendar", "settings-channel-add"}


@pytest.fixture
def closed(names: Names, actor: Callable[[str], Any]) -> None:
    """All of it in a closed workspace, and in no open one."""
    from broadsheet.access.models import Placement
    from broadsheet.operations.definitions.apply import apply

    Placement.objects.all().delete()

    apply(actor("admin"), {"room.yaml": ROOM.replace("[outbox]", "[inbox, outbox]")}, now=NOW)


def about_things(names: Names) -> list[Any]:
    """The addresses that name a report, schedule, dataset, channel, run or delivery of the workspace."""
    found = []
    for one in patterns():
        values = names[str(one.name)]
        named = values.get("name") in NAMED or (
            "key" in values and not str(one.name).startswith(("mail", "notif", "inbox"))
        )
        if named and audience(one) is not None and str(one.name) not in SILENT:
            found.append(one)
    return found


@pytest.mark.parametrize("role", ["viewer", "publisher", "editor"])
def test_none_of_it_is_there_for_who_has_no_role_on_it(
    names: Names,
    closed: None,
    visitor: Visitor,
    role: str,
    cast: Cast,
) -> None:
    client = as_role(visitor, cast, role)
    things = about_things(names)
    assert len(things) > 25
    opened = {}
    for one in things:
        status, _to = asked(client, one, names)
        if status not in ({404} if set(audience(one) or ()) <= ROLES[role] else {403, 404}):
            opened[one.name] = status
    assert opened == {}


@pytest.mark.parametrize(("granted", "home"), [("viewer", "viewer"), ("editor", "viewer"), ("publisher", "viewer")])
def test_a_role_on_the_workspace_opens_what_that_role_carries(
    names: Names,
    closed: None,
    visitor: Visitor,
    granted: str,
    home: str,
    cast: Cast,
    actor: Callable[[str], Any],
) -> None:
    from broadsheet.access.actions.grants import give

    give(actor("admin"), "workspace", "back-office", granted, person=cast.viewer.email, now=NOW)
    client = as_role(visitor, cast, home)
    wrong = {}
    for one in about_things(names):
        wanted = set(audience(one) or ())
        allowed = wanted <= ROLES[home] | (ROLES[granted] & ON_THINGS)
        status, _to = asked(client, one, names)
        if status not in (expected(str(one.name)) if allowed else {403}):
            wrong[one.name] = status
    assert wrong == {}


def as_role(visitor: Visitor, cast: Cast, role: str) -> Client:
    from broadsheet.access.models import Membership

    Membership.objects.filter(user=cast.viewer).update(role=role)
    return visitor("viewer")

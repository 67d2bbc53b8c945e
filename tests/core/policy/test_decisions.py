"""May I? By role, by grants on things, under conditions, and never beyond a token's scopes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from broadsheet.core.policy import Actor, Circumstances, Condition, Grant, Thing, may, may_somewhere
from broadsheet.core.policy.conditions import withheld
from broadsheet.core.policy.grants import ON_THINGS
from broadsheet.core.policy.roles import ADMIN, EDIT, ROLES, VIEW, granted

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday
VIEWER = Actor(1, 7, "Vito", "viewer", "page")
ROOM = ("workspace", 3)
REPORT = Thing("report", "purchases", frozenset({("report", 5)}))
CLOSED = Thing("report", "purchases", frozenset({("report", 5), ROOM}), open=False)


def with_grant(kind: str, key: int, role: str, actor: Actor = VIEWER) -> Actor:
    return replace(actor, grants=(*actor.grants, Grant(kind, key, role, granted(ROLES[role]))))


@pytest.mark.feature("SEC-06")
def test_a_role_counts_wherever_nothing_is_closed() -> None:
    assert may(VIEWER, "report.read") and may(VIEWER, "report.read", REPORT)
    assert not may(VIEWER, "report.edit", REPORT)
    assert may(VIEWER, "report.edit", REPORT).reason.startswith("The role “viewer” does not include “report.edit”.")


@pytest.mark.feature("SEC-08")
def test_in_a_closed_workspace_only_grants_count() -> None:
    assert not may(VIEWER, "report.read", CLOSED)
    assert "closed workspace" in may(VIEWER, "report.read", CLOSED).reason
    assert may(with_grant("workspace", 3, "viewer"), "report.read", CLOSED)
    assert may(with_grant("report", 5, "viewer"), "report.read", CLOSED)
    assert not may(with_grant("report", 6, "owner"), "report.read", CLOSED)  # on another report
    assert not may(with_grant("workspace", 5, "owner"), "report.read", CLOSED)  # the number alone is not enough
    assert may(Actor(1, 1, "Amir", "admin", "page"), "report.read", CLOSED)  # whoever runs all workspaces


@pytest.mark.feature("SEC-08")
def test_a_grant_gives_nothing_beyond_the_thing() -> None:
    editor_here = with_grant("report", 5, "owner")
    assert may(editor_here, "report.edit", REPORT) and not may(editor_here, "report.edit")
    assert may_somewhere(editor_here, "report.edit")
    for permission in ADMIN - ON_THINGS:
        assert bool(may(editor_here, permission, REPORT)) == (permission in VIEW)
        assert bool(may_somewhere(editor_here, permission)) == (permission in VIEW)


@pytest.mark.feature("SEC-03")
def test_no_grant_reaches_beyond_a_tokens_scopes() -> None:
    token = replace(with_grant("report", 5, "editor"), scopes=frozenset({"report.read"}))
    assert may(token, "report.read", CLOSED)
    assert not may(token, "report.edit", CLOSED) and not may_somewhere(token, "report.edit")


@pytest.mark.feature("SEC-10")
@pytest.mark.parametrize(
    ("condition", "given", "holds"),
    [
        (Condition(networks=("10.0.0.0/8",)), Circumstances(NOON, "10.2.3.4"), True),
        (Condition(networks=("10.0.0.0/8",)), Circumstances(NOON, "::ffff:10.2.3.4"), True),
        (Condition(networks=("10.0.0.0/8",)), Circumstances(NOON, "11.0.0.1"), False),
        (Condition(networks=("10.0.0.0/8",)), Circumstances(NOON, ""), False),
        (Condition(networks=("10.0.0.0/8",)), Circumstances(NOON, "10.0.0.1, 9.9.9.9"), False),
        (Condition(networks=("2001:db8::/32",)), Circumstances(NOON, "2001:db8::1"), True),
        (Condition(hours="mon-fri 08:00-18:00"), Circumstances(NOON), True),
        (Condition(hours="mon-fri 08:00-18:00", zone="Asia/Tokyo"), Circumstances(NOON), False),  # 21:00 there
        (Condition(hours="sat 08:00-18:00"), Circumstances(NOON), False),
        (Condition(second_factor=True), Circumstances(NOON), False),
        (Condition(second_factor=True), Circumstances(NOON, second_factor=True), True),
        (Condition(networks=("10.0.0.0/8",), second_factor=True), Circumstances(NOON, "10.0.0.1"), False),
    ],
)
def test_all_that_a_condition_says_must_be_so(condition: Condition, given: Circumstances, holds: bool) -> None:
    kept_back, _own = withheld(EDIT, [condition], given)
    assert kept_back.keys() == (set() if holds else EDIT)


@pytest.mark.feature("SEC-10")
def test_a_condition_holds_back_only_what_it_is_about_and_says_why() -> None:
    condition = Condition(frozenset({"report.export", "person.edit"}), networks=("10.0.0.0/8",))
    kept_back, own = withheld(VIEW, [condition], Circumstances(NOON, "192.0.2.1"))
    assert (set(kept_back), own) == ({"report.export"}, frozenset())
    actor = replace(VIEWER, role="field", permissions=VIEW - set(kept_back), withheld=tuple(sorted(kept_back.items())))
    assert may(actor, "report.read", REPORT)
    assert may(actor, "report.export").reason == (
        "The role “field” includes “report.export”, but not now: it is for the networks 10.0.0.0/8. Ask from there."
    )


@pytest.mark.feature("SEC-10")
def test_what_holds_for_ones_own_holds_for_nothing_else() -> None:
    actor = replace(VIEWER, permissions=VIEW | {"schedule.edit"}, only_own=frozenset({"schedule.edit"}))
    mine = Thing("schedule", "mine", frozenset({("schedule", 1)}), owner_id=7)
    theirs = replace(mine, owner_id=8)
    nobodys = replace(mine, owner_id=None)
    assert may(actor, "schedule.edit", mine)
    assert not may(actor, "schedule.edit", theirs) and not may(actor, "schedule.edit", nobodys)
    assert may(actor, "schedule.read", theirs)

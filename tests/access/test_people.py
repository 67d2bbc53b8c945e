"""People and tokens: who may let in whom, and what a token can never do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.plugins.django import NOW, PASSWORD

from broadsheet.access.actions.add_person import add_person
from broadsheet.access.actions.change_person import change_password, change_role, remove_person
from broadsheet.access.actions.tokens import issue, revoke
from broadsheet.access.errors import AccessError
from broadsheet.access.models import Membership, Token
from broadsheet.access.queries import actor_of_token, people
from broadsheet.core.policy.roles import Refused

NEW = {"email": "Nora@Harbour.example", "name": "Nora", "password": "a-long-new-password", "now": NOW}


@pytest.mark.feature("SEC-06")
def test_an_admin_lets_people_in_and_the_address_is_kept_in_small_letters(actor) -> None:
    member = add_person(actor("admin"), role="viewer", **NEW)
    assert (member.user.email, member.role) == ("nora@harbour.example", "viewer")
    assert member.user.check_password("a-long-new-password")


@pytest.mark.feature("SEC-06")
@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_others_do_not(actor, role: str) -> None:
    with pytest.raises(Refused):
        add_person(actor(role), role="viewer", **NEW)


@pytest.mark.feature("SEC-06")
def test_an_admin_cannot_make_or_unmake_an_owner(actor, cast) -> None:
    admin = actor("admin")
    for act in (
        lambda: add_person(admin, role="owner", **NEW),
        lambda: change_role(admin, cast.editor.pk, role="owner", now=NOW),
        lambda: change_role(admin, cast.owner.pk, role="viewer", now=NOW),
        lambda: remove_person(admin, cast.owner.pk, now=NOW),
    ):
        with pytest.raises(AccessError, match="Only an owner"):
            act()


@pytest.mark.feature("COL-10")
def test_the_last_owner_stays(actor, cast) -> None:
    owner = actor("owner")
    for act in (
        lambda: change_role(owner, cast.owner.pk, role="viewer", now=NOW),
        lambda: remove_person(owner, cast.owner.pk, now=NOW),
    ):
        with pytest.raises(AccessError, match="last owner"):
            act()


@pytest.mark.feature("EXT-20")
def test_another_tenant_s_member_cannot_be_touched_or_seen(actor, cast) -> None:
    owner = actor("owner")
    with pytest.raises(AccessError, match="no such member"):
        remove_person(owner, cast.outsider.pk, now=NOW)
    assert cast.outsider.pk not in [one.user_id for one in people(owner)]


@pytest.mark.parametrize("password", ["short", "password1234", ""])
def test_a_weak_password_is_refused_with_what_it_lacks(actor, password: str) -> None:
    with pytest.raises(AccessError, match="The password cannot be used"):
        add_person(actor("owner"), role="viewer", **{**NEW, "password": password})
    assert not Membership.objects.filter(user__email="nora@harbour.example").exists()


def test_the_present_password_is_asked_for_a_new_one(actor, cast) -> None:
    with pytest.raises(AccessError, match="not right"):
        change_password(actor("viewer"), cast.viewer, current="guess", new="another-long-password", now=NOW)
    change_password(actor("viewer"), cast.viewer, current=PASSWORD, new="another-long-password", now=NOW)
    assert cast.viewer.check_password("another-long-password")


@pytest.mark.feature("SEC-03")
def test_a_token_is_kept_as_its_hash_and_acts_as_its_owner_within_its_scopes(actor) -> None:
    token, secret = issue(actor("owner"), name="script", scopes=["delivery.read"], days=30, now=NOW)
    assert secret not in str(Token.objects.values())
    found = actor_of_token(secret, now=NOW)
    assert (found.user_id, found.role, found.scopes) == (actor("owner").user_id, "owner", frozenset({"delivery.read"}))
    assert token.prefix == secret[:10]


@pytest.mark.feature("SEC-03")
def test_a_token_ends_when_its_time_is_over_when_revoked_and_when_its_owner_leaves(actor, cast, token) -> None:
    secret = token("admin", ["report.read"], days=1)
    assert actor_of_token(secret, now=NOW) is not None
    assert actor_of_token(secret, now=NOW + timedelta(days=1, seconds=1)) is None
    second = token("admin", ["report.read"])
    revoke(actor("owner"), Token.objects.order_by("-pk").first().pk, now=NOW)
    assert actor_of_token(second, now=NOW) is None
    remove_person(actor("owner"), cast.admin.pk, now=NOW)
    assert actor_of_token(secret, now=NOW) is None
    assert actor_of_token("bst_nonsense", now=NOW) is None


@pytest.mark.feature("SEC-03")
def test_nobody_issues_more_than_they_have(actor) -> None:
    with pytest.raises(AccessError, match="does not include nothing"):
        issue(actor("admin"), name="x", scopes=["nothing"], days=None, now=NOW)
    narrow = actor("admin").__class__(
        actor("admin").organization_id, actor("admin").user_id, "Amir", "admin", "api", frozenset({"token.edit"})
    )
    with pytest.raises(AccessError, match="more than itself"):
        issue(narrow, name="x", scopes=["report.read"], days=None, now=NOW)

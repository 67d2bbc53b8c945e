"""Limits are the organization's own, said by who steers operations."""

from __future__ import annotations

import pytest
from tests.plugins.django import NOW

from broadsheet.compliance.models import Entry
from broadsheet.core.document.loading import DefinitionError, load
from broadsheet.core.policy.roles import Refused
from broadsheet.operations.definitions.apply import apply, export
from broadsheet.runs.actions.limit import limits_of, save_limits

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SCH-23")]
SAID = "limits: organization\nruns: 4\nsources: {shop: 2}\n"


def save(actor, text: str) -> str:
    [loaded] = load(text, file="limits.yaml")
    return save_limits(actor, loaded, now=NOW)


def test_what_is_said_is_kept_journaled_and_written_back(shop, actor) -> None:
    assert [save(actor("owner"), SAID), save(actor("owner"), SAID)] == ["added", "same"]
    assert limits_of(actor("viewer")) == {"runs": 4, "sources": {"shop": 2}}
    assert save(actor("owner"), SAID.replace("4", "5")) == "changed"
    entries = Entry.objects.filter(action="limits.saved").order_by("pk")
    assert [one.detail["after"]["runs"] for one in entries] == [4, 5]
    assert "runs: 5" in export(actor("owner"))["limits/organization.yaml"]


def test_a_file_applies_them(shop, actor) -> None:
    apply(actor("owner"), {"limits.yaml": SAID}, now=NOW)
    assert limits_of(actor("owner"))["runs"] == 4


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("shop: 2", "shpo: 2", "There is no source “shpo”"),
        ("runs: 4", "runs: 0", "0 is too small"),
        ("organization", "everything", "limits of the organization alone"),
    ],
)
def test_what_cannot_be_is_said_with_its_fix(shop, actor, old: str, new: str, told: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        save(actor("owner"), SAID.replace(old, new))
    assert told in str(caught.value.problems[0].message)


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_others_may_not(shop, actor, role: str) -> None:
    with pytest.raises(Refused):
        save(actor(role), SAID)


def test_another_organization_has_its_own(shop, actor, cast) -> None:
    save(actor("owner"), SAID)
    assert limits_of(actor("outsider")) == {}

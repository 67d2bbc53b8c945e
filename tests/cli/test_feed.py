"""A person's feed address by command: made anew, ended, and never anybody else's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.plugins.django import NOW
from typer.testing import CliRunner

from broadsheet.access.queries import actor_of_feed
from broadsheet.cli.main import app
from broadsheet.compliance.models import Entry

pytestmark = pytest.mark.feature("SCH-30")


def answered(*arguments: str) -> tuple[int, Any]:
    found = CliRunner().invoke(app, ["feed", *arguments, "--organization", "harbour-books", "--json"])
    return found.exit_code, json.loads(found.stdout) if found.stdout else found.stderr


def test_it_is_made_renewed_and_ended(cast: Any) -> None:
    person = ("--as", cast.viewer.email)
    secrets = []
    for _ in range(2):
        status, made = answered("new", *person)
        assert status == 0 and made["schedule"].endswith("/{name}.ics")
        secrets.append(made["all"].split("/feeds/")[1].removesuffix(".ics"))
    old, new = (actor_of_feed(one, now=NOW) for one in secrets)
    assert old is None and new is not None and (new.user_id, new.scopes) == (cast.viewer.pk, {"schedule.read"})
    assert [answered("end", *person) for _ in range(2)] == [(0, {"ended": True}), (0, {"ended": False})]
    assert actor_of_feed(secrets[1], now=NOW) is None
    found = Entry.objects.filter(action__startswith="feed.").order_by("pk").values_list("action", "actor", "via")
    assert list(found) == [(f"feed.{act}", "Vito", "cli") for act in ("made", "renewed", "ended")]


def test_another_tenants_person_is_not_here(cast: Any) -> None:
    for command in ("new", "end"):
        status, said = answered(command, "--as", cast.outsider.email)
        assert (status, cast.owner.email in said) == (2, True)


def test_people_read_it(cast: Any) -> None:
    found = CliRunner().invoke(app, ["feed", "new", "--as", cast.owner.email, "--organization", "harbour-books"])
    assert [line.split(":")[0] for line in found.stdout.splitlines()] == ["All schedules", "Theirs", "One schedule"]

"""Tokens by command: shown once, with the rights of the person named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.plugins.django import NOW
from typer.testing import CliRunner

from broadsheet.cli.main import app
from broadsheet.core.policy import permissions_of

pytestmark = pytest.mark.feature("SEC-03")


def answered(*arguments: str) -> tuple[int, Any]:
    found = CliRunner().invoke(app, ["token", *arguments, "--organization", "harbour-books", "--json"])
    return found.exit_code, json.loads(found.stdout) if found.stdout else found.stderr


def test_a_token_is_issued_listed_and_revoked(cast: Any) -> None:
    from broadsheet.access.queries import actor_of_token

    status, made = answered(
        "issue", "--name", "nightly", "--scope", "report.read,report.render", "--as", cast.admin.email
    )
    assert (status, made["scopes"], made["person"]) == (0, ["report.read", "report.render"], cast.admin.email)
    actor = actor_of_token(made["secret"], now=NOW)
    assert actor is not None and (actor.role, actor.scopes) == ("admin", {"report.read", "report.render"})

    _, listed = answered("list")
    assert [(one["id"], one["revoked_at"]) for one in listed] == [(made["id"], None)]
    assert made["secret"] not in json.dumps(listed)

    assert answered("revoke", str(made["id"])) == (0, {"revoked": made["id"]})
    assert actor_of_token(made["secret"], now=NOW) is None


def test_what_cannot_be_is_told_with_the_cure(cast: Any) -> None:
    status, said = answered("issue", "--name", "x", "--scope", "channel.edit", "--as", cast.viewer.email)
    assert (status, "does not include" in said) == (2, True)
    status, said = answered("issue", "--name", "x", "--scope", "report.read", "--as", "nobody@x.example")
    assert (status, cast.admin.email in said) == (2, True)
    assert answered("revoke", "999")[0] == 2


def test_scopes_are_asked_for_mended_and_given_whole(cast: Any) -> None:
    issue = ("issue", "--name", "x", "--as", cast.admin.email)
    status, said = answered(*issue)
    assert (status, "Say what the token may do" in said, "report.render" in said) == (2, True, True)
    status, said = answered(*issue, "--scope", "report.raed")
    assert (status, "There is no permission “report.raed”." in said, "Did you mean “report.read”?" in said) == (
        2, True, True,
    )  # fmt: skip
    status, made = answered(*issue, "--scope", "all")
    assert (status, made["scopes"]) == (0, sorted(permissions_of("admin")))

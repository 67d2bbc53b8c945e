"""`broadsheet user role`: who may do what, changed by command."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from broadsheet.access.models import Membership
from broadsheet.cli.main import app

pytestmark = pytest.mark.feature("SEC-06")


def role(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["user", "role", *arguments, "--organization", "harbour-books"])


def test_a_role_is_changed(cast: Any) -> None:
    assert role(cast.viewer.email, "editor").exit_code == 0
    assert Membership.objects.get(user=cast.viewer).role == "editor"


def test_what_cannot_be_is_told_with_the_cure(cast: Any) -> None:
    assert "Use one of" in role(cast.viewer.email, "king").stderr
    assert cast.viewer.email in role("nobody@x.example", "editor").stderr
    assert "The last owner stays." in role(cast.owner.email, "viewer").stderr
    assert Membership.objects.get(user=cast.owner).role == "owner"

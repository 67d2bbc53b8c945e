"""What the command itself says of itself."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from broadsheet.cli.main import app


@pytest.mark.feature("EXT-20")
def test_it_says_which_version_it_is() -> None:
    told = CliRunner().invoke(app, ["--version"])
    assert (told.exit_code, told.stdout) == (0, "0.1.0\n")


def test_without_a_command_it_lists_them() -> None:
    told = CliRunner().invoke(app, [])
    assert "maintenance" in told.output
    assert "--version" in told.output

"""A port that is taken is told in our words alone."""

from __future__ import annotations

import socket

import pytest
import typer

from broadsheet.cli.serving import listening


@pytest.mark.feature("SCH-20")
def test_a_port_that_is_taken_is_told_once(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(typer.Exit):
        port = taken.getsockname()[1]
        listening("127.0.0.1", port)
    lines = capfd.readouterr().err.splitlines()
    assert lines == [
        f"The port {port} of 127.0.0.1 cannot be had: Address already in use.", "Choose another with --port.",
    ]  # fmt: skip

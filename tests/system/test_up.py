"""Everything in one command: it serves, says how to get in, starts again quickly, and ends when told to."""

from __future__ import annotations

import re
import signal
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE, STDOUT, Popen

import pytest
from tests.plugins.postgres import free_port

from .conftest import COMMAND, Installation

SECOND_START_SECONDS = 10


@contextmanager
def serving(installation: Installation, *options: str) -> Iterator[tuple[str, str, Popen[str]]]:
    """The address, all that was said until it served, and the process."""
    port = free_port()
    process = Popen(
        [COMMAND, "up", "--port", str(port), *options], env=installation.environment,
        stdout=PIPE, stderr=STDOUT, text=True,
    )  # fmt: skip
    said = ""
    assert process.stdout is not None
    try:
        for line in process.stdout:
            said += line
            if "nothing is lost" in line:
                break
        yield f"http://127.0.0.1:{port}", said, process
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0, said


def status(address: str) -> int:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return int(answer.status)


@pytest.mark.feature("SCH-20")
def test_first_and_second_start(installation: Installation) -> None:
    with serving(installation, "--sample") as (address, said, _):
        assert "First burst: 40 accepted; 80 files" in said
        assert re.search(r"Sign in as mara@northlight\.example", said)
        assert [status(address + path) for path in ("/sign-in/", "/api/livez", "/api/readyz")] == [200, 200, 200]
        told = installation.json("deliveries", "--schedule", "buyers-monday", "--limit", "100")
        assert {one["state"] for one in told} == {"accepted"}
    begun = time.monotonic()
    with serving(installation, "--sample") as (_, said, _):
        assert time.monotonic() - begun < SECOND_START_SECONDS
        assert "First burst" not in said


@pytest.mark.feature("PRF-21")
def test_a_second_server_of_one_installation_is_refused_with_the_reason(installation: Installation) -> None:
    with serving(installation):
        said = installation.run("up", "--port", str(free_port()), status=2)
        assert said == ""


@pytest.mark.feature("SCH-20")
def test_a_command_beside_a_server_leaves_the_work_to_it(installation: Installation) -> None:
    with serving(installation):
        told = installation.json("run", "source-quality-monthly", "--wait")
        assert (told["state"], told["deliveries"]) == ("accepted", {"accepted": 2})
        owners = installation.select("select distinct owner from runs_occurrence")
        assert owners == [("",)]  # given back when it had ended

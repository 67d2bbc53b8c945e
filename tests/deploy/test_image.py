"""The Dockerfile: all that it copies is there and given to it, all that it installs has a hash, and nobody is root."""

from __future__ import annotations

import fnmatch
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from .conftest import ROOT, understood

pytestmark = pytest.mark.feature("PRF-03")
TEXT = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
LINES = [line.strip() for line in TEXT.splitlines() if line.strip() and not line.startswith("#")]
LAST = LINES[max(number for number, line in enumerate(LINES) if line.startswith("FROM")) :]


def said(instruction: str, lines: list[str] = LINES) -> list[str]:
    return [line.partition(" ")[2].strip() for line in lines if line.startswith(f"{instruction} ")]


def copied() -> list[str]:
    """What of the checkout goes into the image or its making."""
    return [source for line in said("COPY") if not line.startswith("--from") for source in line.split()[:-1]]


def given(path: str) -> bool:
    """Whether .dockerignore lets it through: the last rule that fits counts."""
    through = True
    for rule in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        if not rule or rule.startswith("#"):
            continue
        pattern, lets = rule.removeprefix("!").rstrip("/"), rule.startswith("!")
        parents = ["/".join(path.split("/")[: depth + 1]) for depth in range(path.count("/") + 1)]
        if any(fnmatch.fnmatchcase(one, pattern.removeprefix("**/")) for one in parents):
            through = lets
    return through


@pytest.mark.parametrize("source", copied())
def test_what_is_copied_is_there_and_given(source: str) -> None:
    assert (ROOT / source).exists()
    assert given(source)


@pytest.mark.parametrize(
    "secret", ["deploy/secrets/secret_key", "deploy/.env", ".env", ".git/config", "home/keys.json"]
)
def test_what_is_secret_is_not_given(secret: str) -> None:
    assert not given(secret)


def test_all_that_is_installed_has_a_hash() -> None:
    installs = re.findall(r"pip install ([^&]*)", TEXT)
    assert [one for one in installs if "--require-hashes" not in one and "--no-deps dist/" not in one] == []
    assert "scripts/npm ci " in TEXT  # by the lock alone


def test_it_runs_as_nobody_in_particular() -> None:
    user, group = said("USER", LAST)[-1].split(":")
    assert int(user) > 0 < int(group)


def test_nothing_that_builds_stays() -> None:
    assert [line for line in LAST if re.search(r"\b(gcc|build-essential|npm|pip install|make)\b", line)] == []


def test_signals_reach_the_process() -> None:
    entry = json.loads(said("ENTRYPOINT")[0])
    assert entry == ["tini", "--", "broadsheet"]  # the form without a shell
    assert understood(json.loads(said("CMD", [line for line in LAST if not line.startswith("HEALTH")])[0]))[0] == "web"


def test_no_secret_is_asked_for_while_it_is_built() -> None:
    assert re.findall(r"(?i)^(?:ARG|ENV)\b.*(?:secret|password|token).*$", TEXT, re.M) == []


@pytest.fixture(params=[200, 503])
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, int]]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(request.param)
            self.end_headers()
            self.wfile.write(b"Not ready: database.")

        def log_message(self, format: str, *args: object) -> None: ...

    made = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}", request.param
    made.shutdown()
    made.server_close()


def probe(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-S", ROOT / "deploy/image/probe.py", *arguments], capture_output=True, text=True, timeout=20,
        env={"http_proxy": "http://127.0.0.1:9"}, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


def test_the_probe_tells_what_the_process_says(server: tuple[str, int]) -> None:
    address, status = server
    assert probe("/readyz", address) == ((0, "") if status == 200 else (1, "/readyz: Not ready: database.\n"))


def test_the_probe_tells_that_nobody_listens() -> None:
    status, told = probe("/livez", "http://127.0.0.1:9")
    assert (status, "refused" in told) == (1, True)

"""What each test of faults gets: how long the form is that it runs in, an installation to break, and a sheet of figures."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from .parts.furnishing import model as furnished
from .parts.house import House, lived_in, moved_in
from .parts.mailbox import Mailbox, mailbox
from .parts.postgres import Server, server
from .parts.town import Town, settled

WHOLE = os.environ.get("BROADSHEET_FAULTS") == "whole"
RESULTS = os.environ.get("BROADSHEET_FAULTS_RESULTS", "")
LEASE_SECONDS = 60 if WHOLE else 6
# These take longest even in their short form: `make faults` tries them, until they and the rest of the suite are quick enough.
MINUTES = (
    "test_brokers_away.py",
    "test_database_away.py",
    "test_killed_workers.py",
    "test_poison.py",
    "test_sqlite_busy.py",
)
collect_ignore = [] if WHOLE else list(MINUTES)
HELD = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for one in items:
        if Path(__file__).parent in one.path.parents:
            one.add_marker(
                pytest.mark.timeout(3600 if WHOLE else 400)
            )  # a busy machine makes ten times of what they take


@pytest.fixture(scope="session")
def whole() -> bool:
    """Whether the table's own numbers are wanted: `make faults`. Else the short form, which all tests include."""
    return WHOLE


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[HELD] = report.passed
    return report


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """The test's figures, for the report: what it writes here, how long it took and whether the product held."""
    told: dict[str, Any] = {}
    begun = time.monotonic()
    yield told
    if RESULTS:
        row = {
            "test": request.node.name, "what": (request.function.__doc__ or "").strip(),
            "held": request.node.stash.get(HELD, False), "seconds": round(time.monotonic() - begun, 1), "figures": told,
        }  # fmt: skip
        with Path(RESULTS).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, default=str) + "\n")


@pytest.fixture(scope="session")
def database_server() -> Iterator[Server]:
    """A PostgreSQL that nobody kills."""
    with server() as made:
        yield made


@pytest.fixture(scope="session")
def model(database_server: Server, tmp_path_factory: pytest.TempPathFactory) -> House:
    """An installation on PostgreSQL that tests copy; nobody works in it. All processes of the tests have one."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    return furnished(database_server, shared / "model", BROADSHEET_LEASE_SECONDS=str(LEASE_SECONDS))


@pytest.fixture
def house(model: House, database_server: Server, tmp_path: Path) -> Iterator[House]:
    """An installation on PostgreSQL, of this test alone."""
    url = database_server.make(f"house_{time.monotonic_ns()}", like="model")
    with lived_in(moved_in(model, tmp_path, url=url)) as made:
        yield made


@pytest.fixture(scope="session")
def shared_town(model: House, database_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """An installation at work, for what breaks something beside it."""
    folder, url = tmp_path_factory.mktemp("town"), database_server.make("town", like="model")
    with settled(moved_in(model, folder, url=url), poison=folder / "poison") as made:
        yield made


@pytest.fixture
def town(shared_town: Town) -> Town:
    """As `shared_town`; of runs it knows the test's own."""
    shared_town.runs.clear()
    return shared_town


@pytest.fixture
def outside() -> Iterator[Path]:
    """A folder for servers of other users: each new run of pytest shuts its own to them."""
    with TemporaryDirectory(prefix="broadsheet-faults-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def witness() -> Iterator[Mailbox]:
    with mailbox() as made:
        yield made

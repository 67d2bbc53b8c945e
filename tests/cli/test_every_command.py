"""The matrix of commands: each acts as the owner of the machine for one organization, and finds nothing of another's.

A command without an entry here fails: say what it is given, or why it asks no organization.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.plugins.django import NOW, Cast
from typer.main import get_command
from typer.testing import CliRunner

from broadsheet.cli.main import app

pytestmark = [pytest.mark.feature("SEC-06"), pytest.mark.feature("EXT-20")]
# These look at no organization, or are for the whole machine.
WITHOUT = {
    "doctor",
    "queue nodes",
    "import crontab",
    "key",
    "migrate",
    "sample",
    "restored",
    "scheduler",
    "up",
    "web",
    "trigger",
    "when",
    "worker",
}
# What is given to each, all of it another organization's; {…} is filled from the world.
NAMING = {
    "conditions": "buyers-monday", "go-ahead": "{open}",
    "channel check": "inbox", "channel let-through": "inbox", "channel show": "inbox",
    "contact remove": "ada", "contact show": "ada", "dataset ask": "orders --metric bought", "dataset lineage": "orders",
    "dataset show": "orders", "feed end": "--as {email}", "feed new": "--as {email}",
    "grant give": "report purchases viewer --to {email}", "grant take": "report purchases --to {email}",
    "event show": "{event}", "hook end": "buyers-monday", "hook make": "buyers-monday", "hook show": "buyers-monday",
    "backfill": "buyers-monday --from 2026-11-01", "hold": "{open}", "move": "buyers-monday --to 2099-01-01T08:00", "skip": "buyers-monday", "pause": "buyers-monday", "resume": "buyers-monday", "stop": "{open}", "release": "{open}", "drop": "{open}",
    "maintenance end": "{window}", "may": "{email} report.read", "queue next": "{open}", "limit source": "shop 2", "queue priority": "{open} high", "notifications": "--as {email}", "render": "purchases --out {out}.csv --format csv",
    "resend": "--run {run}", "role remove": "clerk", "role show": "clerk", "run": "buyers-monday",
    "source starter": "shop --show", "source stats": "shop", "source sync": "shop",
    "suppression lift": "ada@ada.example", "team add": "sales {email}", "team drop": "sales {email}", "team remove": "sales", "team show": "sales",
    "token issue": "--name t --as {email} --scope report.read", "token revoke": "1",
    "user attributes": "{email} a=b", "user deactivate": "{email}", "user hand-over": "{email} --to {owner}",
    "user reactivate": "{email}", "user remove": "{email}", "user role": "{email} editor",
    "workspace close": "back-office", "workspace open": "back-office", "workspace put": "back-office --report purchases",
    "workspace remove": "back-office", "workspace show": "back-office", "workspace take": "back-office --report purchases",
}  # fmt: skip
LISTING = {
    "event list": "", "channel list": "", "audit list": "", "audit export": "--out {out}", "contact list": "", "dataset list": "", "deliveries": "",
    "export": "{out}", "grant list": "", "health": "", "maintenance list": "", "limit show": "", "queue list": "", "runs": "", "role list": "", "source list": "", "suppression list": "", "team list": "", "token list": "",
    "user list": "", "workspace list": "",
}  # fmt: skip
# They make things of the asker's own, of whatever they are given.
MAKING = {
    "apply": "{file}", "plan": "{file}", "contact set": "x --label X --address x@x.example", "service add": "robot --role viewer",
    "limit runs": "3", "maintenance plan": "--from 2099-01-01 --to 2099-01-02 --reason Disks", "maintenance start": "--reason Disks",
    "event send": "import.finished", "user add": "new@x.example --name New", "audit verify": "",
}  # fmt: skip
LISTING["simulate"], MAKING["spread"] = "--days 14", ""
OURS = ("purchases", "Purchases", "buyers-monday", "orders", "harbour", "Ada", "ada@", "Edda", "Vito", "clerk", "sales")


def commands() -> Iterator[tuple[str, set[str]]]:
    """Each command with the names of its parameters."""

    def walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, set[str]]]:
        if hasattr(command, "commands"):
            for name, below in command.commands.items():
                yield from walk(below, (*path, name))
        else:
            yield " ".join(path), {one.name for one in command.params}

    return walk(get_command(app), ())


@pytest.fixture
def call(
    shop: object, finish: Callable[..., Any], actor: Callable[[str], Any], cast: Cast, other_organization: Any, tmp_path: Path
) -> Callable[..., Any]:  # fmt: skip
    """``call("run", "buyers-monday", "lantern-press")`` runs a command for an organization."""
    from broadsheet.operations.actions.maintenance import plan as plan_maintenance
    from broadsheet.operations.definitions.apply import apply
    from broadsheet.runs.actions.run_now import run_now
    from broadsheet.schedules.actions.send_event import send_event

    apply(
        actor("owner"),
        {
            "x.yaml": "role: clerk\npermissions: [report.read]\n---\ncontact: ada\nlabel: Ada\naddress: ada@ada.example\n"
            "---\nteam: sales\ncontacts: [ada]\n---\nworkspace: back-office\nopen: false\nreports: [purchases]\n"
        },
        now=NOW,
    )
    run = finish(run_now(actor("owner"), "buyers-monday", now=NOW))
    waits = run_now(actor("owner"), "buyers-monday", now=NOW, at=NOW - timedelta(days=1))
    later = {"starts_at": NOW + timedelta(days=30_000), "ends_at": None, "reason": "New disks at harbour"}
    window = plan_maintenance(actor("owner"), **later, now=NOW)
    event, _ = send_event(actor("owner"), "import.finished", payload={"of": "harbour"}, now=NOW)
    file = tmp_path / "own.yaml"
    file.write_text("brand: own\nlabel: Own\n", "utf-8")
    filled = {
        "email": cast.viewer.email, "owner": cast.owner.email, "run": run.pk, "open": waits.pk, "window": window.pk, "event": event.pk, "out": tmp_path / "out", "file": file,
    }  # fmt: skip

    def invoke(command: str, given: str, organization: str) -> Any:
        arguments = [*command.split(), *given.format(**filled).split(), "--organization", organization]
        return CliRunner().invoke(app, arguments)

    return invoke


def test_every_command_has_an_entry_and_says_for_which_organization() -> None:
    found = dict(commands())
    assert set(found) == WITHOUT | set(NAMING) | set(LISTING) | set(MAKING)
    assert {name for name, asked in found.items() if "organization" not in asked} == WITHOUT - {"when"}


def test_what_is_another_organizations_is_not_there(call: Callable[..., Any]) -> None:
    found = {}
    for command, given in NAMING.items():
        result = call(command, given, "lantern-press")
        if result.exit_code not in {1, 2} or (result.exception and not isinstance(result.exception, SystemExit)):
            found[command] = result.exit_code, result.output, result.exception
    assert found == {}


def test_lists_hold_nothing_of_another_organization(call: Callable[..., Any], tmp_path: Path) -> None:
    for command, given in LISTING.items():
        result = call(command, given, "lantern-press")
        assert result.exit_code == 0, (command, result.output)
        assert not [word for word in OURS if word in result.output], (command, result.output)
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert not [path for path in written if any(word in path.read_text("utf-8") for word in OURS)]


def test_each_does_something_for_its_own_organization(call: Callable[..., Any]) -> None:
    """So that what is refused above is refused for the organization's sake."""
    for command in ("dataset show", "role show", "team show", "workspace show", "contact show", "render", "user role"):
        result = call(command, NAMING[command], "harbour-books")
        assert result.exit_code == 0, (command, result.output)


def test_an_organization_that_is_not_there_is_said_by_all(call: Callable[..., Any]) -> None:
    wrong = {}
    for command, given in {**NAMING, **LISTING, **MAKING}.items():
        result = call(command, given, "nowhere")
        if result.exit_code != 2 or "nowhere" not in result.stderr:
            wrong[command] = result.exit_code, result.output
    assert wrong == {}

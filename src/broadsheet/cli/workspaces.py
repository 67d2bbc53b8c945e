"""`broadsheet workspace`: rooms for reports, datasets and channels."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .named import AsJson, Name, Named, Where, add_commands, tell
from .output import fail
from .ready import machine_owner, ready
from .refusals import refusals

if TYPE_CHECKING:
    from broadsheet.core.policy import Actor

workspace = typer.Typer(help="Workspaces. Make and change them whole with “broadsheet apply”.", no_args_is_help=True)
Reports = Annotated[list[str] | None, typer.Option("--report", help="Name of a report; repeat it.")]
Datasets = Annotated[list[str] | None, typer.Option("--dataset", help="Name of a dataset; repeat it.")]
Channels = Annotated[list[str] | None, typer.Option("--channel", help="Name of a channel; repeat it.")]


def _rows(actor: Actor) -> list[dict[str, Any]]:
    from broadsheet.access.actions.workspaces import workspace_data
    from broadsheet.access.rosters import workspaces

    return [{"name": one.name, "open": one.open, **workspace_data(actor, one)} for one in workspaces(actor)]


def _data(actor: Actor, name: str) -> dict[str, Any]:
    from broadsheet.access.actions.workspaces import workspace_data
    from broadsheet.access.rosters import workspace as found

    return workspace_data(actor, found(actor, name))


def _remove(actor: Actor, name: str, now: datetime) -> None:
    from broadsheet.access.actions.workspaces import remove_workspace

    remove_workspace(actor, name, now=now)


add_commands(
    workspace, Named("workspace", ("name", "open", "label", "reports", "datasets", "channels"), _rows, _data, _remove)
)


@workspace.command("put")
def put(
    name: Name, report: Reports = None, dataset: Datasets = None, channel: Channels = None, organization: Where = "",
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Put things into a workspace; they stay where else they stand."""
    _move("place", name, report, dataset, channel, organization)
    tell({"workspace": name}, f"They stand in “{name}” now.", as_json=as_json)


@workspace.command("take")
def take(
    name: Name, report: Reports = None, dataset: Datasets = None, channel: Channels = None, organization: Where = "",
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Take things out of a workspace. What then stands in none is everybody's by their role."""
    _move("displace", name, report, dataset, channel, organization)
    tell({"workspace": name}, f"They stand in “{name}” no more.", as_json=as_json)


@workspace.command("open")
def open_it(name: Name, organization: Where = "", as_json: AsJson = False) -> None:
    """Open a workspace: everybody's role in the organization counts in it."""
    _turn(name, organization, to=True)
    tell({"workspace": name, "open": True}, f"“{name}” is open to everybody's role.", as_json=as_json)


@workspace.command("close")
def close(name: Name, organization: Where = "", as_json: AsJson = False) -> None:
    """Close a workspace: only roles given on it, or on what stands in it, count."""
    _turn(name, organization, to=False)
    tell({"workspace": name, "open": False}, f"“{name}” is closed to all but those with a role on it.", as_json=as_json)


def _turn(name: str, organization: str, *, to: bool) -> None:
    ready()
    from broadsheet.access.actions.arrange import set_open

    with refusals():
        set_open(machine_owner(organization), name, open=to, now=datetime.now(UTC))


def _move(
    act: str,
    name: str,
    reports: list[str] | None,
    datasets: list[str] | None,
    channels: list[str] | None,
    organization: str,
) -> None:
    """All of it together or, where one is not there, nothing."""
    asked = {"report": reports or [], "dataset": datasets or [], "channel": channels or []}
    if not any(asked.values()):
        fail("Nothing is named.", fix="Name things with --report, --dataset or --channel.")
    ready()
    from django.db import transaction

    from broadsheet.access.actions import arrange

    with refusals(), transaction.atomic():
        actor = machine_owner(organization)
        for kind, names in asked.items():
            if names:
                getattr(arrange, act)(actor, name, kind, names, now=datetime.now(UTC))

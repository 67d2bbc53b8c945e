"""Puts the subcommands together. Each lives in a module of its own; none holds rules."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from .audit import audit
from .backfill import backfill
from .channels import channel
from .conditions import conditions, go_ahead
from .contacts import contact
from .datasets import dataset
from .definitions import apply, export, plan
from .deliveries import deliveries, resend
from .doctor import doctor
from .events import event
from .feed import feed
from .grants import grant
from .health import health
from .holds import drop, hold, release
from .hooks import hook
from .importing import importing
from .key import key
from .limits import limit
from .load import simulate, spread
from .maintenance import maintenance
from .may import may
from .migrating import migrate
from .notifications import notifications
from .overrides import move, skip
from .people import user
from .processes import scheduler, web, worker
from .queue import queue
from .render import render
from .restored import restored
from .roles import role
from .run import run as run_schedule
from .runs import runs
from .sample import sample
from .services import service
from .source import source
from .steering import pause, resume, stop
from .suppressions import suppression
from .teams import team
from .tokens import token
from .trigger import trigger
from .up import up
from .when import when
from .workspaces import workspace

app = typer.Typer(
    name="broadsheet",
    help="Schedules reports, makes each one personal, delivers it and accounts for it.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals may hold secrets
)
for command in (
    up,
    web,
    scheduler,
    worker,
    migrate,
    sample,
    apply,
    plan,
    export,
    render,
    runs,
    deliveries,
    resend,
    notifications,
    doctor,
    health,
    when,
    key,
    may,
    hold,
    pause,
    resume,
    stop,
    skip,
    move,
    release,
    drop,
    backfill,
    simulate,
    spread,
):
    app.command()(command)
app.command("run")(run_schedule)
app.command("trigger")(trigger)
app.command("restored")(restored)
app.command("conditions")(conditions)
app.command("go-ahead")(go_ahead)
app.add_typer(user, name="user")
app.add_typer(service, name="service")
app.add_typer(role, name="role")
app.add_typer(team, name="team")
app.add_typer(contact, name="contact")
app.add_typer(channel, name="channel")
app.add_typer(workspace, name="workspace")
app.add_typer(grant, name="grant")
app.add_typer(suppression, name="suppression")
app.add_typer(token, name="token")
app.add_typer(dataset, name="dataset")
app.add_typer(feed, name="feed")
app.add_typer(event, name="event")
app.add_typer(hook, name="hook")
app.add_typer(importing, name="import")
app.add_typer(audit, name="audit")
app.add_typer(source, name="source")
app.add_typer(queue, name="queue")
app.add_typer(maintenance, name="maintenance")
app.add_typer(limit, name="limit")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(version("broadsheet"))
        raise typer.Exit


@app.callback()
def main(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is, and end.")
    ] = False,
) -> None:
    """Broadsheet."""


def run() -> None:
    """The console script's entry."""
    app()

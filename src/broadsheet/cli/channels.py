"""`broadsheet channel`: where reports go, how much of their limits is left, and which are left alone since they fail."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from .instants import said
from .named import AsJson, Where, tell
from .output import console, say_json
from .ready import machine_owner, ready
from .refusals import refusals

if TYPE_CHECKING:
    from broadsheet.core.policy import Actor
    from broadsheet.delivery.models import StoredChannel
    from broadsheet.delivery.standing import Standing, Use

channel = typer.Typer(help="Channels. Make and change them whole with “broadsheet apply”.", no_args_is_help=True)
ChannelName = Annotated[str, typer.Argument(metavar="CHANNEL", help="Its name.")]
FAILED = 4  # exit status: the channel does not work


@channel.command("list")
def listed(organization: Where = "", as_json: AsJson = False) -> None:
    """List channels: whether they work or are left alone, what is left of their limits, what waits. Times are UTC."""
    ready()
    with refusals():
        found = _all(machine_owner(organization))
    if as_json:
        say_json([_record(one, standing) for one, standing in found])
        return
    table = Table("Channel", "Kind", "Breaker", "Last said", "Fullest limit", "Waiting", box=None)
    for one, standing in found:
        fullest = min(standing.limits, key=lambda use: use.left / use.most, default=None)
        waiting = standing.limited + standing.left_alone
        breaker = standing.breaker if standing.since is None else f"{standing.breaker} since {said(standing.since)}"
        table.add_row(
            one.name, one.kind, breaker, standing.last_word[:60], _use(fullest) if fullest else "", str(waiting or "")
        )  # fmt: skip
    console.print(table)


@channel.command()
def show(name: ChannelName, organization: Where = "", as_json: AsJson = False) -> None:
    """Show how a channel stands: its breaker, each of its limits, and what waits for it. Times are UTC."""
    ready()
    with refusals():
        one, standing = _named(machine_owner(organization), name)
    if as_json:
        say_json(_record(one, standing))
        return
    for line in _lines(one, standing):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


@channel.command()
def check(name: ChannelName, organization: Where = "", as_json: AsJson = False) -> None:
    """Try a channel's settings without sending anything. Ends with status 4 where they do not work."""
    ready()
    from broadsheet.delivery.actions.channels import check_channel

    with refusals():
        checked = check_channel(machine_owner(organization), name, now=datetime.now(UTC))
    tell({"channel": name, "ok": checked.ok, "verdict": checked.verdict}, checked.verdict, as_json=as_json)
    if not checked.ok:
        raise typer.Exit(FAILED)


@channel.command("let-through")
def let(name: ChannelName, organization: Where = "", as_json: AsJson = False) -> None:
    """Close the breaker of a channel that is left alone since it failed: what waits for it is tried now."""
    ready()
    from broadsheet.delivery.actions.gates import let_through

    with refusals():
        closed = let_through(machine_owner(organization), name, now=datetime.now(UTC))
    told = f"“{name}” is let through; what waited is tried now." if closed else f"“{name}” is not left alone."
    tell({"channel": name, "let_through": closed}, told, as_json=as_json)


def _all(actor: Actor) -> list[tuple[StoredChannel, Standing]]:
    from broadsheet.delivery.queries import channels
    from broadsheet.delivery.standing import standings

    found = list(channels(actor))
    stands = standings(found)
    return [(one, stands[one.pk]) for one in found]


def _named(actor: Actor, name: str) -> tuple[StoredChannel, Standing]:
    from broadsheet.delivery.errors import UnknownChannel

    for one, standing in _all(actor):
        if one.name == name:
            return one, standing
    raise UnknownChannel(f"There is no channel “{name}” here. See “broadsheet channel list”.")


def _record(one: StoredChannel, standing: Standing) -> dict[str, Any]:
    stands = {
        **asdict(standing),
        "since": standing.since.isoformat() if standing.since else None,
        "trial_at": standing.trial_at.isoformat() if standing.trial_at else None,
        "limits": [{**asdict(use), "used": use.used} for use in standing.limits],
    }
    return {
        "name": one.name, "label": one.label, "kind": one.kind, "ok": one.ok, "verdict": one.verdict,
        "limits": one.limits, "breaker": one.breaker, "standing": stands,
    }  # fmt: skip


def _lines(one: StoredChannel, standing: Standing) -> list[str]:
    lines = [f"{one} ({one.kind})", one.verdict or "Not tried yet."]
    if standing.since is None:
        lines.append("The breaker is closed: deliveries go through.")
    else:
        trial = f" Next trial at {said(standing.trial_at)}." if standing.trial_at else ""
        lines.append(f"Left alone since {said(standing.since)}: {standing.last_word}{trial}")
    lines += [_use(use) for use in standing.limits] or ["No limits."]
    if standing.limited or standing.left_alone:
        lines.append(f"Waiting: {standing.limited} for a limit, {standing.left_alone} for the breaker.")
    return lines


def _use(use: Use) -> str:
    over = "at once" if use.per == "at_once" else f"a{'n' if use.per == 'hour' else ''} {use.per}"
    return f"{use.used} of {use.most} {over}{f' to {use.domain}' if use.domain else ''}"

"""`broadsheet hold`, `release` and `drop`: deciding on runs and deliveries that are held."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from rich.table import Table

from .deliveries import identifier
from .instants import said
from .output import console, fail, say_json
from .overrides import chosen
from .ready import machine_owner, ready
from .refusals import refusals

if TYPE_CHECKING:
    from broadsheet.runs.actions.decide import Verdict
    from broadsheet.runs.held import Goes
    from broadsheet.runs.models import Occurrence

Where = Annotated[str, typer.Option("--organization", help="Its short name, where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
Why = Annotated[str, typer.Option(help="Goes into the journal.")]
Runs = Annotated[list[str] | None, typer.Argument(help="Runs by their id.")]
Deliveries = Annotated[
    list[str] | None, typer.Option("--delivery", help="A held delivery by its id; may stand there often.")
]


def hold(
    what: Annotated[
        str, typer.Argument(help="A schedule, for a firing to come; or a run that has not begun, by its id.")
    ],
    at: Annotated[str, typer.Option(help="The schedule's firing: its time, ISO 8601; else the next.")] = "",
    why: Why = "",
    undo: Annotated[bool, typer.Option("--undo", help="The schedule's firing is not to be held.")] = False,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Keep a firing of a schedule, or a run, from beginning until it is released or dropped."""
    ready()
    if not _is_run(what):
        from broadsheet.schedules.actions import override

        given = {} if undo else {"why": why}
        chosen(override.undo if undo else override.hold, what, organization, as_json, at=at, **given)
        return
    from broadsheet.runs.actions.release import hold_run

    with refusals():
        held = hold_run(machine_owner(organization), identifier(what), now=datetime.now(UTC), why=why)
    if as_json:
        say_json(_facts(held))
    else:
        console.print(f"Held. Let it go with: broadsheet release {held.pk}", highlight=False, soft_wrap=True)


def _is_run(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def release(
    run: Runs = None, delivery: Deliveries = None, why: Why = "", organization: Where = "", as_json: AsJson = False
) -> None:
    """Let held runs or deliveries go. Without any, list what is held."""
    ready()
    if not run and not delivery:
        _list(organization, as_json)
        return
    _decide(run, delivery, why, organization, as_json, "release", "released")


def drop(
    run: Runs = None, delivery: Deliveries = None, why: Why = "", organization: Where = "", as_json: AsJson = False
) -> None:
    """End held runs, or skip held deliveries: they are not sent."""
    ready()
    if not run and not delivery:
        fail(
            "Say what to drop.",
            fix="Name runs, or deliveries with --delivery. “broadsheet release” lists what is held.",
        )
    _decide(run, delivery, why, organization, as_json, "drop", "dropped")


def _decide(
    run: list[str] | None, delivery: list[str] | None, why: str, organization: str, as_json: bool,
    verdict: Verdict, word: str,
) -> None:  # fmt: skip
    ready()
    from broadsheet.delivery.errors import DeliveryError
    from broadsheet.runs.actions.decide import decide

    actor, now = machine_owner(organization), datetime.now(UTC)
    runs, deliveries = ([identifier(one) for one in some or []] for some in (run, delivery))
    try:
        with refusals():
            done = decide(actor, verdict, runs=runs, deliveries=deliveries, now=now, why=why)
    except DeliveryError as error:
        fail(str(error))
    number = done.runs + done.deliveries
    if as_json:
        say_json({word: number})
    else:
        console.print(f"{number} {word}.", highlight=False)


def _list(organization: str, as_json: bool) -> None:
    ready()
    from broadsheet.runs.held import held_runs, what_goes

    actor = machine_owner(organization)
    found = list(held_runs(actor))
    goes = {
        one.run.pk: one
        for one in what_goes(actor, runs_of=[one.pk for one in found], deliveries=(), now=datetime.now(UTC))
    }
    if as_json:
        say_json([_facts(one) for one in found])
        return
    table = Table("Run", "Fired, UTC", "Schedule", "Held", "Would go", "Why", box=None)
    for one in found:
        reason = one.held_reason or (one.deliveries.filter(state="held").values_list("reason", flat=True).first() or "")
        table.add_row(str(one.pk), said(one.fire_at), one.schedule.name, _what(one), _goes(goes.get(one.pk)), reason)
    table.columns[0].no_wrap = True
    console.print(table)
    console.print(f"{len(found)} held", highlight=False)


def _goes(one: Goes | None) -> str:
    """How many deliveries, where that is known or can be foreseen; and what is unsure."""
    if one is None:
        return ""
    number = f"about {one.number}" if one.foreseen and one.number else "not known" if one.foreseen else f"{one.number}"
    return f"{number}, {one.unsure} unsure" if one.unsure else number


def _what(run: Occurrence) -> str:
    number = run.deliveries.filter(state="held").count()
    return f"{number} deliveries" if number else "the run"


def _facts(run: Occurrence) -> dict[str, object]:
    held = run.deliveries.filter(state="held").order_by("recipient_name")
    return {
        "run": str(run.pk), "schedule": run.schedule.name, "fire_at": run.fire_at.isoformat(), "state": run.state,
        "held_for": run.held_for, "held_reason": run.held_reason, "findings": run.findings,
        "deliveries": [{"id": str(one.pk), "recipient": one.recipient_name, "reason": one.reason} for one in held],
    }  # fmt: skip

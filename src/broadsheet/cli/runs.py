"""`broadsheet runs`: every firing, those that did not run among them, how each ended, and what one used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .deliveries import identifier
from .named import AsJson, Where, show_table
from .output import console, say_json
from .ready import machine_owner, ready
from .refusals import refusals
from .states import chosen_states

if TYPE_CHECKING:
    from broadsheet.core.policy import Actor
    from broadsheet.runs.models import Occurrence


def runs(
    run: Annotated[str, typer.Argument(metavar="[RUN]", help="One alone, by its id, with what it used.")] = "",
    schedule: Annotated[str, typer.Option(help="Of this schedule alone.")] = "",
    state: Annotated[str, typer.Option(help="In these states alone, with commas between.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """List runs, the newest firing first, those that did not run among them; or show one. Times are UTC."""
    ready()
    from broadsheet.core.lifecycle import Occurrence as State
    from broadsheet.runs import queries

    states = chosen_states(state, State)
    with refusals():
        actor = machine_owner(organization)
        if run:
            _show(actor, run, as_json=as_json)
            return
        found = queries.runs(actor, schedule=schedule)
    if states:
        found = found.filter(state__in=states)
    rows = _facts(list(found[:limit]))
    if as_json:
        say_json(rows)
    elif rows:
        shown = [{**one, "deliveries": _in_words(one["deliveries"])} for one in rows]
        show_table(("run", "fired", "schedule", "kind", "state", "deliveries", "why"), shown)
    else:
        console.print("There are no such runs.")


def _show(actor: Actor, key: str, *, as_json: bool) -> None:
    from broadsheet.runs import queries
    from broadsheet.runs.used import used_by

    one = queries.run(actor, identifier(key))
    used = used_by(one)
    told = {**_facts([one])[0], "used": asdict(used) if used else None}
    if as_json:
        say_json(told)
        return
    shown = {**told, "deliveries": _in_words(told["deliveries"]), **(asdict(used) if used else {})}
    for name, value in shown.items():
        if name != "used" and value not in ("", None):
            console.print(f"{name.replace('_', ' ')}: {value}", highlight=False, markup=False)


def _facts(found: list[Occurrence]) -> list[dict[str, Any]]:
    from broadsheet.delivery.queries import counts

    numbers = counts([one.pk for one in found])
    return [
        {
            "run": str(one.pk), "fired": one.fire_at.astimezone(UTC), "schedule": one.schedule.name, "kind": one.kind,
            "state": one.state, "deliveries": numbers.get(one.pk, {}),
            "why": one.error or one.held_reason or one.reason, "finished": one.finished_at,
        }
        for one in found
    ]  # fmt: skip


def _in_words(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {state}" for state, number in sorted(numbers.items()))

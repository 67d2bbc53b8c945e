"""`broadsheet simulate` and `spread`: the load to come, as it would be if, and flattened."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .named import AsJson, Where, show_table
from .output import console, fail, say_json
from .ready import machine_owner, ready

if TYPE_CHECKING:
    from broadsheet.schedules.planning.foreseeing import Foresight, Seen, WhatIf

LISTED = 10


def simulate(
    since: Annotated[str, typer.Option("--from", help="The first day, such as 2026-11-30; else today.")] = "",
    days: Annotated[int, typer.Option(min=1, max=92, help="How many days.")] = 7,
    add: Annotated[list[str] | None, typer.Option(help="More schedules like one: NAME=20. As often as wanted.")] = None,
    move: Annotated[list[str] | None, typer.Option(help="One fires so many minutes later: NAME=30. As often as wanted.")] = None,
    closed: Annotated[list[str] | None, typer.Option(help="A day on which every calendar is closed besides.")] = None,
    workers: Annotated[int, typer.Option(min=0, help="Runs at once; 0: as there are workers and limits for.")] = 0,
    heavy: Annotated[int, typer.Option(min=0, help="Heavy runs among them; 0: as it is.")] = 0,
    spread: Annotated[bool, typer.Option("--spread", help="Floating schedules begin where the planner would put them.")] = False,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Simulate all schedules over some days: the load by hours, who waits how long, and what would be if. Keeps nothing."""
    ready()
    from broadsheet.core.policy.roles import Refused
    from broadsheet.schedules import queries
    from broadsheet.schedules.errors import ScheduleError
    from broadsheet.schedules.planning.foreseeing import WhatIf, foresee

    actor, now = machine_owner(organization), datetime.now(UTC)
    what_if = WhatIf(
        _pairs(add, "--add"), workers or None, heavy or None, _pairs(move, "--move"),
        tuple(_day(one) for one in closed or ()), spread,
    )  # fmt: skip
    try:
        first = _day(since) if since else queries.today(actor, now=now)
        found = foresee(actor, since=first, days=days, what_if=what_if, now=now)
    except (ScheduleError, Refused) as error:
        fail(str(error))
    if as_json:
        say_json(_facts(found))
    else:
        _show(found, what_if)


def spread(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would move, and move nothing.")] = False,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Begin floating schedules (policies: float) where fewer runs go on at once over the coming month."""
    ready()
    from broadsheet.core.planning import peak
    from broadsheet.core.policy.roles import Refused
    from broadsheet.schedules.actions.spread_out import spread_out

    try:
        found = spread_out(machine_owner(organization), now=datetime.now(UTC), dry_run=dry_run)
    except Refused as error:
        fail(str(error))
    rows = [{"schedule": one.key, "was": one.was // 60, "now": one.now // 60} for one in found.moves]
    before, after = peak(found.before), peak(found.after)
    if as_json:
        say_json({"peak_before": before, "peak_after": after, "moves": rows, "kept": not dry_run})
    elif not rows:
        console.print("Nothing moves: no floating schedule has a better place within its window.")
    else:
        show_table(("schedule", "was", "now"), rows)
        kept = "Nothing was moved yet." if dry_run else "Moved, from the next firings on."
        console.print(f"Minutes after the firing. At once at most: {before} before, {after} after. {kept}", soft_wrap=True)  # fmt: skip


def _pairs(given: list[str] | None, option: str) -> tuple[tuple[str, int], ...]:
    found = []
    for text in given or ():
        name, _, number = text.partition("=")
        try:
            found.append((name, int(number)))
        except ValueError:
            fail(f"“{text}” cannot be read.", fix=f"Write {option} buyers-monday=20.")
    return tuple(found)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"“{text}” is not a date.", fix="Write it as 2026-11-30.")


def _facts(found: Foresight) -> dict[str, Any]:
    return {
        "since": found.since.isoformat(), "until": found.until.isoformat(), "zone": found.zone,
        "now": _seen(found.now), "then": _seen(found.then) if found.then else None, "unread": list(found.unread),
    }  # fmt: skip


def _seen(one: Seen) -> dict[str, Any]:
    hours = [
        {"day": str(day), "hour": hour, "runs": cell.runs, "busy_seconds": round(cell.busy), "most_at_once": cell.most}
        for (day, hour), cell in sorted(one.cells.items())
    ]
    facts = one.facts()
    busiest = facts["busiest"]
    return {**facts, "busiest": {**busiest, "day": str(busiest["day"])} if busiest else None, "hours": hours}


def _show(found: Foresight, what_if: WhatIf) -> None:
    rows = [_row("as it is", found.now)]
    if found.then is not None:
        rows.append(_row("as asked", found.then))
    show_table(("what", "runs", "workers", "at once", "busiest hour", "wait", "longest wait"), rows)
    shown = found.then or found.now
    for ran in shown.waits[:LISTED]:
        at = datetime.fromtimestamp(ran.at, found.since.tzinfo)
        console.print(
            f"{ran.key} of {at:%a %d %b %H:%M} would wait {_long(ran.waited)}.", markup=False, highlight=False
        )
    if found.unread:
        console.print(f"Left out, since their rules cannot be read: {', '.join(found.unread)}.", markup=False, soft_wrap=True)  # fmt: skip


def _row(what: str, one: Seen) -> dict[str, Any]:
    facts = one.facts()
    busiest = facts["busiest"]
    return {
        "what": what, "runs": f"{facts['runs']:,}", "workers": facts["workers"], "at once": facts["most_at_once"],
        "busiest hour": f"{busiest['day']:%a %d %b} {busiest['hour']:02}:00" if busiest else "",
        "wait": f"{facts['waited']:,}", "longest wait": _long(facts["longest_wait_seconds"]),
    }  # fmt: skip


def _long(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return (
        f"{minutes // 60} h {minutes % 60} min"
        if minutes >= 60
        else f"{minutes} min {rest} s"
        if minutes
        else f"{rest} s"
    )

"""`broadsheet trigger`: start a run on a server elsewhere, for orchestrators that run commands. Needs no installation here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .output import console, errors, fail, say_json

if TYPE_CHECKING:
    from broadsheet.client import Run

NOT_ALL_ACCEPTED = 3  # exit status: the run ended, and not every delivery was accepted; as `broadsheet run` has it
NOT_ENDED = 4  # exit status: it goes on
UNANSWERED = 5  # exit status: the server did not answer; asking again with the same key is safe


def trigger(
    schedule: Annotated[str, typer.Argument(help="The schedule's name on the server.")],
    server: Annotated[
        str, typer.Option(envvar="BROADSHEET_SERVER", help="The server's address, such as https://reports.example.")
    ],
    token: Annotated[
        str, typer.Option(envvar="BROADSHEET_TOKEN", help="A token that may run schedules; better in the environment.")
    ],
    key: Annotated[
        str, typer.Option(help="One run for each: what is run again with the same key begins nothing new.")
    ] = "",
    parameter: Annotated[
        list[str] | None, typer.Option("-p", help="A parameter of the report, as name=value; 5 and true are no texts.")
    ] = None,
    wait: Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait for its end; 0: only start it.")] = 3600,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Start a schedule on a server, wait for the run's end, and tell how it went.

    Exit status: 0 every delivery was accepted, 2 refused, 3 not all were accepted, 4 it goes on after the wait, 5 the
    server did not answer.
    """
    from broadsheet.client import BroadsheetError, Client, NotEnded, Unanswered

    try:
        with Client(server, token) as broadsheet:
            run = broadsheet.start(schedule, given=values(parameter or []), key=key)
            if wait:
                run = broadsheet.wait(run, seconds=wait, told=None if as_json else _tell)
            elif not as_json:
                _tell(run)
    except NotEnded as error:
        errors.print(str(error), markup=False, highlight=False)
        raise typer.Exit(NOT_ENDED) from error
    except Unanswered as error:
        errors.print(str(error), markup=False, highlight=False)
        raise typer.Exit(UNANSWERED) from error
    except BroadsheetError as error:
        fail(str(error))
    if as_json:
        say_json(run.facts)
    for problem in run.problems if not as_json else ():
        errors.print(problem, markup=False, highlight=False, soft_wrap=True)
    if wait and not run.accepted:
        raise typer.Exit(NOT_ALL_ACCEPTED)


def values(given: list[str]) -> dict[str, Any]:
    """``name=value`` options in the types that they look like: numbers, true and false, else texts; quotes make a text."""
    found: dict[str, Any] = {}
    for one in given:
        name, equals, text = one.partition("=")
        if not equals or not name:
            fail(f"“{one}” is not a parameter.", fix="Write it as name=value.")
        try:
            value = json.loads(text)
        except ValueError:
            value = text
        found[name] = value if isinstance(value, str | bool | int | float) else text
    return found


def _tell(run: Run) -> None:
    numbers = ", ".join(f"{number} {state}" for state, number in sorted(run.deliveries.items()))
    console.print(
        f"{run.id}  {run.state}{f': {numbers}' if numbers else ''}", highlight=False, markup=False, soft_wrap=True
    )

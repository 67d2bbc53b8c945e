"""`broadsheet audit`: the journal, whether it is what it was, and all of it as a file that can be checked anywhere."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from .instants import instant, said
from .output import console, fail, say_json
from .ready import machine_owner, ready

if TYPE_CHECKING:
    from broadsheet.core.chain import Verdict

BROKEN = 4  # exit status: the chain does not hold

audit = typer.Typer(help="The journal: who did what, when, by which way.", no_args_is_help=True)
Where = Annotated[str, typer.Option("--organization", help="Its short name, where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


@audit.command("list")
def listed(
    action: Annotated[str, typer.Option(help="This act, or those that begin so: schedule.")] = "",
    by: Annotated[str, typer.Option(help="Part of the actor's name.")] = "",
    of: Annotated[str, typer.Option("--object", help="What it was done to.")] = "",
    since: Annotated[str, typer.Option(help="From this instant on, ISO 8601.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """List acts, the newest first. Times are UTC."""
    ready()
    from broadsheet.compliance.queries import entries

    begin = instant(since) if since else None
    found = list(entries(machine_owner(organization), action=action, by=by, subject=of, since=begin)[:limit])
    if as_json:
        say_json(
            [
                {
                    "seq": one.seq, "at": one.at, "actor": one.actor, "person_id": one.user_id, "via": one.via, "address": one.address,
                    "action": one.action, "object": one.object, "detail": one.detail,
                }
                for one in found
            ]
        )  # fmt: skip
        return
    table = Table("At", "Who", "By", "Act", "To what", box=None)
    for one in found:
        table.add_row(said(one.at), one.actor, one.via, one.action, one.object)
    console.print(table)


@audit.command()
def verify(
    file: Annotated[str, typer.Argument(help="An export; without one, the journal of this installation.")] = "",
    head: Annotated[str, typer.Option(help="A hash that was noted earlier: it must be among them.")] = "",
    organization: Where = "",
    as_json: AsJson = False,
) -> None:
    """Check that no entry was changed, taken out or put in. A file is checked without any installation.

    Ends with status 4 when the chain does not hold. Note the hash that is said: it is all that is needed to show later
    that the end was cut off.
    """
    verdict = _of_file(Path(file), head) if file else _of_journal(organization, head)
    if as_json:
        say_json({"whole": verdict.whole, "entries": verdict.count, "head": verdict.head, "fault": verdict.fault})
    else:
        _say(verdict)
    if not verdict.whole:
        raise typer.Exit(BROKEN)


@audit.command()
def export(
    out: Annotated[str, typer.Option(help="The file; else standard output.")] = "", organization: Where = ""
) -> None:
    """Write the whole journal, oldest first: one JSON object a line, with the hash of each."""
    ready()
    from broadsheet.compliance.audit import exported

    lines = exported(machine_owner(organization), now=datetime.now(UTC))
    if not out:
        sys.stdout.writelines(lines)
        return
    try:
        with Path(out).open("x", encoding="utf-8") as file:
            file.writelines(lines)
    except FileExistsError:
        fail(f"“{out}” is there already.", fix="Name another file.")
    except OSError as error:
        fail(f"“{out}” cannot be written: {error.strerror}.", fix="Choose a folder that is there and yours.")


def _of_journal(organization: str, head: str) -> Verdict:
    ready()
    from broadsheet.compliance.audit import checked

    return checked(machine_owner(organization), now=datetime.now(UTC), known=head)


def _of_file(file: Path, head: str) -> Verdict:
    from broadsheet.core.chain import Unreadable, links_from
    from broadsheet.core.chain import verify as walk

    try:
        with file.open(encoding="utf-8") as lines:
            return walk(links_from(lines), known=head)
    except Unreadable as error:
        fail(str(error))
    except (OSError, UnicodeDecodeError):
        fail(f"“{file}” cannot be read.", fix="Name the file that “broadsheet audit export” wrote.")


def _say(verdict: Verdict) -> None:
    if verdict.whole:
        console.print(f"{verdict.count} entries, as they were written. The last hash:", highlight=False)
        console.print(verdict.head, markup=False, highlight=False)
    else:
        console.print(
            f"It holds up to number {verdict.count}. {verdict.fault}", style="bold red", highlight=False, markup=False
        )

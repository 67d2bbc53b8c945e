"""`broadsheet render`: one report as a file, as a chosen reader would get it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .output import console, fail, say_json
from .ready import machine_owner, ready
from .run import pairs

if TYPE_CHECKING:
    from broadsheet.core.policy import Actor


def render(
    report: Annotated[str, typer.Argument(help="The report's name.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    form: Annotated[str, typer.Option("--format", help="pdf, html, xlsx or csv; else as the file’s name ends.")] = "",
    recipient: Annotated[str, typer.Option("--as", help="As this recipient of a schedule over the report.")] = "",
    parameter: Annotated[list[str] | None, typer.Option("-p", help="A parameter, as name=value.")] = None,
    brand: Annotated[str, typer.Option(help="In this brand; else the organization's own.")] = "",
    organization: Annotated[str, typer.Option(help="Its short name, where there are several.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Render a report into a file, without a schedule."""
    ready()
    from broadsheet.core.policy.roles import Refused
    from broadsheet.runs.actions.preview import PreviewError, preview

    actor = machine_owner(organization)
    form = _form(out, form)
    try:
        made = preview(
            actor, report, form=form, recipient=recipient, given=pairs(parameter or []), brand=brand,
            now=datetime.now(UTC),
        )  # fmt: skip
    except PreviewError as error:
        fail(str(error), fix=_recipients(actor, report, recipient) if recipient else "")
    except Refused as error:
        fail(str(error))
    try:
        out.write_bytes(made.files[form])
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}.", fix="Choose another file with --out.")
    told = {"file": str(out), "bytes": len(made.files[form]), "title": made.title, "seconds": round(made.seconds, 3)}
    if as_json:
        say_json({**told, "problems": list(made.problems)})
    else:
        console.print(f"{out}: {told['bytes']:,} bytes, {made.title}", markup=False, highlight=False)
        for problem in made.problems:
            console.print(f"  {problem}", markup=False, highlight=False)


def _recipients(actor: Actor, report: str, asked: str) -> str:
    """Which there are, where *asked* is none of them; those most like it first."""
    from broadsheet.runs.readers import nearest, readers_of

    keys = [one.key for one in readers_of(actor, report, now=datetime.now(UTC))]
    return "" if asked in keys else nearest(asked, keys)


def _form(out: Path, asked: str) -> str:
    """The format *asked* for, or the one that the name of *out* ends with. Ends the command where both disagree."""
    from broadsheet.schedules.recipients import file_formats

    known, suffix = file_formats(), out.suffix.lower().removeprefix(".")
    if asked and suffix in known and suffix != asked:
        fix = f"Leave --format out, or name the file {out.with_suffix('.' + asked).name}."
        fail(f"{out.name} is named as {suffix}, and --format asks for {asked}.", fix=fix)
    if asked or suffix in known:
        return asked or suffix
    if suffix:
        fail(f"“{out.suffix}” is not a format.", fix=f"Let --out end with one of {', '.join(known)}, or say --format.")
    return "pdf"

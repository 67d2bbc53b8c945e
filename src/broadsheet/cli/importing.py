"""`broadsheet import`: definitions out of what other programs keep. Nothing is applied: look at it, then plan it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .output import errors, fail

if TYPE_CHECKING:
    from broadsheet.core.recurrence.cron.crontab import Crontab, Job

LONGEST_TITLE = 200

importing = typer.Typer(help="Definitions out of what other programs keep.", no_args_is_help=True)


@importing.callback()
def _group() -> None:
    """Definitions out of what other programs keep. Nothing is applied."""


@importing.command()
def crontab(
    file: Annotated[Path, typer.Argument(help="A crontab, as “crontab -l” prints it, or /etc/crontab.")],
    report: Annotated[str, typer.Option(help="The report that all of the schedules send.")] = "",
    channel: Annotated[list[str] | None, typer.Option(help="A channel by name; repeat it for several.")] = None,
    to: Annotated[list[str] | None, typer.Option(help="An address that gets it; repeat it. Else MAILTO's.")] = None,
    zone: Annotated[str, typer.Option(help="IANA zone of the times where CRON_TZ says none: the old machine's.")] = "",
    users: Annotated[bool | None, typer.Option("--users/--no-users", help="Whether a column of users stands before the commands; found out unless said.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write into this new file instead of printing.")] = None,
) -> None:  # fmt: skip
    """Write the jobs of a crontab as definitions of schedules. Look through them, then use “broadsheet plan”."""
    from broadsheet.core.recurrence import RuleError
    from broadsheet.core.recurrence.cron.crontab import crontab_from
    from broadsheet.core.recurrence.zones import zone_named

    try:
        if zone:
            zone_named(zone)
    except RuleError as error:
        fail(str(error))
    found = crontab_from(_text(file), users=users)
    texts = [_definition(job, report, channel or [], to or [], zone) for job in found.jobs]
    if texts:
        _give("---\n".join(texts), out)
    _tell(found, missing=_missing(report, channel, to, found), file=file)
    if not texts:
        fail(f"There is no job in {file.name} that can be read.", fix="A job is written as “0 8 * * 1 command”.")


def _definition(job: Job, report: str, channels: list[str], to: list[str], zone: str) -> str:
    """YAML. The command itself stays out of it: it may hold passwords."""
    from broadsheet.core.document.loading import dump

    data: dict[str, Any] = {"title": job.comment if 0 < len(job.comment) <= LONGEST_TITLE else _named(job.name)}
    if report:
        data["report"] = report
    when = {"cron": job.cron, "zone": job.zone or zone}
    data["when"] = {key: value for key, value in when.items() if value}
    addresses = to or _addresses(job)
    if addresses:
        data["audience"] = {"people": _people(addresses)}
    if channels:
        data["channels"] = [{"channel": one} for one in channels]
    return f"# line {job.line} of the crontab\n{dump('schedule', job.name, data)}"


def _people(addresses: list[str]) -> list[dict[str, str]]:
    """Keys and names of what stands before the @; where two are alike, whole addresses are the keys."""
    words = [one.partition("@")[0].casefold() for one in addresses]
    return [
        {"key": word if words.count(word) == 1 else one, "name": _named(word).title() or one, "address": one}
        for word, one in zip(words, addresses, strict=True)
    ]


def _named(word: str) -> str:
    """ "Weekly sales" of "weekly-sales"."""
    text = " ".join(re.split(r"[._+-]+", word)).strip()
    return text[:1].upper() + text[1:]


def _either(job: Job) -> str:
    """What is to be known of a job with a day of the month and a weekday: cron takes either. "" for all others."""
    from broadsheet.core.recurrence import timing_from, words
    from broadsheet.core.recurrence.cron import expression_from

    read = expression_from(job.cron)
    if read.every_day or read.every_weekday:
        return ""
    said = words(timing_from({"cron": job.cron}, default_zone="UTC")).removesuffix(", UTC")
    means = "" if said.startswith("By cron") else f": {said[:1].lower()}{said[1:]}"
    message = f"“{job.cron}” has a day of the month and a weekday, and cron fires on either{means}."
    return f"{message} Where only days that fit both are meant, add “cron_days: both”."


def _addresses(job: Job) -> list[str]:
    return [one.strip() for one in job.mailto.split(",") if "@" in one]


def _missing(report: str, channel: list[str] | None, to: list[str] | None, found: Crontab) -> list[str]:
    """Keys that a schedule needs and nobody gave."""
    addressed = to or all(_addresses(job) for job in found.jobs)
    given = {"report": report, "audience": addressed, "channels": channel}
    return [key for key, value in given.items() if not value]


def _give(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        fail(f"{out} is there already, and stays as it is.", fix="Name a new file with --out.")
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}.", fix="Name another file with --out.")


def _tell(found: Crontab, *, missing: list[str], file: Path) -> None:
    """On standard error, so that what is printed is nothing but definitions."""
    for one in found.unread:
        said = f"{file.name}:{one.line}: {one.reason}. {one.fix}"
        errors.print(said, markup=False, highlight=False, soft_wrap=True)
    for job in found.jobs:
        if told := _either(job):
            errors.print(f"{file.name}:{job.line}: {told}", markup=False, highlight=False, soft_wrap=True)
    read = f"{len(found.jobs)} of {len(found.jobs) + len(found.unread)} jobs read; nothing was applied."
    errors.print(read, markup=False, highlight=False, soft_wrap=True)
    if missing and found.jobs:
        told = f"Still to be written into each: {', '.join(missing)}. Or give --report, --channel and --to."
        errors.print(told, markup=False, highlight=False, soft_wrap=True)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file} cannot be read: {error}.", fix="Check the path, and save the file as UTF-8.")

"""`broadsheet when`: the next firings of a rule, each with its reason, before anything is scheduled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
import yaml
from rich.table import Table

from broadsheet.core.recurrence import (
    Explanation,
    Firing,
    RuleError,
    Timing,
    explain,
    firings,
    reason_in,
    timing_from,
    words,
)

from .at_hand import organizations_at_hand
from .dates import LANGUAGES, day_of, said
from .instants import instant
from .labels import LABELS
from .output import console, fail, say_json
from .phrasing import lines_of, starting
from .ready import machine_owner, ready

if TYPE_CHECKING:
    from broadsheet.schedules.calendars import Shelf

EXAMPLE = "every Monday at 08:00"
MAPPING = '{every: week, on: [mon], at: "08:00"}'
UNKNOWN = re.compile(r"there (is|are) no (calendar|fiscal calendar|events)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rule is read: its zone where it names none, and the calendars that are known there.

    others: short names of organizations of which one would have to be chosen; its calendars might be the ones meant.
    """

    zone: str
    shelf: Shelf
    others: tuple[str, ...] = ()


def when(
    rule: Annotated[str, typer.Argument(help=f"The rule in words, such as “{EXAMPLE}”, or as in a definition file's `when:`")],
    rrule: Annotated[bool, typer.Option("--rrule", help="The rule is an RRULE (RFC 5545).")] = False,
    cron: Annotated[bool, typer.Option("--cron", help="The rule is a cron expression.")] = False,
    zone: Annotated[str, typer.Option(help="IANA zone, where the rule names none; else the organization's, or UTC.")] = "",
    calendar: Annotated[str, typer.Option(help="Whose business days count where the rule names no calendar: us, gb-eng, nyse, or one of the organization's.")] = "",
    organization: Annotated[str, typer.Option(help="Its short name: its calendars are known, too. Else the only one of the installation here.")] = "",
    after: Annotated[str, typer.Option("--from", help="Firings after this instant, ISO 8601; else after now.")] = "",
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many firings.")] = 20,
    on: Annotated[str, typer.Option(help="Say instead why it fires on this date, or why not: 2026-11-26, or 26 Nov.")] = "",
    at: Annotated[str, typer.Option(help="Times of day of an RRULE that has none: 08:00, or 08:00,17:30.")] = "",
    language: Annotated[str, typer.Option("--language", "--words", help="Language of rule and reasons: en, de, es or fr.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:  # fmt: skip
    """Show when a rule fires next, and why then. Needs no installation."""
    if rrule and cron:
        fail("The rule is either an RRULE or a cron expression.", fix="Leave --rrule or --cron out.")
    if at and not rrule:
        fail("Times of day go with an RRULE alone.", fix="Write them into the rule, or add --rrule.")
    if language not in LANGUAGES:
        fail(f"There are no words in “{language}”.", fix=f"There are: {', '.join(LANGUAGES)}.")
    form = "rrule" if rrule else "cron" if cron else ""
    timing = _timing(
        rule, form, calendar, _place(organization, zone), [one.strip() for one in at.split(",")] if at else []
    )
    if on:
        _explain(timing, _date(on, timing.zone), language=language, as_json=as_json)
        return
    found = list(firings(timing, after=instant(after) if after else datetime.now(UTC), limit=count))
    if as_json:
        say_json([_record(firing, language) for firing in found])
    else:
        _show(timing, found, language=language)


def _show(timing: Timing, found: Sequence[Firing], *, language: str) -> None:
    labels = LABELS[language]
    console.print(words(timing, language), markup=False)
    if not found:
        console.print(labels.never)
        return
    table = Table(labels.local, labels.utc, labels.why, box=None)
    for firing in found:
        there = f"{said(firing.local, language)} {firing.local:%H:%M %Z}"
        utc = f"{said(firing.at, language, year=False)} {firing.at:%H:%M}"
        table.add_row(there, utc, reason_in(firing, language))
    console.print(table)


def _explain(timing: Timing, on: date, *, language: str, as_json: bool) -> None:
    found: Explanation = explain(timing, on=on, language=language)
    if as_json:
        told = [_record(one, language) for one in found.firings]
        say_json({"fires": found.fires, "reason": found.reason, "firings": told})
        return
    console.print(words(timing, language), markup=False)
    line = LABELS[language].fires if found.fires else LABELS[language].silent
    console.print(line.format(day=said(on, language)), style="bold", highlight=False)
    console.print(found.reason, markup=False, highlight=False)


def _place(organization: str, zone: str) -> Place:
    """The organization's; without a name the only one's, if there is one here. No installation is needed for that."""
    if organization:
        ready()
        return _of(machine_owner(organization).organization_id, zone)
    found = organizations_at_hand()
    if len(found) == 1:
        return _of(found[0].pk, zone)
    from broadsheet.schedules.calendars import READY_MADE

    return Place(zone or "UTC", READY_MADE, tuple(one.slug for one in found))


def _of(organization_id: int, zone: str) -> Place:
    from django.db import DatabaseError

    from broadsheet.schedules import queries
    from broadsheet.schedules.calendars import READY_MADE, kept

    try:
        shelf = kept.shelf_of(organization_id, around=datetime.now(UTC).date())
        return Place(zone or queries.zone_of(organization_id), shelf)
    except DatabaseError:  # of another release; nothing here depends on it
        return Place(zone or "UTC", READY_MADE)


def _timing(rule: str, form: str, calendar: str, place: Place, at: Sequence[str]) -> Timing:
    from broadsheet.schedules.asked import over

    try:
        when = _when(rule, form, place.zone, at)
        if calendar and isinstance(when, Mapping):
            when = over(when, calendar, place.shelf)
        elif calendar:
            when = over({"union": when}, calendar, place.shelf)["union"]
        return timing_from(when, default_zone=place.zone, **place.shelf.names())
    except RuleError as error:
        if form == "rrule" and error.path == "at" and not at:
            fail("The RRULE has no time of day.", fix="Add --at 08:00, or BYHOUR=8;BYMINUTE=0;BYSECOND=0.")
        if fix := starting(error, form, rule, datetime.now(UTC).date()):
            fail(f"The rule does not say when it starts: {error.message}.", fix=fix)
        fail(str(error), fix=_chosen(error, place))


def _chosen(error: RuleError, place: Place) -> str:
    """Where a name is unknown that one of several organizations may know: which there are."""
    if not place.others or not UNKNOWN.match(error.message):
        return ""
    return f"One of your own is known with its --organization: {', '.join(place.others)}."


def _when(rule: str, form: str, zone: str, at: Sequence[str]) -> Any:
    """The mapping, or a list of them. Raises RuleError."""
    from broadsheet.schedules.asked import when_of

    if form == "rrule":
        return when_of("rrule", lines_of(rule), zone=zone, at=at)
    if form:
        return when_of("cron", rule, zone=zone)
    try:
        data = yaml.safe_load(rule)
    except (yaml.YAMLError, ValueError):
        data = None
    if isinstance(data, dict | list):
        return data
    if rule.lstrip().startswith(("{", "[")):
        fail("The rule cannot be read as YAML.", fix=f"Write it as {MAPPING}, or in words: {EXAMPLE}")
    return when_of("text", rule, zone=zone)


def _date(text: str, zone: str) -> date:
    try:
        return day_of(text, today=datetime.now(ZoneInfo(zone)).date())
    except ValueError:
        fail(f"“{text}” is not a date.", fix="Write it as 2026-11-26, or 26 Nov 2026.")


def _record(firing: Firing, language: str) -> dict[str, object]:
    return {
        "at": firing.at.isoformat(),
        "local": firing.local.isoformat(),
        "reason": reason_in(firing, language),
        "moved_from": firing.moved_from.isoformat() if firing.moved_from else None,
    }

"""Days as people write them, one a line: “2026-12-24 Christmas Eve”, “2026-12-24..2026-12-31 Year end”, “12-24 …”."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

LINE = re.compile(
    r"(?P<first>\d{4}-\d{1,2}-\d{1,2})(?:\s*(?:\.\.|–|to)\s*(?P<until>\d{4}-\d{1,2}-\d{1,2}))?(?:\s+(?P<rest>.*))?"
    r"|(?P<every>\d{1,2}-\d{1,2})(?:\s+(?P<yearly>.*))?"
)
TIMED = re.compile(r"(?P<closes>\d{1,2}:\d{2})(?:\s+(?P<name>.*))?")
MOST = 1000  # lines


def occasions(text: str, *, timed: bool = False, yearly: bool = True) -> tuple[list[dict[str, Any]], list[str]]:
    """The days of *text* as a calendar's definition has them, and what is wrong, by line.

    timed: a time stands behind the date, at which the day ends. yearly: whether “12-24” is one.
    """
    found, wrong = [], []
    for number, line in enumerate(text.splitlines()[:MOST], start=1):
        if not line.strip():
            continue
        read = _occasion(line.strip(), timed=timed, yearly=yearly)
        if isinstance(read, str):
            wrong.append(_("Line %(n)d, “%(line)s”: %(why)s") % {"n": number, "line": line.strip()[:60], "why": read})
        else:
            found.append(read)
    return found, wrong


def _occasion(line: str, *, timed: bool, yearly: bool) -> dict[str, Any] | str:
    match = LINE.fullmatch(line)
    if match is None or (match["every"] and not yearly):
        return _("begin with a date, such as 2026-12-24.")
    when: dict[str, Any] = {}
    for key in ("first", "until"):
        if match[key]:
            try:
                when["date" if key == "first" else "until"] = date(*map(int, match[key].split("-"))).isoformat()
            except ValueError:
                return _("%(date)s is not in the calendar.") % {"date": match[key]}
    if match["every"]:
        month, day = map(int, match["every"].split("-"))
        try:
            date(2024, month, day)
        except ValueError:
            return _("%(date)s is no month and day.") % {"date": match["every"]}
        when["every"] = f"{month:02}-{day:02}"
    if "until" in when and when["until"] < when["date"]:
        return _("the second date is before the first.")
    return _named(when, match["rest"] or match["yearly"] or "", timed=timed)


def _named(when: dict[str, Any], rest: str, *, timed: bool) -> dict[str, Any] | str:
    if timed:
        time = TIMED.fullmatch(rest)
        if time is None or not _is_time(time["closes"]):
            return _("say behind the date when the day ends, such as 13:00.")
        when["closes"], rest = time["closes"].zfill(5), time["name"] or ""
    return {**when, "name": rest} if rest else when


def _is_time(text: str) -> bool:
    hour, minute = map(int, text.split(":"))
    return hour < 24 and minute < 60


def written(days: Sequence[Any]) -> str:
    """The lines of a definition's days; what `occasions` reads back."""
    return "\n".join(_line(one) for one in days if isinstance(one, dict))


def _line(one: dict[str, Any]) -> str:
    when = str(one.get("every") or one.get("date", ""))
    if one.get("until"):
        when = f"{when}..{one['until']}"
    return " ".join(part for part in (when, str(one.get("closes", "")), str(one.get("name", ""))) if part)

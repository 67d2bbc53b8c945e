"""RRULE values as text, read and written (RFC 5545, section 3.3.10)."""

import re
from datetime import UTC, date, datetime
from typing import Any, cast

from broadsheet.core.recurrence.errors import RuleError, did_you_mean
from broadsheet.core.recurrence.rrule.parts import DAYS, FREQS, RANGES, SKIPS, Freq, Parts, Skip

NAMES = ("FREQ", "UNTIL", "COUNT", "INTERVAL", *RANGES, "BYDAY", "WKST", "RSCALE", "SKIP")
WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
NUMBER = re.compile(r"[+-]?\d{1,9}")
STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?")


def parts_from(text: str) -> Parts:
    """The rule in "FREQ=WEEKLY;BYDAY=MO" or "RRULE:FREQ=WEEKLY;BYDAY=MO". Raises RuleError with the part's name."""
    value = text.strip()
    if value.upper().startswith("RRULE:"):
        value = value[6:]
    given: dict[str, str] = {}
    for part in value.rstrip(";").split(";"):
        name, equals, content = (piece.strip() for piece in part.partition("="))
        name = name.upper()
        if not equals or not content:
            raise RuleError("rrule", f'"{part}" is not a rule part', "Write NAME=VALUE, separated by semicolons.")
        if name not in NAMES:
            fix = did_you_mean(name, {one: one for one in NAMES}, otherwise=f"Parts are: {', '.join(NAMES)}.")
            raise RuleError(f"rrule.{name}", "there is no such rule part", fix)
        if name in given:
            raise RuleError(f"rrule.{name}", "it stands there twice", "Write it once, with all its values.")
        given[name] = content.upper()
    return _parts(given)


def _parts(given: dict[str, str]) -> Parts:
    if "FREQ" not in given:
        raise RuleError("rrule.FREQ", "it is missing", f"Write one of: {', '.join(FREQS)}.")
    _choice(given, "FREQ", FREQS)
    _choice(given, "SKIP", SKIPS)
    if "SKIP" in given and "RSCALE" not in given:
        raise RuleError("rrule.SKIP", "SKIP needs RSCALE (RFC 7529, section 4.1)", "Add RSCALE=GREGORIAN.")
    if given.get("RSCALE", "GREGORIAN") != "GREGORIAN":
        raise RuleError(
            "rrule.RSCALE", f'the calendar "{given["RSCALE"]}" is not known here', "Write RSCALE=GREGORIAN."
        )
    values: dict[str, Any] = {
        attribute: tuple(_whole(name, one) for one in given[name].split(","))
        for name, (attribute, *_) in RANGES.items()
        if name in given
    }
    return Parts(
        cast(Freq, given["FREQ"]),
        interval=_whole("INTERVAL", given.get("INTERVAL", "1")),
        count=_whole("COUNT", given["COUNT"]) if "COUNT" in given else None,
        until=stamp_from(given["UNTIL"], path="rrule.UNTIL") if "UNTIL" in given else None,
        by_day=tuple(_weekday("BYDAY", one) for one in given["BYDAY"].split(",")) if "BYDAY" in given else (),
        week_start=_weekday("WKST", given.get("WKST", "MO"))[1],
        skip=cast(Skip, given.get("SKIP", "OMIT")),
        rscale="RSCALE" in given,
        **values,
    )


def parts_to(parts: Parts) -> str:
    """The value that `parts_from` reads back to equal parts; parts at their default are left out."""
    written = {"RSCALE": "GREGORIAN"} if parts.rscale else {}
    written["FREQ"] = parts.freq
    if parts.interval > 1:
        written["INTERVAL"] = str(parts.interval)
    if parts.count is not None:
        written["COUNT"] = str(parts.count)
    if parts.until is not None:
        written["UNTIL"] = stamp_to(parts.until)
    for name in (
        "BYMONTH",
        "BYWEEKNO",
        "BYYEARDAY",
        "BYMONTHDAY",
        "BYDAY",
        "BYHOUR",
        "BYMINUTE",
        "BYSECOND",
        "BYSETPOS",
    ):
        if name == "BYDAY":
            values = [f"{nth or ''}{DAYS[weekday]}" for nth, weekday in parts.by_day]
        else:
            values = [str(value) for value in getattr(parts, RANGES[name][0])]
        if values:
            written[name] = ",".join(values)
    if parts.week_start:
        written["WKST"] = DAYS[parts.week_start]
    if parts.skip != "OMIT":
        written["SKIP"] = parts.skip
    return ";".join(f"{name}={value}" for name, value in written.items())


def stamp_from(text: str, *, path: str) -> date | datetime:
    """A date "20260105", a local time "20260105T080000" (naive) or a UTC time "20260105T080000Z" (aware)."""
    found = STAMP.fullmatch(text.strip().upper())
    try:
        if found and found[4] is None:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found:
            numbers = [int(group) for group in found.groups()[:6]]
            numbers[5] = min(numbers[5], 59)  # a leap second is the second before it (section 3.3.12)
            year, month, day, hour, minute, second = numbers
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC if found[7] else None)
    except ValueError:
        pass  # refused below, as everything else that is no date
    raise RuleError(path, f'"{text}" is not a date or time', "Write 20260105, 20260105T080000 or 20260105T080000Z.")


def stamp_to(moment: date | datetime) -> str:
    """What `stamp_from` reads back."""
    if not isinstance(moment, datetime):
        return f"{moment.year:04}{moment:%m%d}"
    return f"{moment.year:04}{moment:%m%dT%H%M%S}{'Z' if moment.tzinfo else ''}"


def _choice(given: dict[str, str], name: str, choices: tuple[str, ...]) -> None:
    if name in given and given[name] not in choices:
        fix = did_you_mean(given[name], {one: one for one in choices}, otherwise=f"Write one of: {', '.join(choices)}.")
        raise RuleError(f"rrule.{name}", f'"{given[name]}" is not known', fix)


def _whole(name: str, text: str) -> int:
    if not NUMBER.fullmatch(text.strip()):
        raise RuleError(f"rrule.{name}", f'"{text}" is not a whole number', "Write digits, separated by commas.")
    return int(text)


def _weekday(name: str, text: str) -> tuple[int, int]:
    found = WEEKDAY.fullmatch(text.strip())
    if not found or (found[1] is not None and (name == "WKST" or not int(found[1]))):
        example = "MO" if name == "WKST" else "MO, 2TU or -1FR"
        raise RuleError(f"rrule.{name}", f'"{text}" is not a weekday', f"Write {example}.")
    return int(found[1] or 0), DAYS.index(found[2])

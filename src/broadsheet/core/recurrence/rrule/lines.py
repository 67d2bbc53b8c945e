"""Content lines of a recurrence: DTSTART, RRULE, RDATE and EXDATE, read and written (RFC 5545, section 3.8.5)."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.rrule.parts import Parts
from broadsheet.core.recurrence.rrule.rule import RRuleSet, Stamp, wall
from broadsheet.core.recurrence.rrule.text import parts_from, parts_to, stamp_from, stamp_to
from broadsheet.core.recurrence.zones import zone_named

FOLD = re.compile(r"\r?\n[ \t]")
LINE = re.compile(r"(DTSTART|RRULE|RDATE|EXDATE)((?:;[^:]*)?):(.*)", re.IGNORECASE)
FIX = "Lines are DTSTART, RRULE, RDATE and EXDATE, such as DTSTART;TZID=Europe/London:20260105T080000."


def rule_from(text: str, *, default_zone: str) -> RRuleSet | Parts:
    """What the lines describe: bare parts where no DTSTART stands there, else the whole set.

    default_zone: for a DTSTART without TZID and without Z. Raises RuleError.
    """
    lines = [line.strip() for line in FOLD.sub("", text.strip()).splitlines() if line.strip()]
    if len(lines) == 1 and "DTSTART" not in lines[0].upper()[:7]:
        return parts_from(lines[0])
    starts: list[tuple[str, Stamp]] = []
    rules: list[Parts] = []
    stamps: dict[str, list[Stamp]] = {"RDATE": [], "EXDATE": []}
    later: list[tuple[str, dict[str, str], str]] = []  # read when the zone of the start is known
    for line in lines:
        found = LINE.fullmatch(line)
        if not found:
            raise RuleError("rrule", f'"{line}" is not understood', FIX)
        name, parameters, value = found[1].upper(), _parameters(found[2]), found[3]
        if name == "RRULE":
            rules.append(parts_from(value))
        elif name == "DTSTART":
            starts.append((_zone(parameters, value, default_zone), stamp_from(value, path="rrule.DTSTART")))
        else:
            later.append((name, parameters, value))
    if len(starts) != 1:
        raise RuleError("rrule.DTSTART", f"one start is needed, not {len(starts)}", FIX)
    zone, start = starts[0]
    for name, parameters, value in later:
        stamps[name] += _stamps(name, parameters, value, zone=zone)
    at = wall(start, zone) if isinstance(start, datetime) else start
    return RRuleSet(at, zone, tuple(rules), tuple(stamps["RDATE"]), tuple(stamps["EXDATE"]))


def rule_to(rule: RRuleSet) -> str:
    """The lines that `rule_from` reads back to an equal set."""
    lines = [_line("DTSTART", [rule.start], rule.zone)]
    lines += [f"RRULE:{parts_to(parts)}" for parts in rule.rules]
    for name, stamps in (("RDATE", rule.also), ("EXDATE", rule.but)):
        for kind in (date, datetime):
            same = [stamp for stamp in stamps if type(stamp) is kind]
            if same:
                lines.append(_line(name, same, rule.zone))
    return "\n".join(lines)


def _line(name: str, stamps: list[Stamp], zone: str) -> str:
    parameters = f";TZID={zone}" if isinstance(stamps[0], datetime) else ";VALUE=DATE"
    return f"{name}{parameters}:{','.join(stamp_to(stamp) for stamp in stamps)}"


def _parameters(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";") if part)
    return {name.strip().upper(): value.strip().strip('"') for name, _, value in pairs}


def _zone(parameters: dict[str, str], value: str, default: str) -> str:
    if value.strip().upper().endswith("Z"):
        return "UTC"
    zone = parameters.get("TZID", default)
    zone_named(zone)
    return zone


def _stamps(name: str, parameters: dict[str, str], value: str, *, zone: str) -> list[Stamp]:
    """Dates and wall times in `zone`; of a period only its start."""
    found: list[Stamp] = []
    for text in value.split(","):
        stamp = stamp_from(text.partition("/")[0], path=f"rrule.{name}")
        if isinstance(stamp, datetime):
            here = ZoneInfo(_zone(parameters, "", zone))
            stamp = wall(stamp if stamp.tzinfo else stamp.replace(tzinfo=here), zone)
        found.append(stamp)
    return found

"""What a run waits for, a line each: "fresh lead-events 6 h", "rows lead-events 1000 yesterday". Read and written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

Data = dict[str, Any]
_HOURS = re.compile(r"(.*?)\s*(\d+(?:[.,]\d+)?)\s*h(?:ours?)?$", re.IGNORECASE)
_FORMS = {
    "fresh": re.compile(r"(?P<of>\S+)"),
    "source": re.compile(r"(?P<of>\S+)"),
    "rows": re.compile(r"(?P<of>\S+)\s+(?P<at_least>\d{1,18})(?:\s+(?P<period>.+))?"),
    "partition": re.compile(r"(?P<of>\S+)(?:\s+(?P<period>.+))?"),
    "file": re.compile(r"(?P<of>\S+)\s+(?P<name>.+)"),
}
TIMED = ("fresh", "source", "file")


def line_of(probe: Mapping[str, Any]) -> str:
    """The line that says *probe*, but for its conditions on rows, which no line shows."""
    kind = next((name for name in _FORMS if probe.get(name)), "")
    words = [kind, str(probe.get(kind, "")), str(probe.get("at_least") or ""), probe.get("name", ""), probe.get("period", "")]  # fmt: skip
    hours = f"{probe['hours']:g} h" if probe.get("hours") else ""
    return " ".join(filter(None, [*words, hours]))


def lines_of(probes: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(line_of(one) for one in probes)


def probes_from(text: str, before: Sequence[Mapping[str, Any]]) -> tuple[list[Data], list[str]]:
    """The probes that the lines say, and what is wrong with others, in words. A line that stands there as it did keeps what it
    does not show."""
    known = {line_of(one): dict(one) for one in before}
    probes, wrong = [], []
    for line in filter(None, (" ".join(one.split()) for one in text.splitlines())):
        found = known.get(line) or _read(line)
        if found is None:
            words = _("“%(line)s” cannot be read. Write for instance: fresh lead-events 6 h; rows lead-events 1000 yesterday; partition lead-events; file leads events-*.parquet 24 h.")  # fmt: skip
            wrong.append(words % {"line": line})
        else:
            probes.append(found)
    return probes, wrong


def _read(line: str) -> Data | None:
    kind, _blank, rest = line.partition(" ")
    kind = kind.lower().rstrip(":")
    if kind not in _FORMS:
        return None
    timed = _HOURS.fullmatch(rest) if kind in TIMED else None
    match = _FORMS[kind].fullmatch(timed[1] if timed else rest)
    if match is None:
        return None
    found: Data = {kind: match["of"]}
    for name, value in match.groupdict().items():
        if name != "of" and value:
            found[name] = int(value) if name == "at_least" else value
    return {**found, "hours": float(timed[2].replace(",", "."))} if timed else found

"""What a check found, with its figures, and what it was compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")

CHECKS: dict[str, str] = {
    "failed_block": "Data “{data}” of “{block}” could not be read. {why}",
    "blank_block": "“{block}” is blank; the median of the last {compared} was {usual:,} {usual_rows}.",
    "collapse": "{rows:,} {rows_word}; the median of the last {compared} was {usual:,}.",
    "stale": "The newest row of “{dataset}” was {age:,} hours old; up to {limit:,} hours are {limit_is}.",
    "size": "The files are {megabytes:,} MB; {limit:,} MB may go{by_channel}.",
    "empty_file": "The file “{file}” is empty.",
    "share": "{held:,} of {slices:,} slices look wrong.",
}
"""By check: the sentence, in English, with its figures."""


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier run of the slice: its rows, over all and by request name."""

    rows: int
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """``check`` is a key of CHECKS, ``do`` hold or warn, ``figures`` what the sentence is made of; all of it fits JSON."""

    check: str
    do: str
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return self.do == "hold"

    def text(self) -> str:
        """In English, a sentence."""
        one = self.figures
        words = {
            **one,
            "compared": compared(one),
            "usual_rows": "row" if one.get("usual") == 1 else "rows",
            "rows_word": "row" if one.get("rows") == 1 else "rows",
            "by_channel": f" by “{one['channel']}”" if one.get("channel") else "",
            "limit_is": "allowed" if one.get("set") else "usual",
        }
        return CHECKS[self.check].format_map(words).strip()

    def stored(self) -> dict[str, Any]:
        return {"check": self.check, "do": self.do, "figures": dict(self.figures), "text": self.text()}


def compared(figures: Mapping[str, Any]) -> str:
    """ "8 Mondays", "8 runs"."""
    weekday = figures.get("weekday")
    return f"{figures.get('runs', 0)} {'runs' if weekday is None else WEEKDAYS[weekday]}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A slice for `judge_batch`: its rows now, those of its earlier runs, and whether something of its own holds it."""

    rows: int
    past: tuple[Past, ...]
    held: bool

"""A chain as text, one JSON object a line, for whoever checks it elsewhere."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator

from .links import Link


class Unreadable(ValueError):
    """A text that is no chain; the message says which line."""


def line_of(one: Link) -> str:
    """Number, hash, and the record that the hash is over; ended by a line feed."""
    return json.dumps({"seq": one.seq, "hash": one.hash, "record": one.record}, ensure_ascii=False) + "\n"


def links_from(lines: Iterable[str]) -> Iterator[Link]:
    """The links that `line_of` wrote; empty lines are passed over. Raises Unreadable."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line, parse_constant=_refused, parse_float=_finite)
            yield Link(int(found["seq"]), dict(found["record"]), str(found["hash"]))
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise Unreadable(f"Line {number} is no entry of an export. Use the file as it was exported.") from error


def _refused(name: str) -> object:
    raise ValueError(f"{name} is not in JSON.")


def _finite(text: str) -> float:
    """What is too large for a number becomes infinite, which no record holds."""
    if not math.isfinite(found := float(text)):
        raise ValueError(f"{text} is too large.")
    return found

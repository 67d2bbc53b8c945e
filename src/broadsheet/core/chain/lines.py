"""A chain as text, one JSON object a line, for whoever checks it elsewhere."""

from __future__ import annotations

import json
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
            found = json.loads(line)
            yield Link(int(found["seq"]), dict(found["record"]), str(found["hash"]))
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"Line {number} is no entry of an export. Use the file as it was exported.") from error

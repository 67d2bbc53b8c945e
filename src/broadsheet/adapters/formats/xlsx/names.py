"""Sheet names that Excel takes: at most 31 characters, none of []:*?/\\, no apostrophe at the ends, each once."""

from __future__ import annotations

import re

LONGEST = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")


class SheetNames:
    """Hands out a legal name for each title; Excel compares names without regard to case."""

    def __init__(self) -> None:
        self._taken: set[str] = {"history"}  # reserved by Excel

    def take(self, title: str) -> str:
        base = " ".join(FORBIDDEN.sub(" ", title).split()).strip(" '")[:LONGEST].strip(" '") or "Sheet"
        name, number = base, 2
        while name.lower() in self._taken:
            ending = f" {number}"
            name, number = base[: LONGEST - len(ending)] + ending, number + 1
        self._taken.add(name.lower())
        return name

"""``{name.part}`` in texts: found, checked and replaced by finished text; never evaluated.

What is put in is not looked at again, so that a reader called “{month.revenue}” is only ever a strange name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

PLACEHOLDER = re.compile(r"\{([A-Za-z_][\w-]*(?:\.[\w-]+)*)\}")
PERIOD_PARTS = ("previous", "range", "short", "key", "days", "previous.range", "previous.short")
METRIC_PARTS = ("change", "previous")

# Where a reader lacks an attribute, its comma or dot is left over.
_HOLE = re.compile(r"\s*[,·]\s*([,·])")
_DOT = re.compile("\\.([\u200e\u200f]*)$")
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+")
_ENDS = re.compile(r"^[\s,·–-]+|[\s,·–-]+$")


def names_in(text: str) -> Iterator[str]:
    """The names between braces, in order."""
    return (match[1] for match in PLACEHOLDER.finditer(text))


def fill(text: str, lookup: Callable[[str], str | None]) -> str:
    """*text* with each placeholder replaced by ``lookup(name)``; those that it does not know (None) stay as written."""
    if "{" not in text:
        return text

    def replace(match: re.Match[str]) -> str:
        found = lookup(match[1])
        if found is None:
            return match[0]
        # An abbreviation at the end of a sentence brings its own dot.
        return _DOT.sub(r"\1", found) if text.startswith(".", match.end()) else found

    return PLACEHOLDER.sub(replace, text)


def whole(text: str, lookup: Callable[[str], str | None]) -> str:
    """As `fill`, without the sentences in which a placeholder is empty: “for  only” says less than nothing."""
    sentences = _SENTENCE.split(text)
    return " ".join(fill(one, lookup) for one in sentences if all(lookup(name) != "" for name in names_in(one)))


def tidy(text: str) -> str:
    """A line without the commas and dots that empty placeholders left over."""
    while (closed := _HOLE.sub(lambda match: f" {match[1]}" if match[1] == "·" else match[1], text)) != text:
        text = closed
    return _ENDS.sub("", text)

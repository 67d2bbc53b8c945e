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
_SENTENCE = re.compile(r"(?<=[.!?؟])\s+|(?<=[。！？])\s*")
_BLANKS = re.compile(r" {2,}")
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


def sentence_ends(text: str) -> list[int]:
    """Where the sentences of *text* end, each with the blanks behind it; the last end is that of the text."""
    ends = [match.end() for match in _SENTENCE.finditer(text) if match.end() < len(text)]
    return [*ends, len(text)]


def whole(text: str, lookup: Callable[[str], str | None], *, lacks: Callable[[str], bool]) -> str:
    """As `fill`, without the sentences in which a placeholder *lacks* its value: “for  only” says less than nothing."""
    ends = sentence_ends(text)
    sentences = (text[start:end] for start, end in zip([0, *ends], ends, strict=False))
    return "".join(fill(one, lookup) for one in sentences if not any(map(lacks, names_in(one)))).rstrip()


def headed(text: str, lookup: Callable[[str], str | None], *, lacks: Callable[[str], bool]) -> str:
    """A title as `fill` gives it; one that *lacks* a value goes on without it, with a capital: “– leads” is “Leads”."""
    if not any(map(lacks, names_in(text))):
        return fill(text, lookup)
    left = tidy(_BLANKS.sub(" ", fill(text, lambda name: "" if lacks(name) else lookup(name))))
    return left[:1].upper() + left[1:]


def tidy(text: str) -> str:
    """A line without the commas and dots that empty placeholders left over."""
    while (closed := _HOLE.sub(lambda match: f" {match[1]}" if match[1] == "·" else match[1], text)) != text:
        text = closed
    return _ENDS.sub("", text)

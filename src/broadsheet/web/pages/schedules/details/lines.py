"""Conditions and pairs as lines of text, both ways: ``rows >= 100``, ``source.country = US, CA``, ``note is there``.

Values are as in YAML: a number, true and false stand for themselves; quotes make a text of anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from django.utils.translation import gettext as _

Scalar = str | bool | int | float
Wrong = list[str]
SPACED = re.compile(r"(?P<name>\S+)\s+(?P<sign>>=|<=|!=|=|>|<)\s+(?P<rest>\S.*)")
CLOSE = re.compile(r"(?P<name>[^\s<>=!]+)\s*(?P<sign>>=|<=|!=|=|>|<)\s*(?P<rest>\S.*)")
THERE = re.compile(r"(?P<name>\S+)\s+is\s+(?P<no>not\s+)?there", re.IGNORECASE)
VALUES = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^,"]+)\s*(?:,|$)')
NUMBER = re.compile(r"-?\d+(?P<part>\.\d+)?(?P<power>[eE][+-]?\d+)?")
LONGEST = 4000  # characters of a number; Python reads no longer ones
FLAGS = {"true": True, "false": False}
THERE_SIGN = "there"  # a sign of its own, whose value is whether it is there
EXAMPLE = "source.country = US, CA; rows >= 100; note is there"


@dataclass(frozen=True, slots=True)
class Line:
    """``sign``: how ``name`` is compared with ``values``, of which there is at least one."""

    name: str
    sign: str
    values: tuple[Scalar, ...]

    @property
    def value(self) -> Scalar | list[Scalar]:
        """The one value, or all of several."""
        return self.values[0] if len(self.values) == 1 else list(self.values)


def read(text: str, *, example: str = EXAMPLE) -> tuple[list[Line], Wrong]:
    """The lines of *text*, and what is said of those that are none."""
    found, wrong = [], []
    for written in filter(None, map(str.strip, text.splitlines())):
        line = _line(written)
        if line is None:
            words = _("“%(line)s” cannot be read. Write for instance: %(example)s.")
            wrong.append(words % {"line": written, "example": example})
        else:
            found.append(line)
    return found, wrong


def _line(text: str) -> Line | None:
    there = THERE.fullmatch(text)
    if there:
        return Line(there["name"], THERE_SIGN, (not there["no"],))
    match = SPACED.fullmatch(text) or CLOSE.fullmatch(text)
    values = _values(match["rest"]) if match else ()
    if match is None or not values or (len(values) > 1 and match["sign"] not in ("=", "!=")):
        return None
    return Line(match["name"], match["sign"], values)


def _values(text: str) -> tuple[Scalar, ...]:
    """Those between the commas; () where a quote does not end."""
    found, place = [], 0
    while place < len(text):
        match = VALUES.match(text, place)
        if match is None:
            return ()
        found.append(value_of(match[1].strip()))
        place = match.end()
    return tuple(found)


def value_of(text: str) -> Scalar:
    """What a word stands for; a number beyond all that can be kept is a text."""
    if text in FLAGS:
        return FLAGS[text]
    number = NUMBER.fullmatch(text) if len(text) <= LONGEST else None
    if number and not (number["part"] or number["power"]):
        return int(text)
    if number and isfinite(found := float(text)):
        return found
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return str(json.loads(text))
        except ValueError:
            return text[1:-1]
    return text


def written(value: Scalar) -> str:
    """*value* so that `value_of` gives it back."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return str(value)
    one_line = value.splitlines() == [value]
    plain = one_line and value == value.strip() and not set(',"') & set(value) and value_of(value) == value
    return value if plain and isinstance(value_of(value), str) else json.dumps(value, ensure_ascii=not one_line)


def line(name: str, sign: str, value: Scalar | Sequence[Scalar]) -> str:
    """The line that `read` gives back."""
    if sign == THERE_SIGN:
        return f"{name} is there" if value else f"{name} is not there"
    values = value if isinstance(value, list | tuple) else [value]
    return f"{name} {sign} {', '.join(map(written, values))}"


def pairs_lines(pairs: Mapping[str, Scalar]) -> str:
    """A line for each: ``status = active``."""
    return "\n".join(line(name, "=", value) for name, value in pairs.items())


def pairs_from(text: str, *, example: str) -> tuple[dict[str, Scalar], Wrong]:
    """What `pairs_lines` wrote: one value for each name."""
    found, wrong = read(text, example=example)
    pairs: dict[str, Scalar] = {}
    for one in found:
        if one.sign != "=" or len(one.values) > 1 or one.name in pairs:
            words = _("“%(name)s” has one value, written as %(example)s.")
            wrong.append(words % {"name": one.name, "example": example})
        else:
            pairs[one.name] = one.values[0]
    return pairs, wrong


def unchanged(typed: str, shown: str) -> bool:
    """Whether a field still has what the form put into it; what it stands for is then kept as it was, to the letter."""
    return _plain(typed) == _plain(shown)


def _plain(text: str) -> list[str]:
    return list(filter(None, map(str.strip, text.splitlines())))

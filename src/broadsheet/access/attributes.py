"""Attributes of people and contacts as people type them: one a line, “buyer_id = 12”."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from broadsheet.access.errors import AccessError
from broadsheet.core.policy.reader import Scalar

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,25}|(\.[0-9]{1,25})?e[+-][0-9]{2,3})")  # as Python tells them
FLAGS = {"true": True, "false": False}


def attributes_from(lines: Iterable[str]) -> dict[str, Scalar]:
    """What the lines say; empty ones say nothing. A number, true or false stands for itself, all else is text, and so is
    whatever stands in double quotes. Raises AccessError for a line that is none, or a name that is there twice."""
    found: dict[str, Scalar] = {}
    for line in lines:
        if not line.strip():
            continue
        name, sign, value = (part.strip() for part in line.partition("="))
        if not sign or not NAME.fullmatch(name):
            raise AccessError(f"“{line.strip()[:100]}” is no attribute. Write it as buyer_id = 12, with a small name.")
        if name in found:
            raise AccessError(f"The attribute “{name}” is there twice. Keep one.")
        found[name] = _value(value)
    return found


def attribute_lines(attributes: Mapping[str, Scalar]) -> list[str]:
    """The lines that `attributes_from` reads back as *attributes*, by name."""
    return [f"{name} = {_said(value)}" for name, value in sorted(attributes.items())]


def _value(text: str) -> Scalar:
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return text[1:-1]
    if text in FLAGS:
        return FLAGS[text]
    if WHOLE.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text


def _said(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    plain = _value(value) == value and isinstance(_value(value), str) and value == value.strip()
    return value if plain else f'"{value}"'

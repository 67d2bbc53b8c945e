"""Arithmetic over the names of metrics, such as ``revenue - cost``: read, and worked out from their values.

Only numbers, names, + - * / and brackets; it is worked out here, never in the database, so that it means the same on
every engine. Where a part has no value, is divided by 0 or grows past what a fraction holds, there is no value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import TypeVar

from broadsheet.core.document.tables import Value

TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>[-+*/()]))")
DEEPEST = 50  # brackets and signs; deeper nesting is a mistake or an attack
Amount = int | float | Decimal
R = TypeVar("R")


class FormulaError(ValueError):
    """The text is no formula; the message says where, ``fix`` what to write."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """``sign`` is one of + - * /."""

    sign: str
    left: Formula
    right: Formula


Formula = Number | Name | Operation


def ratio(numerator: str, denominator: str) -> Formula:
    """What ``ratio: [numerator, denominator]`` means."""
    return Operation("/", Name(numerator), Name(denominator))


def parsed(text: str) -> Formula:
    """The formula in *text*. Raises FormulaError."""
    reader = _Reader(list(_tokens(text)))
    found = reader.sum(0)
    if reader.rest:
        raise FormulaError(f"“{reader.rest[0]}” does not fit there.", "Write for instance revenue - cost.")
    return found


def names_in(formula: Formula) -> tuple[str, ...]:
    """The metrics that it is made of, each once, in their order."""
    match formula:
        case Name(name):
            return (name,)
        case Operation(_, left, right):
            return tuple(dict.fromkeys((*names_in(left), *names_in(right))))
        case _:
            return ()


def is_sum(formula: Formula, adds: Callable[[str], bool]) -> bool:
    """Whether values of it can be added up as those of its parts can, of which *adds* tells."""
    match formula:
        case Name(name):
            return adds(name)
        case Operation("+" | "-", left, right):
            return is_sum(left, adds) and is_sum(right, adds)
        case Operation("*", left, right):
            return (_is_number(left) and is_sum(right, adds)) or (_is_number(right) and is_sum(left, adds))
        case Operation("/", left, right):
            return _is_number(right) and is_sum(left, adds)
        case _:
            return False


def worked_out(formula: Formula, value_of: Callable[[str], Value]) -> Amount | None:
    """Its value, from those of the metrics; None where one is missing or a divisor is 0."""
    match formula:
        case Number(value):
            return value
        case Name(name):
            return amount(value_of(name))
        case Operation(sign, left, right):
            return _operated(sign, worked_out(left, value_of), worked_out(right, value_of))


def compiled(formula: Formula, column: Callable[[str], Callable[[R], Value]]) -> Callable[[R], Amount | None]:
    """As `worked_out`, made ready once for many rows: *column* gives what reads a metric's value from a row."""
    match formula:
        case Number(value):
            return lambda row: value
        case Name(name):
            read = column(name)
            return lambda row: amount(read(row))
        case Operation(sign, left, right):
            first, second = compiled(left, column), compiled(right, column)
            return lambda row: _operated(sign, first(row), second(row))


def amount(value: Value) -> Amount | None:
    """*value* as a number to reckon with; None for what is none."""
    kind = type(value)  # asked for every figure, and faster than isinstance
    if kind is int:
        return value  # type: ignore[return-value]
    if kind not in (float, Decimal) or not isfinite(value):  # type: ignore[arg-type]
        return None
    return value  # type: ignore[return-value]


def _operated(sign: str, left: Amount | None, right: Amount | None) -> Amount | None:
    if left is None or right is None:
        return None
    if sign == "/":
        return _finite(float(left) / float(right)) if right else None
    if isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    exact: Amount = left + right if sign == "+" else left - right if sign == "-" else left * right  # type: ignore[operator]
    return _finite(exact)


def _finite(value: Amount) -> Amount | None:
    """What is too large for a fraction is no value: it can neither be rounded nor written."""
    return value if isinstance(value, int) or isfinite(value) else None


def _is_number(formula: Formula) -> bool:
    return not names_in(formula)


def _tokens(text: str) -> Iterator[str]:
    place, text = 0, text.rstrip()
    while place < len(text):
        found = TOKEN.match(text, place)
        if found is None:
            message = f"“{text[place:].strip()[:1]}” at column {place + 1} is no part of a formula."
            raise FormulaError(message, "Use names of metrics, numbers, + - * / and brackets.")
        yield found[0].strip()
        place = found.end()


@dataclass(slots=True)
class _Reader:
    """The rest of the tokens, read from the left."""

    rest: list[str]

    def sum(self, depth: int) -> Formula:
        return self._row(("+", "-"), lambda: self._row(("*", "/"), lambda: self._part(depth)))

    def _row(self, signs: tuple[str, ...], part: Callable[[], Formula]) -> Formula:
        found = part()
        while self.rest and self.rest[0] in signs:
            found = Operation(self.rest.pop(0), found, part())
        return found

    def _part(self, depth: int) -> Formula:
        if depth > DEEPEST:
            raise FormulaError("The formula is nested too deeply.", "Split it into metrics of their own.")
        if not self.rest:
            raise FormulaError("The formula ends too early.", "Write a name or a number at its end.")
        token = self.rest.pop(0)
        if token == "-":
            return Operation("-", Number(Decimal(0)), self._part(depth + 1))
        if token == "(":
            return self._bracket(depth)
        if token in "+*/)":
            raise FormulaError(f"“{token}” does not fit there.", "Write a name or a number there.")
        return Number(Decimal(token)) if token[0].isdigit() else Name(token)

    def _bracket(self, depth: int) -> Formula:
        found = self.sum(depth + 1)
        if not self.rest or self.rest.pop(0) != ")":
            raise FormulaError("A bracket is not closed.", "Add “)”.")
        return found

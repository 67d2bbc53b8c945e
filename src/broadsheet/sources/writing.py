"""How conditions and orders are written where databases differ in what is equal and where what is missing goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlglot import exp


class Exact(Protocol):
    """What of an engine `among` needs."""

    def exact(self, expression: str) -> str: ...


class StandardSql:
    """For engines to inherit whose database compares texts sign by sign, knows NULLS LAST and applies a subquery's own
    condition first."""

    fence: int | None = None

    def exact(self, expression: str) -> str:
        """See `ports.Engine`."""
        return expression

    def ordered(self, expression: str, *, descending: bool) -> str:
        """See `ports.Engine`."""
        return f"{expression} {'DESC' if descending else 'ASC'} NULLS LAST"


def quoted(name: str) -> str:
    """*name* as SQL, whatever stands in it; engines that quote in another way see to that."""
    return exp.to_identifier(name, quoted=True).sql()


def among(expression: str, values: Sequence[str], *, engine: Exact) -> str:
    """SQL of a condition: *expression* is one of *values* (SQL of bound values) to the letter. Rules on rows are written
    this way: a database to which “ACME” and “acme ” are equal must not show one the other's rows."""
    plain = _among(expression, values)
    exact = engine.exact(expression)
    if exact == expression:
        return plain
    return f"({plain} AND {_among(exact, [engine.exact(value) for value in values])})"  # the first can use an index


def _among(expression: str, values: Sequence[str]) -> str:
    return f"{expression} = {values[0]}" if len(values) == 1 else f"{expression} IN ({', '.join(values)})"

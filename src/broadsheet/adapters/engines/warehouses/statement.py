"""The compiler's statement in the warehouse's own words.

It is parsed once more, as a whole, in the warehouse's dialect: what does not parse as one SELECT is not sent. That is a fence
behind the guard, since most warehouses have no session that only reads.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlglot import Dialect, exp, parse
from sqlglot.errors import SqlglotError

from broadsheet.core.document.tables import Value
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.secured.guard import REFUSED_NODES

from .description import Warehouse

NAMES = r'"(?:[^"]|"")*" | `(?:[^`]|``)*`'
TEXTS = {False: r"'(?:[^']|'')*'", True: r"'(?:[^'\\]|\\.|'')*'"}  # whether a backslash takes the next sign along
VALUE = r"(?<![\w$])\$(\d+)(?![\w$])"


@dataclass(frozen=True, slots=True)
class Written:
    """``values`` stand in the order of their marks in ``sql``."""

    sql: str
    values: tuple[Value, ...]


def written(sql: str, values: Sequence[Value], *, warehouse: Warehouse) -> Written:
    """*sql* with $1, $2 … for *values*, as *warehouse* takes it. Raises QueryRefused for what is not one SELECT."""
    stands = f"bound_{secrets.token_hex(8)}_"  # nobody's query can name a value, such as the secret of pseudonyms
    tree = _parsed(_marked(sql, stands, dialect=warehouse.dialect), dialect=warehouse.dialect)
    _place(tree, stands, values)
    text = warehouse.adapted(tree, values).sql(dialect=warehouse.dialect, comments=False)
    bound: list[Value] = []

    def mark(found: re.Match[str]) -> str:
        bound.append(_sent(values[int(found[1]) - 1], naive=warehouse.naive))
        return warehouse.mark(len(bound), bound[-1])

    return Written(re.sub(rf"{stands}(\d+)_", mark, text), tuple(bound))


def ordered_outside(tree: exp.Query) -> exp.Select | None:
    """*tree* without its order and limit, as a subquery “r” of a SELECT that has both, where names can only mean the result's
    columns. None for a query that has no order."""
    order, limit = tree.args.get("order"), tree.args.get("limit")
    if order is None or limit is None:
        return None
    tree.set("order", None)
    tree.set("limit", None)
    outside = exp.select("*").from_(tree.subquery("r", copy=False)).limit(limit.expression)
    return outside.order_by(*(one.copy() for one in order.expressions))


def number_of(node: exp.Expr) -> int | None:
    """The number of the value that *node* stands for, None where it is something else."""
    found = re.fullmatch(r"bound_[0-9a-f]{16}_(\d+)_", node.name) if isinstance(node, exp.Var) else None
    return int(found[1]) if found else None


def _marked(sql: str, stands: str, *, dialect: str) -> str:
    escapes = "\\" in Dialect.get_or_raise(dialect).tokenizer_class.STRING_ESCAPES
    parts = re.compile(f"{TEXTS[escapes]} | {NAMES} | {VALUE}", re.VERBOSE | re.DOTALL)
    return parts.sub(lambda found: found[0] if found[1] is None else f"{stands}{found[1]}_", sql)


def _parsed(sql: str, *, dialect: str) -> exp.Query:
    try:
        trees = [tree for tree in parse(sql, read=dialect) if tree is not None]
    except (SqlglotError, RecursionError) as error:
        raise QueryRefused(
            "The query cannot be written for this warehouse. Write it more plainly.", detail=str(error)
        ) from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise QueryRefused("A query is one SELECT. Only reading is possible here.")
    for node in trees[0].walk():
        if isinstance(node, REFUSED_NODES):
            raise QueryRefused(f"“{node.key.upper()}” is not possible here: a query may only read.")
    return trees[0]


def _place(tree: exp.Query, stands: str, values: Sequence[Value]) -> None:
    """Marks are columns to the parser; here they become what is written as it stands. A value that is missing is NULL, which
    needs no type."""
    for column in list(tree.find_all(exp.Column)):
        if column.name.startswith(stands):
            number = int(column.name.removeprefix(stands).rstrip("_"))
            column.replace(exp.null() if values[number - 1] is None else exp.Var(this=f"{stands}{number}_"))


def _sent(value: Value, *, naive: bool) -> Value:
    if not isinstance(value, datetime):
        return value
    utc = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return utc.replace(tzinfo=None) if naive else utc

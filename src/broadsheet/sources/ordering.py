"""In which order rows come, by the columns of the result and nothing that these are made of."""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet.core.document.tables import Ask

from .errors import QueryRefused
from .ports import Engine
from .writing import quoted


def order_of(ask: Ask, *, engine: Engine) -> list[str]:
    """The ask's order, then its groupings, so that equal rows always come alike; what is missing comes last. Raises
    QueryRefused for what was not asked for."""
    columns = {grouping.column for grouping in ask.by}
    for name, _ in ask.order:
        if name not in {*columns, *ask.metrics}:
            raise QueryRefused(f"Rows cannot be ordered by “{name}”, which was not asked for. Add it to the metrics.")
    return [engine.ordered(name, descending=descending) for name, descending in _wanted(ask)]


def ambiguous(ask: Ask, groups: Sequence[str], ordered: Sequence[str]) -> bool:
    """Whether an order by more than names would be read as one by columns further in, such as those that are masked here:
    a name alone is the result's column, but within an expression it is not everywhere. *groups* are SQL."""
    names = [name for name, _ in _wanted(ask)]
    if all(item.startswith((f"{name} ASC", f"{name} DESC")) for item, name in zip(ordered, names, strict=True)):
        return False
    own = any(name in ask.metrics for name, _ in ask.order)
    return own or any(sql != quoted(one.column) for sql, one in zip(groups, ask.by, strict=True))


def _wanted(ask: Ask) -> list[tuple[str, bool]]:
    wanted = [*ask.order, *((grouping.column, False) for grouping in ask.by)]
    return [(quoted(name), descending) for name, descending in wanted]

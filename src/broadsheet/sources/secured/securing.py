"""Rules on a source's tables, set into a query: each table with a rule is replaced by its secured subquery.

So they hold against the author of the query, too: whatever it joins, unites, nests or counts, it finds only rows that
the reader may see. What cannot be replaced without doubt is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp

from broadsheet.core.policy import RowRule

from ..errors import QueryRefused
from ..names import folded
from ..ports import Engine
from ..writing import among
from .guard import checked_select

Rules = tuple[tuple[str, tuple[RowRule, ...]], ...]
"""Rules by the table's name, folded, sorted: hashable, since secured queries are kept."""
COLLATING = {"tsql"}  # databases to which names are equal by a collation that we do not know, such as “æ” and “ae”
PLAIN = {"this", "db", "catalog", "alias", "joins"}  # what a table in FROM may carry and be replaced


@dataclass(frozen=True, slots=True)
class Secured:
    """``sql`` with $1, $2 … where the values of ``attributes`` belong, in their order; () where no table has a rule."""

    sql: str
    attributes: tuple[str, ...]


def rules_of(tables: Mapping[str, tuple[RowRule, ...]]) -> Rules:
    """A table that is spelt in two ways has the rules of both."""
    merged: dict[str, tuple[RowRule, ...]] = {}
    for name, rules in tables.items():
        kept = merged.get(folded(name), ())
        merged[folded(name)] = (*kept, *(rule for rule in rules if rule not in kept))
    return tuple((name, merged[name]) for name in sorted(merged) if merged[name])


@lru_cache(maxsize=512)
def secured(sql: str, rules: Rules, *, engine: Engine, first: int = 1) -> Secured:
    """The checked SELECT *sql* over secured tables; its values are bound as $1, $2 …, or from *first* on. Raises QueryRefused as `checked_select` does, and for a CTE that has
    the name of a table with a rule: which of the two is meant differs from one database to another."""
    tree = checked_select(sql, dialect=engine.dialect)
    ruled = dict(rules)
    attributes: list[str] = []
    for cte in tree.find_all(exp.CTE):
        if folded(cte.alias) in ruled:
            raise QueryRefused(f"“{cte.alias}” is a table with a row rule. Give the CTE of that name another one.")
    for table in list(tree.find_all(exp.Table)):
        found = ruled.get(folded(table.name))
        if ruled and not found and engine.dialect in COLLATING and not table.name.isascii():
            raise QueryRefused(
                f"“{table.name}” may be another name of a table with a row rule here. Name tables in ASCII."
            )
        if found:
            _replace(table, found, attributes, first=first, engine=engine)
    for column in tree.find_all(exp.Column):
        if column.args.get("db") is not None and folded(column.table) in ruled:
            column.set("db", None)  # schema.table.column: the subquery has the table's name alone
            column.set("catalog", None)
    return Secured(tree.sql(dialect=engine.dialect), tuple(attributes))


def _replace(
    table: exp.Table, rules: tuple[RowRule, ...], attributes: list[str], *, first: int, engine: Engine
) -> None:
    odd = {key for key, value in table.args.items() if value} - PLAIN
    if odd:
        raise QueryRefused(
            f"“{table.name}” has a row rule and cannot be read with {', '.join(sorted(odd)).upper()} here."
        )
    bare = exp.Table(this=table.this.copy(), db=table.args.get("db"), catalog=table.args.get("catalog"))
    conditions = [_condition(rule, bare, attributes, first=first, engine=engine) for rule in rules]
    inner = exp.select("*").from_(bare).where(*conditions)
    if engine.fence is not None:
        inner = inner.limit(engine.fence)
    alias = table.args.get("alias") or exp.TableAlias(this=table.this.copy())
    table.replace(exp.Subquery(this=inner, alias=alias.copy(), joins=table.args.get("joins")))


def _condition(rule: RowRule, table: exp.Table, attributes: list[str], *, first: int, engine: Engine) -> exp.Expr:
    """Its column is named with its table: a name alone could be found further out, or be taken for a text."""
    if rule.attribute not in attributes:
        attributes.append(rule.attribute)
    number = attributes.index(rule.attribute) + first
    column = exp.column(exp.to_identifier(rule.column, quoted=True), table=table.this.copy())
    return exp.Var(this=among(column.sql(dialect=engine.dialect), [f"${number}"], engine=engine))

"""Fields of other datasets beside the rows of one: many rows to one, in the same SELECT.

The joined side is a query of its own, with its own rules for who reads, and has one row for each key; how many it had
comes along, so that a key that is not unique is noticed and never multiplies anything. A row without a partner, or whose
partner the reader may not see, has no value there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from broadsheet.core.document.tables import Value

from ..dataset import Dataset, Dimension, Join
from ..errors import QueryRefused

MANY = "_many_"
FIELD = "_field_"
UNIT = "_unit_"


@dataclass(frozen=True, slots=True)
class Beyond:
    """What one reader may see of a joined dataset: values of its row rules, and of the rules inside its query; None for
    who is unrestricted, and values that hold None for who sees nothing of it."""

    rows: tuple[Value, ...] | None = None
    inside: tuple[Value, ...] | None = None


@dataclass(frozen=True, slots=True)
class Widened:
    """``sql`` of rows with the joined fields in ``columns``, by their name; “buyer.” is what tells the joined rows themselves
    apart. ``checks`` are columns that hold how many rows
    the joined side has for a key, and whose they are."""

    sql: str
    columns: Mapping[str, str]
    checks: tuple[tuple[str, Join], ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """How SQL is written: a dimension's expression, a quoted name, a dataset's secured query, a bound value, and that an
    expression is exactly one of some values (`writing.among`)."""

    dimension: Callable[[Dimension], str]
    quoted: Callable[[str], str]
    query: Callable[[Dataset, tuple[Value, ...] | None], str]
    bind: Callable[[Value], str]
    among: Callable[[str, Sequence[str]], str]


def widened(
    dataset: Dataset, inner: str, used: Sequence[Dimension], *, beyond: Mapping[str, Beyond], words: Words
) -> Widened:
    """*inner*, the dataset's query, with the *used* dimensions of joined datasets beside it."""
    by_join: dict[str, list[Dimension]] = {}
    for one in used:
        if one.join:
            by_join.setdefault(one.join, []).append(one)
    if not by_join:
        return Widened(inner, {})
    columns: dict[str, str] = {}
    checks: list[tuple[str, Join]] = []
    selected, froms = ["d.*"], [f"({inner}) AS d"]
    for number, (name, fields) in enumerate(by_join.items()):
        join, side = dataset.joins[name], f"j{number}"
        named = {one.name: f"{FIELD}{len(columns) + place}" for place, one in enumerate(fields)}
        columns |= named
        checks.append((f"{MANY}{number}", join))
        selected += [f"{side}.{words.quoted(column)}" for column in named.values()]
        selected.append(f"{side}.{words.quoted('_many')} AS {words.quoted(f'{MANY}{number}')}")
        if join.dataset.smallest is not None:
            columns[f"{name}."] = f"{UNIT}{number}"
            selected.append(f"{side}.{words.quoted('_unit')} AS {words.quoted(f'{UNIT}{number}')}")
        unique = _one_a_key(join, fields, named, beyond.get(name, Beyond(None, None)), words)
        meets = [
            f"{words.dimension(dataset.dimensions[here])} = {side}.{words.quoted(f'_key_{place}')}"
            for place, (here, _) in enumerate(join.on)
        ]
        froms.append(f"LEFT JOIN ({unique}) AS {side} ON {' AND '.join(meets)}")
    return Widened(f"SELECT {', '.join(selected)} FROM {' '.join(froms)}", columns, tuple(checks))


def _one_a_key(
    join: Join, fields: Sequence[Dimension], named: Mapping[str, str], beyond: Beyond, words: Words
) -> str:  # fmt: skip
    """The joined dataset's rows that the reader may see, one for each key, with how many there were."""
    there = join.dataset
    keys = [words.dimension(there.dimension(field)) for _, field in join.on]
    selected = [f"{key} AS {words.quoted(f'_key_{place}')}" for place, key in enumerate(keys)]
    selected += [f"{words.dimension(there.dimensions[one.field])} AS {words.quoted(named[one.name])}" for one in fields]
    part = f"(PARTITION BY {', '.join(keys)}"
    selected.append(f"count(*) OVER {part}) AS {words.quoted('_many')}")
    selected.append(f"row_number() OVER {part} ORDER BY {', '.join(keys)}) AS {words.quoted('_place')}")
    if there.smallest is not None:
        selected.append(f"row_number() OVER (ORDER BY {', '.join(keys)}) AS {words.quoted('_unit')}")
    sql = f"SELECT {', '.join(selected)} FROM ({words.query(there, beyond.inside)}) AS d"
    if where := _rules(there, beyond, words):
        sql += f" WHERE {' AND '.join(where)}"
    return f"SELECT * FROM ({sql}) AS u WHERE {words.quoted('_place')} = 1"


def _rules(dataset: Dataset, beyond: Beyond, words: Words) -> list[str]:
    if beyond.rows is None:
        return []
    if None in beyond.rows or None in (beyond.inside or ()):
        return ["1 = 0"]
    return [
        words.among(words.quoted(rule.column), [words.bind(value)])
        for rule, value in zip(dataset.rows, beyond.rows, strict=True)
    ]


def refuse_many(dataset: Dataset, join: Join) -> QueryRefused:
    """The joined side has several rows for a key that was asked for."""
    keys = ", ".join(there for _, there in join.on)
    return QueryRefused(
        f"Dataset “{dataset.name}” joins “{join.dataset.name}” as “{join.name}”, and that has several rows with one {keys}. "
        "Join on what tells its rows apart, or make its query give one row for each."
    )

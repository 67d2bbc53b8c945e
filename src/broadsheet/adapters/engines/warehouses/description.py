"""What one warehouse is to the engine: how it is reached, how values are bound and how a few things are said in its SQL.

All else is the same for all: `statement` writes the SQL, `connection` runs it, `engine` is the contract.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlglot import exp

from broadsheet.core.document.tables import Value
from broadsheet.plugins import Setting
from broadsheet.sources.ports import Limits

Client = Any  # a vendor's module, which is not there to be checked against
Settings = Mapping[str, object]
Secrets = Mapping[str, str]
Batch = Sequence[Sequence[object]]


class Answer(Protocol):
    """A result that is being read: its columns' names, and its rows."""

    @property
    def names(self) -> Sequence[str]: ...

    @property
    def batches(self) -> Iterable[Batch]: ...


class Session(Protocol):
    """An open session of a vendor's client. Raises what the client raises; `connection` explains it."""

    def run(self, sql: str, values: Sequence[Value]) -> Answer:
        """Run one SELECT whose values are bound in the order of their marks."""

    def cancel(self) -> None:
        """End what runs, from another thread, at the warehouse."""

    def close(self) -> None: ...


Connect = Callable[[Client, Settings, Secrets, Limits], Session]
Adapt = Callable[[exp.Query, Sequence[Value]], exp.Query]


def as_it_is(tree: exp.Query, _values: Sequence[Value]) -> exp.Query:
    """For warehouses that take the statement as it is written for all."""
    return tree


@dataclass(frozen=True, slots=True)
class Said:
    """The client's errors by their words: ``late`` for a query that was ended, ``column`` and ``table`` for a name that is not
    there (its first group), ``denied`` for what the account may not, ``large`` for a result that passes the server's limits."""

    late: re.Pattern[str]
    column: re.Pattern[str]
    table: re.Pattern[str]
    denied: re.Pattern[str]
    large: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Warehouse:
    """``extra`` is the optional dependency, ``module`` its client. ``dialect`` is sqlglot's name.

    ``mark`` gives the text that stands for the n-th value (from 1). In the templates {0} is the SQL they are about: ``local``
    moves an instant to the zone {1}; ``cuts`` cut local time to each grain; ``hashed`` hashes the salt {1} and a value;
    ``exact`` see `ports.Engine`. ``naive``: instants are bound in UTC without a zone. ``tables`` lists the names to select from.
    ``adapted`` mends what sqlglot does not write in this dialect by itself.
    """

    id: str
    label: str
    summary: str
    settings: tuple[Setting, ...]
    extra: str
    module: str
    dialect: str
    connect: Connect
    mark: Callable[[int, Value], str]
    local: str
    cuts: Mapping[str, str]
    hashed: str
    tables: str
    said: Said
    exact: str = "{0}"
    naive: bool = False
    adapted: Adapt = as_it_is


def question_mark(_number: int, _value: Value) -> str:
    """PEP 249's style “qmark”."""
    return "?"


def text_of(settings: Settings, name: str, default: str = "") -> str:
    """The setting *name* as text, its default where it is empty."""
    return str(settings.get(name) or default).strip()

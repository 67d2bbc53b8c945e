"""Names that a dataset uses and its source does not have, told with those that it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from broadsheet.core.document.loading import Path

from .compile import probe, tables_of
from .dataset import Dataset
from .definitions import DatasetDefinition
from .errors import QueryRefused, SourceError, UnknownName
from .ports import Connection, Engine

MOST_TOLD = 30


@dataclass(frozen=True, slots=True)
class Unknown:
    """``path`` is the place in the dataset's file, ``there`` what could have been meant."""

    path: Path
    kind: str
    name: str
    there: tuple[str, ...]

    @property
    def message(self) -> str:
        return f"There is no {self.kind} “{self.name}”."


def told(dataset: Dataset, error: UnknownName, *, engine: Engine, connection: Connection) -> UnknownName:
    """*error* in the dataset's terms: “Dataset “sales”: there is no column “leads”; there are: day, buyer.”"""
    there = what_is_there(dataset, error.kind, engine=engine, connection=connection)
    some = ", ".join(there[:MOST_TOLD]) + (", …" if len(there) > MOST_TOLD else "")
    message = f"Dataset “{dataset.name}”: there is no {error.kind} “{error.name}”"
    message += f"; there are: {some}." if some else ". Look at the source’s own tables."
    return UnknownName(error.kind, error.name, message=message, detail=error.detail)


def unknown_names(definition: DatasetDefinition, *, engine: Engine, connection: Connection) -> list[Unknown]:
    """Every name of the definition that the source does not have, in the file's order.

    Only names and types are looked at, no rows. Raises SourceError where the source does not answer or refuses.
    """
    dataset = definition.dataset
    try:
        columns = connection.query(probe(dataset, engine=engine), ()).column_names
    except UnknownName as error:
        there = what_is_there(dataset, error.kind, engine=engine, connection=connection)
        return [Unknown(("sql",), error.kind, error.name, there)]
    return list(_unknown(definition, columns, engine=engine, connection=connection))


def what_is_there(dataset: Dataset, kind: str, *, engine: Engine, connection: Connection) -> tuple[str, ...]:
    """Tables of the source; or columns of the dataset's query, where that runs, else of the tables that it reads."""
    try:
        if kind == "table":
            return connection.tables()
        try:
            return tuple(connection.query(probe(dataset, engine=engine), ()).column_names)
        except QueryRefused:
            queries = [
                Dataset(dataset.name, f'select * from "{table}"', {}, {}) for table in tables_of(dataset, engine=engine)
            ]
            found = [connection.query(probe(one, engine=engine), ()).column_names for one in queries]
            return tuple(dict.fromkeys(name for names in found for name in names))
    except SourceError:
        return ()


def _unknown(
    definition: DatasetDefinition, columns: Sequence[str], *, engine: Engine, connection: Connection
) -> Iterator[Unknown]:
    dataset, known = definition.dataset, {name.lower() for name in columns}
    # SQLite takes a quoted name that is not there for a text, so bare columns are compared, not tried.
    bare: list[tuple[Path, str]] = [
        (("dimensions", name), name) for name, one in dataset.dimensions.items() if not one.expression
    ]
    bare += [(("rows", index, "column"), rule.column) for index, rule in enumerate(dataset.rows)]
    for path, name in bare:
        if name.lower() not in known:
            yield Unknown(path, "column", name, tuple(columns))
    plain: dict[Path, str] = {
        ("dimensions", name, "expression"): one.expression for name, one in dataset.dimensions.items() if one.expression
    }
    added: dict[Path, str] = {
        ("metrics", name): one.expression for name, one in dataset.metrics.items() if one.expression
    }
    added |= {("as_of",): definition.as_of} if definition.as_of else {}
    for group in (plain, added):  # one SELECT holds either rows or sums
        yield from _tried(dataset, group, columns, engine=engine, connection=connection)


def _tried(
    dataset: Dataset, expressions: dict[Path, str], columns: Sequence[str], *, engine: Engine, connection: Connection
) -> Iterator[Unknown]:
    """All at once; one by one only where that fails, to find which."""
    if not expressions:
        return
    try:
        connection.query(probe(dataset, tuple(expressions.values()), engine=engine), ())
    except UnknownName as error:
        if len(expressions) == 1:
            yield Unknown(next(iter(expressions)), error.kind, error.name, tuple(columns))
            return
        for path, expression in expressions.items():
            yield from _tried(dataset, {path: expression}, columns, engine=engine, connection=connection)

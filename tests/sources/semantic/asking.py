"""What the tests of this folder ask, and how."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from broadsheet.core.document.loading import load
from broadsheet.core.document.tables import Ask, DataTable, Span
from broadsheet.core.policy import Reader
from broadsheet.sources.answers import Question, answer
from broadsheet.sources.dataset import Dataset, Join
from broadsheet.sources.definitions import dataset_from
from broadsheet.sources.ports import Connection, Engine, Limits

NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)
EVERYTHING = Reader("editor", "editor", unrestricted=True)


def dataset(text: str, *, dialect: str = "duckdb", **joined: Dataset) -> Dataset:
    """The dataset that *text* defines, its joins to those that are given by their names."""
    [loaded] = load(text, file="d.yaml")
    found = dataset_from(loaded, dialect=dialect)
    joins = {name: Join(name, joined[one.dataset], tuple(one.on.items())) for name, one in found.joins.items()}
    return replace(found.dataset, joins=joins)


def span(first: str, end: str) -> Span:
    return Span(datetime.fromisoformat(first).replace(tzinfo=UTC), datetime.fromisoformat(end).replace(tzinfo=UTC))


def table(
    opened: tuple[Engine, Connection], found: Dataset, ask: Ask, reader: Reader = EVERYTHING, **more
) -> DataTable:
    engine, connection = opened
    question = Question("q", ask, reader)
    return answer(found, [question], engine=engine, connection=connection, limits=Limits(), as_of=NOW, **more)["q"]


def rows(
    opened: tuple[Engine, Connection], found: Dataset, ask: Ask, reader: Reader = EVERYTHING, **more
) -> list[tuple]:
    return [tuple(map(_plain, row)) for row in table(opened, found, ask, reader, **more).rows]


def _plain(value: object) -> object:
    """Engines give sums as integers, floats or decimals: the tests compare what they are worth."""
    return (
        round(float(value), 6)
        if value is not None and not isinstance(value, str | int) and hasattr(value, "__float__")
        else value
    )

"""Asking for numbers by name, and the small tables that come back.

An Ask names metrics and dimensions of a dataset; ``sources`` turns it into one secured SELECT and answers with a
DataTable. Nothing here knows of SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Value = str | int | float | bool | Decimal | date | datetime | None

GRAINS = ("hour", "day", "week", "month", "quarter", "year", "weekday", "hour_of_day")
FISCAL_GRAINS = ("fiscal_week", "fiscal_month", "fiscal_quarter", "fiscal_year")


@dataclass(frozen=True, slots=True)
class Grouping:
    """Group by a dimension; ``grain`` cuts an instant or date: one of GRAINS or FISCAL_GRAINS, in the ask's zone.

    Values: hour → naive local datetime; day, week (its Monday), month, quarter, year → date (first day);
    weekday → 0 (Monday) to 6; hour_of_day → 0 to 23; fiscal ones → date (first day), with their names in the result's
    column. ``name`` is the result's column.
    """

    dimension: str
    grain: str | None = None
    name: str = ""

    @property
    def column(self) -> str:
        return self.name or self.grain or self.dimension


@dataclass(frozen=True, slots=True)
class Filter:
    """``operator`` is one of = != < <= > >= in, not in, is null, is not null; values are bound, never spliced."""

    dimension: str
    operator: str
    value: Value | tuple[Value, ...] = None


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of time: ``start`` ≤ t < ``end``, both aware."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Ask:
    """Metrics by groupings of one dataset, within a span of its time dimension.

    ``metrics`` are names defined by the dataset; with no groupings one row comes back. ``rows`` True asks for plain
    rows of ``by`` without aggregation. ``order`` holds (column, descending) pairs; ``limit`` counts rows per reader.
    ``zone`` (IANA) is where days begin. ``fill`` adds rows for periods of the span in which nothing happened: 0 for
    counts and sums, nothing for the rest.
    """

    dataset: str
    metrics: tuple[str, ...] = ()
    by: tuple[Grouping, ...] = ()
    span: Span | None = None
    filters: tuple[Filter, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    limit: int | None = None
    zone: str = "UTC"
    rows: bool = False
    fill: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A result column. ``kind``: text, integer, number, money, percent, date, instant, flag.

    Percent values are fractions (0.874 is 87.4 %). ``better`` is "up", "down" or "" (neither). ``currency`` is an
    ISO 4217 code for money when the dataset fixes one, else "" (the reader's currency). ``additive``: values of several
    rows may be added up; ``zero``: where there are no rows it is 0 rather than nothing. ``names`` are what values are
    called, where they have names of their own, such as fiscal periods.
    """

    name: str
    label: str
    kind: str
    unit: str = ""
    decimals: int | None = None
    better: str = ""
    currency: str = ""
    description: str = ""
    grain: str | None = None
    additive: bool = True
    zero: bool = True
    names: tuple[tuple[Value, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DataTable:
    """Columns and rows (tuples in column order). ``as_of`` is when the data was read, aware. ``withheld`` counts groups
    that are not shown because they hold fewer than ``least`` units; what is missing then is not known to be 0."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    as_of: datetime | None = None
    truncated: bool = False
    withheld: int = 0
    least: int = 0

    def position(self, name: str) -> int:
        """Index of column *name*. Raises KeyError naming the columns there are."""
        for index, column in enumerate(self.columns):
            if column.name == name:
                return index
        raise KeyError(f"no column “{name}”; there are: {', '.join(c.name for c in self.columns)}")

    def values(self, name: str) -> list[Value]:
        index = self.position(name)
        return [row[index] for row in self.rows]

    def records(self) -> Iterator[dict[str, Value]]:
        names = [column.name for column in self.columns]
        return (dict(zip(names, row, strict=True)) for row in self.rows)

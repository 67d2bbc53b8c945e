"""A dataset: one SELECT with typed dimensions, metrics and row rules, as the compiler needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from broadsheet.core.policy import Mask, Reader, RowRule

from .errors import QueryRefused
from .securing import Rules


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something to group or filter by. ``kind``: text, integer, number, date, instant, flag.

    ``expression`` is SQL over the dataset's own columns; empty means the column of the same name. ``mask``: what stands
    there for whom, if not the value.
    """

    name: str
    kind: str
    label: str
    expression: str = ""
    mask: Mask | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """An aggregate over the dataset's columns, such as ``sum(cost)``. ``mask`` hides its value, as “nothing”. See
    `tables.Column` for the other fields."""

    name: str
    expression: str
    label: str
    kind: str = "number"
    unit: str = ""
    decimals: int | None = None
    better: str = ""
    currency: str = ""
    description: str = ""
    mask: Mask | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """``time`` names the dimension that spans apply to, or is empty; ``rows`` are its row rules, ``tables`` those of the
    source's tables, which hold inside the query."""

    name: str
    sql: str
    dimensions: Mapping[str, Dimension]
    metrics: Mapping[str, Metric]
    time: str = ""
    rows: tuple[RowRule, ...] = ()
    tables: Rules = ()

    def hidden_from(self, reader: Reader) -> frozenset[str]:
        """Names of the dimensions and metrics that *reader* does not see clear."""
        fields: list[Dimension | Metric] = [*self.dimensions.values(), *self.metrics.values()]
        return frozenset(one.name for one in fields if one.mask is not None and one.mask.hides_from(reader))

    def dimension(self, name: str) -> Dimension:
        """The dimension *name*; "" means the dataset's time. Raises QueryRefused."""
        name = name or self.time
        if name not in self.dimensions:
            raise QueryRefused(self._unknown("dimension", name, self.dimensions))
        return self.dimensions[name]

    def metric(self, name: str) -> Metric:
        if name not in self.metrics:
            raise QueryRefused(self._unknown("metric", name, self.metrics))
        return self.metrics[name]

    def _unknown(self, noun: str, name: str, known: Mapping[str, object]) -> str:
        return f"Dataset “{self.name}” has no {noun} “{name}”. It has: {', '.join(sorted(known))}."

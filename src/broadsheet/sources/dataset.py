"""A dataset: one SELECT with typed dimensions, metrics, joins and row rules, as the compiler needs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from broadsheet.core.policy import Mask, Reader, RowRule

from .errors import QueryRefused
from .secured.securing import Rules
from .semantic.formula import Formula, names_in

Sensitivity = Literal["public", "internal", "confidential", "restricted"]
Take = Literal["last", "first", "max", "min"]
USUAL: Sensitivity = "internal"


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something to group or filter by. ``kind``: text, integer, number, date, instant, flag.

    ``expression`` is SQL over the dataset's own columns; empty means the column of the same name. ``mask``: what stands
    there for whom, if not the value. ``join`` and ``field`` name where it comes from when it is another dataset's.
    """

    name: str
    kind: str
    label: str
    expression: str = ""
    mask: Mask | None = None
    unit: str = ""
    decimals: int | None = None
    description: str = ""
    sensitivity: str = USUAL
    join: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A metric that is added up over everything but time: ``over`` is the grain of its moments, ``take`` which of them
    counts in each group."""

    over: str
    take: Take


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the metric ``of`` was ``number`` times ``unit`` before (``unit`` "previous": the stretch before the one that is
    asked for). ``shown``: its value then, the change since, or the change as a fraction of it."""

    of: str
    number: int
    unit: str
    shown: Literal["value", "change", "percent"]


@dataclass(frozen=True, slots=True)
class Metric:
    """An aggregate over the dataset's columns, such as ``sum(cost)``; or, with an empty ``expression``, what is made of
    others by ``formula`` or looks back by ``earlier``. ``mask`` hides its value, as “nothing”.

    ``additive``: values of groups may be added up. ``zero``: without rows it is 0 rather than nothing. See
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
    formula: Formula | None = None
    earlier: Earlier | None = None
    taken: Taken | None = None
    additive: bool = True
    zero: bool = True
    sensitivity: str = USUAL

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the metrics that it is made of."""
        if self.earlier is not None:
            return (self.earlier.of,)
        return names_in(self.formula) if self.formula is not None else ()


@dataclass(frozen=True, slots=True)
class Join:
    """Another dataset of the same source, of which each row here has one at most. ``on``: dimensions here and there."""

    name: str
    dataset: Dataset
    on: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Smallest:
    """The least number of units in a group that restricted readers get; ``count`` is the dimension whose different values
    are counted, empty: rows."""

    least: int
    count: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """What tells whether a group is large enough: different values of the dimension ``count``, or with none of them, rows of
    the dataset, or of the one that is joined as ``join``."""

    least: int
    count: str = ""
    join: str = ""


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
    joins: Mapping[str, Join] = field(default_factory=dict)
    smallest: Smallest | None = None

    @property
    def askable(self) -> dict[str, Dimension]:
        """Every dimension by the name that it is asked by, those of joined datasets as “buyer.country”."""
        found = dict(self.dimensions)
        for join in self.joins.values():
            for one in join.dataset.dimensions.values():
                name = f"{join.name}.{one.name}"
                found.setdefault(name, replace(one, name=name, join=join.name, field=one.name))
        return found

    def hidden_from(self, reader: Reader) -> frozenset[str]:
        """Names of the dimensions and metrics that *reader* does not see clear; what is made of a hidden metric, or is
        found by a hidden key, is hidden as well."""
        masked: list[Dimension | Metric] = [*self.dimensions.values(), *self.metrics.values()]
        hidden = {one.name for one in masked if one.mask is not None and one.mask.hides_from(reader)}
        hidden |= {one.name for one in masked if one.sensitivity in reader.hidden_classes}
        for join in self.joins.values():
            hidden |= _hidden_beyond(join, hidden, reader)
        return frozenset(hidden | self._made_of(hidden))

    def measures(self, names: Iterable[str]) -> tuple[Measure, ...]:
        """How large groups must be for who does not see everything, where the dimensions *names* are asked: by its own rule,
        and by those of the datasets that they come from, whose people are not to be made out over a join either."""
        found = [Measure(self.smallest.least, self.smallest.count)] if self.smallest else []
        for name in dict.fromkeys(self.dimension(one).join for one in names):
            smallest = self.joins[name].dataset.smallest if name else None
            if smallest is not None:
                found.append(Measure(smallest.least, f"{name}.{smallest.count}" if smallest.count else "", name))
        return tuple(found)

    def rules_for(self, reader: Reader) -> tuple[tuple[RowRule, ...], Rules, tuple[tuple[str, object], ...]]:
        """Its row rules, its tables' and those of what it joins, as far as they hold for *reader*."""
        tables = ((name, tuple(rule for rule in rules if rule.holds_for(reader))) for name, rules in self.tables)
        return (
            tuple(rule for rule in self.rows if rule.holds_for(reader)),
            tuple((name, rules) for name, rules in tables if rules),
            tuple((join.name, join.dataset.rules_for(reader)) for join in self.joins.values()),
        )

    def ruled_for(self, reader: Reader) -> Dataset:
        """The dataset with the rules that hold for *reader* alone."""
        rows, tables, _beyond = self.rules_for(reader)
        joins = {name: replace(one, dataset=one.dataset.ruled_for(reader)) for name, one in self.joins.items()}
        return replace(self, rows=rows, tables=tables, joins=joins)

    def _made_of(self, hidden: Iterable[str]) -> set[str]:
        found, before = set(hidden), -1
        while len(found) != before:
            before = len(found)
            found |= {one.name for one in self.metrics.values() if not found.isdisjoint(one.parts)}
        return found

    def dimension(self, name: str) -> Dimension:
        """The dimension *name*; "" means the dataset's time. Raises QueryRefused."""
        name = name or self.time
        if name in self.dimensions:
            return self.dimensions[name]
        known = self.askable
        if name not in known:
            raise QueryRefused(self._unknown("dimension", name, known))
        return known[name]

    def metric(self, name: str) -> Metric:
        if name not in self.metrics:
            raise QueryRefused(self._unknown("metric", name, self.metrics))
        return self.metrics[name]

    def bases(self, names: Iterable[str]) -> tuple[str, ...]:
        """The metrics with an expression of their own that those called *names* are worked out from, each once."""
        found: dict[str, None] = {}
        for name in names:
            metric = self.metric(name)
            found |= dict.fromkeys(self.bases(metric.parts)) if metric.parts else {name: None}
        return tuple(found)

    def below(self, name: str) -> frozenset[str]:
        """The metric *name* and every other that it is worked out from."""
        return frozenset({name}).union(*(self.below(part) for part in self.metric(name).parts))

    def looks_back(self, name: str) -> tuple[Earlier, ...]:
        """The stretches before that the metric *name* is worked out from, each once."""
        metric = self.metric(name)
        own = () if metric.earlier is None else (metric.earlier,)
        return tuple(dict.fromkeys([*own, *(one for part in metric.parts for one in self.looks_back(part))]))

    def _unknown(self, noun: str, name: str, known: Mapping[str, object]) -> str:
        return f"Dataset “{self.name}” has no {noun} “{name}”. It has: {', '.join(sorted(known))}."


def _hidden_beyond(join: Join, hidden: set[str], reader: Reader) -> set[str]:
    """What is hidden of the joined dataset: its masked fields, or all of it where a key is masked on either side: else
    the clear value would be found again by what belongs to it."""
    beyond = join.dataset
    there = beyond.hidden_from(reader)
    closed = any(here in hidden or field in there for here, field in join.on)
    return {f"{join.name}.{name}" for name in beyond.dimensions if closed or name in there}


def closed_by(dataset: Dataset, join: Join, hidden: frozenset[str]) -> bool:
    """Whether a key of *join* is hidden from who reads, so that nothing beyond it has a value."""
    return any(here in hidden or f"{join.name}.{there}" in hidden for here, there in join.on)

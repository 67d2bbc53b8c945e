"""From the rows that a database gave to the rows that were asked for: fiscal periods by their dates, periods without rows,
metrics that are made of others or look back, and the order by these."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter

from broadsheet.core.document.tables import FISCAL_GRAINS, Ask, Grouping, Value
from broadsheet.core.recurrence.fiscal import CALENDAR_YEAR, FiscalCalendar, Period

from ..dataset import Dataset, Earlier, Metric
from ..errors import LimitExceeded, QueryRefused
from .formula import Amount, amount, compiled, worked_out
from .spine import before, every, fiscal_periods, keys_back

Row = tuple[Value, ...]
Rows = list[Row]
MOST_FILLED = 200_000  # rows that are made up for periods without any


@dataclass(frozen=True, slots=True)
class Plan:
    """How *ask* is answered: ``base`` is what the database is asked for, ``earlier`` the same for each stretch before."""

    dataset: Dataset
    ask: Ask
    hidden: frozenset[str]
    fiscal: FiscalCalendar
    base: Ask
    earlier: Mapping[Earlier, Ask]

    @property
    def plain(self) -> bool:
        """Whether the database's rows are the answer as they are."""
        fiscal = any(one.grain in FISCAL_GRAINS for one in self.ask.by)
        return self.base == self.ask and not fiscal and not self.ask.fill


def planned(
    dataset: Dataset, ask: Ask, *, hidden: frozenset[str] = frozenset(), fiscal: FiscalCalendar = CALENDAR_YEAR
) -> Plan:
    """The plan of *ask* for readers from whom the fields *hidden* are hidden. Raises QueryRefused."""
    metrics = [dataset.metric(name) for name in ask.metrics]
    if all(metric.expression for metric in metrics):
        return Plan(dataset, ask, hidden, fiscal, replace(ask, limit=None) if ask.fill else ask, {})
    columns = {*(one.column for one in ask.by), *ask.metrics}
    for name, _ in ask.order:
        if name not in columns:
            raise QueryRefused(f"Rows cannot be ordered by “{name}”, which was not asked for. Add it to the metrics.")
    # A hidden metric that is made of others is not asked for at all, so that nothing of it is ever fetched.
    wanted = [one.name for one in metrics if one.expression or one.name not in hidden]
    bases = dataset.bases(wanted)
    made = {one.name for one in metrics if not one.expression}
    order = () if any(name in made for name, _ in ask.order) else ask.order
    # Rows are cut when they are in their order.
    limit = ask.limit if order == ask.order and not ask.fill else None
    base = replace(ask, metrics=bases, order=order, limit=limit)
    looking = dict.fromkeys(one for name in wanted for one in dataset.looks_back(name))
    if looking:
        base = replace(base, by=tuple(_by_days(dataset, one) for one in base.by))
    earlier = {one: replace(before(base, one, fiscal, time=dataset.time), order=(), limit=None) for one in looking}
    return Plan(dataset, ask, hidden, fiscal, base, earlier)


def _by_days(dataset: Dataset, grouping: Grouping) -> Grouping:
    """*grouping*, by days where it is by the dataset's own time as it is: what was before has another day."""
    if grouping.grain or grouping.dimension not in ("", dataset.time):
        return grouping
    if dataset.dimension(dataset.time).kind != "date":
        raise QueryRefused(f"A look back needs groups of time. Group by day or month, not by “{grouping.column}”.")
    return replace(grouping, grain="day", name=grouping.column)


def finished(
    plan: Plan, rows: Rows, earlier: Mapping[Earlier, Rows], *, until: datetime, withheld: bool, withheld_before: bool
) -> Rows:
    """The rows of ``plan.ask`` from those of ``plan.base`` and of each stretch before. Periods that begin after *until* are
    not made up; nothing is taken for 0 where groups were *withheld*."""
    if plan.plain:
        return rows
    now = _dated(plan, rows, plan.base)
    if plan.ask.fill:
        now = _filled(plan, now, until=until, withheld=withheld)
    if not plan.earlier:
        return _again(plan, _made(plan, now))
    then = {one: _by_key(plan, _dated(plan, found, plan.earlier[one])) for one, found in earlier.items()}
    back = {one: keys_back(plan.base, one, plan.fiscal, time=plan.dataset.time) for one in plan.earlier}
    width, ask = len(plan.ask.by), plan.ask
    found: Rows = []
    for row in now:
        reckoner = _Reckoner(plan, row[:width], _named(plan, row), then, back, unknown=withheld_before)
        found.append((*row[:width], *(reckoner.value(name) for name in ask.metrics)))
    return _again(plan, found)


def _made(plan: Plan, rows: Rows) -> Rows:
    """The asked metrics of each row, where nothing looks back."""
    width = len(plan.ask.by)
    readers = [_reader(plan, name) for name in plan.ask.metrics]
    return [(*row[:width], *[read(row) for read in readers]) for row in rows]


def _reader(plan: Plan, name: str) -> Callable[[Row], Value]:
    """What gives the value of the metric *name* from a row of the base."""
    metric = plan.dataset.metric(name)
    if name in plan.hidden:
        return lambda row: None
    if metric.formula is None:
        return itemgetter(len(plan.base.by) + plan.base.metrics.index(name))
    worked: Callable[[Row], Amount | None] = compiled(metric.formula, lambda part: _reader(plan, part))
    return (lambda row: _typed(metric, worked(row))) if metric.kind == "integer" else worked


def _again(plan: Plan, rows: Rows) -> Rows:
    """*rows* in their order, where the database could not put them so."""
    ask = plan.ask
    return _ordered(ask, rows) if plan.base.order != ask.order or (ask.fill and ask.order) else rows


def _dated(plan: Plan, rows: Rows, ask: Ask) -> Rows:
    """*rows* of *ask* with the first days of fiscal periods in place of their numbers."""
    places = [index for index, one in enumerate(ask.by) if one.grain in FISCAL_GRAINS]
    for place in places:
        periods = fiscal_periods(ask, ask.by[place].grain or "", plan.fiscal)
        rows = [(*row[:place], _first(periods, row[place]), *row[place + 1 :]) for row in rows]
    return rows


def _first(periods: Sequence[Period], number: Value) -> Value:
    return periods[number].first if isinstance(number, int) else None


def names_of(plan: Plan, place: int) -> tuple[tuple[Value, str], ...]:
    """What the values of the grouping at *place* are called."""
    grain = plan.ask.by[place].grain or ""
    if grain not in FISCAL_GRAINS:
        return ()
    return tuple((one.first, one.label) for one in fiscal_periods(plan.ask, grain, plan.fiscal))


def _filled(plan: Plan, rows: Rows, *, until: datetime, withheld: bool) -> Rows:
    """*rows* and one for each period without any, for every combination of the other groups that there is."""
    by = plan.ask.by
    place = next((index for index, one in enumerate(by) if one.grain), None)
    keys = every(plan.ask, by[place], fiscal=plan.fiscal, until=until) if place is not None else []
    if place is None or not keys:
        return rows
    width = len(by)
    there = {row[:width] for row in rows}
    others = dict.fromkeys((*row[:place], *row[place + 1 : width]) for row in rows) or (
        {(): None} if width == 1 else {}
    )
    if len(others) * len(keys) > MOST_FILLED:
        message = f"Filling gaps would make more than {MOST_FILLED} rows. Choose a shorter period or fewer groups."
        raise LimitExceeded(message)
    nothing = tuple(0 if plan.dataset.metric(name).zero and not withheld else None for name in plan.base.metrics)
    made = [
        (*other[:place], key, *other[place:], *nothing)
        for other in others
        for key in keys
        if (*other[:place], key, *other[place:]) not in there
    ]
    return sorted([*rows, *made], key=lambda row: [_sortable(value) for value in row[:width]])


def _sortable(value: Value) -> tuple[bool, Value]:
    return value is None, "" if value is None else value


def _by_key(plan: Plan, rows: Rows) -> dict[Row, dict[str, Value]]:
    width = len(plan.base.by)
    return {row[:width]: _named(plan, row) for row in rows}


def _named(plan: Plan, row: Row) -> dict[str, Value]:
    return dict(zip(plan.base.metrics, row[len(plan.base.by) :], strict=True))


@dataclass(frozen=True, slots=True)
class _Reckoner:
    """The values of one row. ``then`` are the rows of each stretch before, and ``back`` gives a row's key there; with ``unknown`` what is missing there may be
    withheld rather than 0."""

    plan: Plan
    key: Row
    now: Mapping[str, Value]
    then: Mapping[Earlier, Mapping[Row, Mapping[str, Value]]]
    back: Mapping[Earlier, Callable[[Row], Row]]
    unknown: bool

    def value(self, name: str) -> Value:
        return self._of(name, self.now)

    def _of(self, name: str, bases: Mapping[str, Value]) -> Value:
        metric = self.plan.dataset.metric(name)
        if name in self.plan.hidden:
            return None
        if metric.formula is not None:
            return _typed(metric, worked_out(metric.formula, lambda part: self._of(part, bases)))
        if metric.earlier is not None:
            return self._looked_back(metric.earlier)
        return bases.get(name)

    def _looked_back(self, earlier: Earlier) -> Value:
        old = amount(self._of(earlier.of, self._bases_before(earlier)))
        if earlier.shown == "value" or old is None:
            return old
        new = amount(self._of(earlier.of, self.now))
        if new is None or (earlier.shown == "percent" and not old):
            return None
        if earlier.shown == "change":
            return _less(new, old)
        return float(_less(new, old)) / abs(float(old))

    def _bases_before(self, earlier: Earlier) -> Mapping[str, Value]:
        found = self.then[earlier].get(self.back[earlier](self.key))
        if found is not None:
            return found
        dataset = self.plan.dataset
        return {name: 0 if dataset.metric(name).zero and not self.unknown else None for name in self.plan.base.metrics}


def _less(new: Amount, old: Amount) -> Amount:
    if isinstance(new, float) or isinstance(old, float):
        return float(new) - float(old)
    return new - old


def _typed(metric: Metric, value: Amount | None) -> Value:
    """Whole numbers stay whole where the metric says so."""
    return round(value) if metric.kind == "integer" and value is not None else value


def _ordered(ask: Ask, rows: Rows) -> Rows:
    """By the ask's order; what is missing comes last either way."""
    columns = [*(one.column for one in ask.by), *ask.metrics]
    for name, descending in reversed(ask.order):
        place = columns.index(name)
        there = [row for row in rows if row[place] is not None]
        there.sort(key=lambda row: row[place], reverse=descending)  # type: ignore[arg-type, return-value]
        rows = there + [row for row in rows if row[place] is None]
    return rows

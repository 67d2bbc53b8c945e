"""The figure that a condition is about: its value, the one before, and its history, as few queries as that takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import dropwhile

from broadsheet.core.conditions import Change
from broadsheet.core.document.compose.asking import filters_of
from broadsheet.core.document.compose.making import number_of
from broadsheet.core.document.periods import Period
from broadsheet.core.document.tables import Ask, Column, DataTable, Grouping, Value
from broadsheet.sources.actions.ask import Request, answer_all
from broadsheet.sources.actions.probe import HOUSE, dated
from broadsheet.sources.queries import definition_of, stored

from .periods import period_for
from .threshold_definition import OnlyIf

SHOWN = 30  # values that are shown with a condition
STEPS = ("day", "week", "month", "quarter", "year")
WEEK = 7


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` of ``period`` and ``before`` of the one before, None where there is none; ``series``: values by the first day of
    their periods, oldest first, the last one ``value``'s; () for a stretch that is no whole period. ``history``: what an
    anomaly is measured by."""

    column: Column
    period: Period
    value: float | None
    before: float | None = None
    series: tuple[tuple[date, float | None], ...] = ()
    history: tuple[float, ...] = ()


def is_whole(period: Period) -> bool:
    """Whether a row of such periods goes back from it, each of which can be asked at once."""
    return period.unit in STEPS and not period.to_date and period.earlier is None


def figure(only_if: OnlyIf, organization_id: int, *, at: datetime, now: datetime, zone: str) -> Figure:
    """Asked for the firing *at* (aware), with the data of *now*. Raises the errors of `sources.errors`."""
    period = period_for(only_if.period, organization_id, at=at, zone=zone)
    dimension = definition_of(stored(organization_id, only_if.dataset)).dataset.dimension
    filters = tuple(
        replace(one, value=dated(one.value, dimension(one.dimension).kind)) for one in filters_of(only_if.where)
    )
    ask = Ask(only_if.dataset, (only_if.metric,), span=period.span, filters=filters, zone=zone)
    asks = {"now": ask, "before": replace(ask, span=period.previous().span)}
    if is_whole(period):
        many = max(SHOWN, 2, only_if.anomaly.history + 1 if only_if.anomaly else 0)
        by = (Grouping("", period.grain, "period"),)
        asks = {"series": replace(ask, span=period.history(many).span, by=by, fill=True)}
    elif not isinstance(only_if.threshold, Change):
        del asks["before"]
    found = answer_all(organization_id, [Request(name, one, HOUSE) for name, one in asks.items()], as_of=now)
    if "series" not in found:
        value = _only(found["now"])
        return Figure(found["now"].columns[-1], period, value, _only(found["before"]) if "before" in found else None)
    return _of_series(only_if, period, found["series"])


def _of_series(only_if: OnlyIf, period: Period, table: DataTable) -> Figure:
    series = tuple((_day(row[0]), number_of(row[-1])) for row in table.rows)
    values = dict(series)
    begun = list(dropwhile(lambda one: not one[1], series))  # before the first of them nobody counted
    older = [(start, value) for start, value in begun if start < period.start and value is not None]
    if only_if.anomaly and only_if.anomaly.by_weekday and period.unit == "day":
        older = [(start, value) for start, value in older if (period.start - start).days % WEEK == 0]
    return Figure(
        table.columns[-1], period, values.get(period.start), values.get(period.previous().start), series[-SHOWN:],
        tuple(value for _start, value in older),
    )  # fmt: skip


def _only(table: DataTable) -> float | None:
    return number_of(table.rows[0][-1]) if table.rows else None


def _day(value: Value) -> date:
    found = value.date() if isinstance(value, datetime) else value
    assert isinstance(found, date)  # what a grain of a day and more gives
    return found

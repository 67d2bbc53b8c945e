"""Which questions a report asks, by name.

``month`` is the request as written; ``month.previous`` the same of the period before, ``month.history`` its figures by
period up to this one, ``month.total`` (and ``month.total.previous``) without groups for total rows, ``month.down`` and
``month.across`` by one of two groups for the edges of pivots whose cells may not be added up. Readers of one zone
with equal parameters ask alike, so that their questions can share a query.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from broadsheet.core.document.definition.blocks import TableBlock
from broadsheet.core.document.definition.data import By, DataRequest, Where
from broadsheet.core.document.definition.report import ReportDefinition
from broadsheet.core.document.parameters import Parameters
from broadsheet.core.document.periods import Period
from broadsheet.core.document.tables import Ask, Filter, Grouping, Value
from broadsheet.core.policy import Reader

PREVIOUS, HISTORY, TOTAL = "previous", "history", "total"
DOWN, ACROSS = "down", "across"
Apart = Collection[tuple[str, str]]
"""Metrics, as (dataset, name), whose figures may not be added up, so that sums of them are asked."""


def asks(
    definition: ReportDefinition, parameters: Parameters, *, reader: Reader, apart: Apart = ()
) -> dict[str, Ask]:  # fmt: skip
    """The questions of *definition* by the name under which `compose` expects the answer. *apart* are metrics whose sums
    must be asked."""
    totals = {block.table for _, block in definition.walk() if isinstance(block, TableBlock) and block.total}
    found: dict[str, Ask] = {}
    for name, request in definition.data.items():
        period = period_of(definition, request, parameters)
        if not wanted(definition, request, parameters):
            continue
        found |= _variants(name, request, period=period, parameters=parameters, reader=reader)
        if name in totals and request.by:
            whole = request.model_copy(update={"by": (), "order": (), "limit": None, "history": None, "fill": False})
            found |= _variants(f"{name}.{TOTAL}", whole, period=period, parameters=parameters, reader=reader)
        for edge, by in _edges(definition, name, request, apart):
            found |= _variants(
                f"{name}.{edge}", _alone(request, by), period=period, parameters=parameters, reader=reader
            )
    return found


def edged(definition: ReportDefinition) -> dict[str, tuple[str, str]]:
    """Data of pivots with sums at their edges, by name: the pivoted group and the metric."""
    found = {}
    for _, block in definition.walk():
        request = definition.data.get(block.table) if isinstance(block, TableBlock) else None
        if isinstance(block, TableBlock) and request is not None and block.pivot and (block.across or block.total):
            groups = {group.column for group in request.by}
            metric = next((one.column for one in block.columns if one.column not in groups), "")
            found[block.table] = (block.pivot, metric)
    return found


def _edges(
    definition: ReportDefinition, name: str, request: DataRequest, apart: Apart
) -> Iterator[tuple[str, tuple[By, ...]]]:
    """Names and groups of what is asked for the edges of the pivot over the data *name*."""
    pivot, metric = edged(definition).get(name, ("", ""))
    if (request.dataset, metric) not in apart:
        return
    yield TOTAL, ()
    yield ACROSS, tuple(group for group in request.by if group.column == pivot)
    yield DOWN, tuple(group for group in request.by if group.column != pivot)[:1]


def _alone(request: DataRequest, by: tuple[By, ...]) -> DataRequest:
    return request.model_copy(
        update={"by": by, "order": (), "limit": None, "history": None, "fill": False, "compare": False}
    )


def period_of(definition: ReportDefinition, request: DataRequest, parameters: Parameters) -> Period | None:
    """The period that *request* is asked for; None: of all times."""
    name = definition.period_of(request)
    return parameters.period(name) if name else None


def wanted(definition: ReportDefinition, request: DataRequest, parameters: Parameters) -> bool:
    """Whether *request* is asked at all for the chosen period."""
    period = period_of(definition, request, parameters)
    return not request.only or (period is not None and not period.to_date and period.unit in request.only)


def _variants(
    name: str, request: DataRequest, *, period: Period | None, parameters: Parameters, reader: Reader
) -> dict[str, Ask]:
    ask = Ask(
        dataset=request.dataset,
        metrics=request.metrics,
        by=tuple(Grouping(group.dimension, group.grain) for group in request.by),
        span=period.span if period else None,
        filters=filters_of(request.where, parameters),
        order=tuple((column.removeprefix("-"), column.startswith("-")) for column in request.order),
        limit=request.limit,
        zone=reader.zone,
        rows=request.rows,
        fill=request.fill,
    )
    found = {name: ask}
    if period and request.compare:
        # Whole: what is among the first ten now need not have been then.
        found[f"{name}.{PREVIOUS}"] = replace(ask, span=period.previous().span, order=(), limit=None)
    if period and request.history:
        past = period.history(request.history)
        by = (Grouping("", period.grain, "period"), *ask.by)
        found[f"{name}.{HISTORY}"] = replace(ask, span=past.span, by=by, order=(), limit=None)
    return found


def filters_of(conditions: tuple[Where, ...], parameters: Parameters | None = None) -> tuple[Filter, ...]:
    """The filters that *conditions* mean; without *parameters* those that name one fall away."""
    made = (_filter(condition, parameters) for condition in conditions)
    return tuple(one for one in made if one is not None)


def _filter(condition: Where, parameters: Parameters | None) -> Filter | None:
    dimension = condition.dimension
    if condition.parameter is not None:
        if parameters is None:
            return None
        value = parameters.values[condition.parameter]
        return None if value == "" or isinstance(value, Period) else Filter(dimension, "=", value)
    if condition.empty is not None:
        return Filter(dimension, "is null" if condition.empty else "is not null")
    if condition.any_of is not None:
        return Filter(dimension, "in", tuple(condition.any_of))
    if condition.none_of is not None:
        return Filter(dimension, "not in", tuple(condition.none_of))
    comparisons: dict[str, Value] = {
        "=": condition.equals, "!=": condition.is_not, ">": condition.over, ">=": condition.at_least,
        "<": condition.under, "<=": condition.at_most,
    }  # fmt: skip
    return next(Filter(dimension, sign, value) for sign, value in comparisons.items() if value is not None)

"""A question to a dataset as a report of one table and one chart: to look at now, or to begin a report with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from broadsheet.access.queries import organization_of
from broadsheet.core.document.compose import Context, asks, compose
from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.loading import dump
from broadsheet.core.document.parameters import resolve
from broadsheet.core.document.tables import DataTable
from broadsheet.core.policy import Actor
from broadsheet.reports.queries import theme_of
from broadsheet.schedules.periods import calendars_of
from broadsheet.sources.actions.ask import Request, answer_all
from broadsheet.sources.dataset import Dataset
from broadsheet.sources.queries import definition_of

from .explore import Condition, Wanted, ask_of, grouping, readable
from .preview import Shown, as_reader

ROWS, POSITIONS = 200, 15  # of the table and of the chart
COMPARISONS = {
    "=": "equals", "!=": "not", "in": "in", "not in": "not_in", ">": "over", ">=": "at_least", "<": "under", "<=": "at_most",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Explored:
    """The answer, drawn and as rows, and the text of a report that asks the same."""

    shown: Shown
    table: DataTable
    text: str


def explored(actor: Actor, name: str, wanted: Wanted, *, total: str, now: datetime) -> Explored:
    """The answer to *wanted*; *total* is what the row of the whole is called. Raises as `explore` does."""
    stored = readable(actor, name)
    found, reader = definition_of(stored), as_reader(actor)
    mine = ask_of(stored, wanted, reader=reader, now=now)
    data = report_of(found.dataset, wanted, title=found.label, total=total)
    # What is compared is bound as its dimension's kind; in the definition it need only be readable.
    definition = ReportDefinition.model_validate({**data, "name": "explored", "data": _unfiltered(data["data"])})
    calendars = calendars_of(actor.organization_id, wanted.period, now=now)
    parameters = resolve(definition, {}, reader=reader, now=now, calendars=calendars)
    wanted_asks = asks(definition, parameters, reader=reader).items()
    requests = [Request(key, replace(ask, filters=mine.filters), reader) for key, ask in wanted_asks]
    answers = answer_all(actor.organization_id, requests, as_of=now)
    context = Context(organization_of(actor).name, now, now)
    document = compose(definition, parameters, answers, reader=reader, context=context)
    document = replace(document, facts=(), definition="")  # the form above says what was asked
    shown = Shown(document, definition, theme_of(actor.organization_id))
    return Explored(shown, answers["answer"], dump("report", f"{stored.name}-explored", data))


def report_of(of: Dataset, wanted: Wanted, *, title: str, total: str) -> dict[str, Any]:
    """The definition of a report that asks what *wanted* does, but for its name."""
    by = [_by(of, text) for text in wanted.by]
    columns = [str(one["grain"] if isinstance(one, dict) else one) for one in by]
    answer: dict[str, Any] = {"dataset": of.name}
    kept = {"metrics": list(dict.fromkeys(wanted.metrics)), "by": by, "order": list(wanted.order)}
    answer |= {key: value for key, value in kept.items() if value}
    answer |= {"limit": wanted.limit, **({"fill": True} if wanted.fill else {})}
    if wanted.where:
        answer["where"] = [_where(one) for one in wanted.where]
    if not wanted.period:
        answer["period"] = "none"
    data: dict[str, Any] = {"title": title}
    if wanted.period:
        data["parameters"] = {"period": {"kind": "period", "default": wanted.period}}
    return {**data, "data": {"answer": answer}, "blocks": _blocks(of, wanted, columns, total=total)}


def _by(of: Dataset, text: str) -> str | dict[str, str]:
    found = grouping(of, text)
    if found.grain is None:
        return found.dimension
    return found.grain if found.dimension == of.time else {"dimension": found.dimension, "grain": found.grain}


def _where(one: Condition) -> dict[str, Any]:
    operator = " ".join(one.operator.lower().split())
    if operator.startswith("is"):
        return {"dimension": one.dimension, "empty": operator == "is null"}
    value = list(one.value) if isinstance(one.value, tuple) else one.value
    return {"dimension": one.dimension, COMPARISONS.get(operator, operator): value}


def _unfiltered(data: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {name: {key: value for key, value in one.items() if key != "where"} for name, one in data.items()}


def _blocks(of: Dataset, wanted: Wanted, columns: list[str], *, total: str) -> list[dict[str, Any]]:
    table: dict[str, Any] = {"table": "answer", "columns": [*columns, *dict.fromkeys(wanted.metrics)], "limit": ROWS}
    if columns and wanted.metrics:
        table["total"] = total
    if not columns or not wanted.metrics:
        return [table]
    return [_chart(of, wanted, columns), table]


def _chart(of: Dataset, wanted: Wanted, columns: list[str]) -> dict[str, Any]:
    """Lines over time, bars otherwise; the second group tells its series apart."""
    first = grouping(of, wanted.by[0])
    timed = first.grain is not None or of.dimension(first.dimension).kind in ("date", "instant")
    kinds = [of.metric(name).kind for name in wanted.metrics]
    alike = [name for name, kind in zip(wanted.metrics, kinds, strict=True) if kind == kinds[0]]
    chart: dict[str, Any] = {"chart": "line" if timed else "bar", "data": "answer", "x": columns[0], "height": 0.28}
    if len(columns) > 1:
        return {**chart, "series": [alike[0]], "split": columns[1]}
    if timed:
        return {**chart, "series": list(dict.fromkeys(alike))[:3]}
    # Bars that lie down need no height: each has its row.
    bars = {key: value for key, value in chart.items() if key != "height"}
    order = {} if wanted.order else {"order": "down"}
    return {**bars, "series": [alike[0]], "horizontal": True, "top": POSITIONS, "other": False, **order}

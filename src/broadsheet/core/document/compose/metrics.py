"""The row of headline figures: value, what it was, its target, its past."""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

from broadsheet.core.document.definition.blocks import MetricsBlock, MetricSpec
from broadsheet.core.document.model import Metric, MetricRow, Tone
from broadsheet.core.document.periods import Period, add_months
from broadsheet.core.document.tables import Column, DataTable, Value

from .asking import HISTORY
from .figures import Change, change, headline, hint_of, tone_of, value_at
from .making import Making, column_of, number_of

STEPS = {"month": 1, "quarter": 3, "year": 12}


def metrics_block(making: Making, block: MetricsBlock) -> MetricRow | None:
    """The row; None if its data could not be fetched."""
    table = making.table(block.metrics)
    if table is None:
        return None
    targets = making.table(block.targets) if block.targets and making.asked(block.targets) else None
    metrics = tuple(_metric(making, block, spec, table=table, targets=targets) for spec in block.show)
    note = making.told(block.note)
    count = max((len(metric.sparkline) for metric in metrics), default=0)
    if not note and count:
        period = cast(Period, making.period(block.metrics))
        said = making.words[f"count_{period.grain}"].format(count=count)
        note = making.words["lines_note"].format(count=said, period=period.text(making.dates))
    return MetricRow(metrics, making.title(block.title), note)


def _metric(
    making: Making, block: MetricsBlock, spec: MetricSpec, *, table: DataTable, targets: DataTable | None
) -> Metric:
    column, now = column_of(table, spec.metric), value_at(table, spec.metric)
    short, versus = making.versus(block.metrics)
    earlier = making.before(block.metrics)
    before = value_at(earlier, spec.metric) if earlier is not None else None
    moved = change(making, column, now, before) if earlier is not None else Change()
    goal = (
        value_at(targets, spec.metric) if targets is not None and spec.target and _has(targets, spec.metric) else None
    )
    scale = making.numbers.scale_for(spec.scale, (now, before, goal)) if column.kind == "money" else "none"
    target, gap, gap_tone = _target(making, column, now, goal, scale=scale)
    return Metric(
        name=spec.metric,
        label=making.text(spec.label) or making.translate(column.label),
        value=headline(making, column, now, scale=scale),
        raw=now,
        column=hint_of(making, column),
        delta=moved.text,
        delta_tone=moved.tone,
        previous=f"{short} {headline(making, column, before, scale=scale)}" if before is not None else "",
        versus=versus if moved.text else "",
        target=target,
        gap=gap,
        gap_tone=gap_tone,
        sparkline=_sparkline(making, block.metrics, spec.metric),
    )


def _has(table: DataTable, name: str) -> bool:
    return any(column.name == name for column in table.columns)


def _target(making: Making, column: Column, now: Value, goal: Value, *, scale: str) -> tuple[str, str, Tone]:
    """“Target ≤ $48.00”, “missed by $0.70”, and its tone."""
    wanted, got = number_of(goal), number_of(now)
    if wanted is None:
        return "", "", ""
    words = making.words
    sign = "≤ " if column.better == "down" else ""
    text = f"{words['target']} {sign}{headline(making, column, goal, scale=scale)}"
    if got is None or not column.better:
        return text, "", ""
    tone = tone_of(column, got - wanted) if got != wanted else "better"
    gap = _gap(making, column, got, wanted, scale=scale)
    met = "met" if tone == "better" else "missed"
    return text, (words[f"{met}_by"].format(gap=gap) if gap else words[met]), tone


def _gap(making: Making, column: Column, got: float, wanted: float, *, scale: str) -> str:
    """How far apart: points for rates, an amount for prices, a share for sums; "" where it rounds to nothing."""
    difference = abs(got - wanted)
    if column.kind == "percent":
        return making.numbers.points(difference, signed=False) if difference >= 0.0005 else ""
    if column.kind == "money" and column.better == "down":
        return headline(making, column, difference, scale=scale) if difference >= 0.005 else ""
    if wanted == 0 or difference / abs(wanted) < 0.0005:
        return ""
    return making.numbers.percent(difference / abs(wanted))


def _sparkline(making: Making, data: str, metric: str) -> tuple[float | None, ...]:
    request, period = making.request(data), making.period(data)
    if not request.history or period is None:
        return ()
    table = making.table(f"{data}.{HISTORY}")
    if table is None or not table.rows:
        return ()
    place = table.position(metric)
    found = {row[0]: number_of(row[place]) for row in table.rows}
    return tuple(found.get(start) for start in _starts(period, request.history))


def _starts(period: Period, count: int) -> list[date]:
    match period.unit:
        case "range":
            return [period.start + timedelta(days=number) for number in range(period.days)]
        case "day" | "week":
            step = timedelta(days=1 if period.unit == "day" else 7)
            return [period.start - step * back for back in range(count - 1, -1, -1)]
        case unit:
            return [add_months(period.start, -STEPS[unit] * back) for back in range(count - 1, -1, -1)]

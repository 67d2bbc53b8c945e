"""Headline figures side by side."""

from __future__ import annotations

from broadsheet.core.charts import sparkline
from broadsheet.core.document.model import Metric, MetricRow

from .context import Page
from .prose import toned
from .writer import Html, join, tag

SPARK = (150.0, 34.0)  # px
MOST_ABREAST = 6


def metric_row(row: MetricRow, page: Page) -> Html:
    """A description list, one group a figure; the note below it."""
    abreast = len(row.metrics) if len(row.metrics) <= MOST_ABREAST else 4
    title = ""
    if row.title:
        name = page.name(row.title)
        title = tag("header", tag("h2", row.title, id=name), class_="bs-op")
    figures = tag("dl", *(_metric(one, page) for one in row.metrics), class_=f"bs-metrics bs-abreast-{abreast}")
    note = tag("p", row.note, class_="bs-note") if row.note else ""
    return tag("section", title, figures, note, class_="bs-block bs-figures" + ("" if row.title else " bs-untitled"))


def _metric(metric: Metric, page: Page) -> Html:
    spark = ""
    if any(value is not None for value in metric.sparkline):
        drawn = sparkline(
            metric.sparkline,
            width=SPARK[0],
            height=SPARK[1],
            tokens=page.theme.light,
            css=True,
            tone=metric.delta_tone if metric.delta_tone == "worse" else "",
        )
        spark = tag("dd", Html(drawn), class_="bs-spark", aria_hidden="true")
    return tag(
        "div",
        tag("dt", metric.label),
        tag("dd", tag("bdi", metric.value), class_="bs-big"),
        spark,
        _change(metric, page),
        _target(metric, page),
        class_="bs-metric",
    )


def _change(metric: Metric, page: Page) -> Html:
    if not (metric.delta or metric.previous):
        return Html("")
    delta = toned(metric.delta, metric.delta_tone, word=_word(metric.delta_tone, page))
    was = metric.previous
    # “vs Sep” and “Sep 5,034” are one thought: the name of the period is said once.
    period = metric.versus.split(" ", 1)[-1]
    if period and was.startswith(f"{period} "):
        was = was[len(period) + 1 :]
    parts = [
        part
        for part in (
            tag("bdi", metric.versus) if metric.versus else "",
            tag("bdi", was, class_="bs-was") if was else "",
        )
        if part
    ]
    return tag("dd", join(delta, *(join(" ", part) for part in parts)), class_="bs-change")


def _target(metric: Metric, page: Page) -> Html:
    if not metric.target:
        return Html("")
    gap = toned(metric.gap, metric.gap_tone) if metric.gap else ""
    return tag("dd", join(tag("bdi", metric.target), " ", tag("span", gap)), class_="bs-target")


def _word(tone: str, page: Page) -> str:
    return page.word(tone) if tone in {"better", "worse"} else ""

"""The same two charts as Vega-Lite, which the browser draws for itself, as reports printed by a browser mostly do."""

from __future__ import annotations

from broadsheet.core.document.model import Chart, Series
from broadsheet.core.theme import DEFAULT

Spec = dict[str, object]
INK, TINT, BAND = DEFAULT.light.ink2, DEFAULT.light.tint, DEFAULT.light.band
ACCENT, BAR = DEFAULT.light.accent, DEFAULT.light.sequential[4]


def spec(chart: Chart, width: float) -> Spec:
    """*chart* as a Vega-Lite specification, *width* px wide all in all."""
    layers = _bars(chart) if chart.horizontal else _lines(chart)
    height = 18 * len(chart.x) if chart.horizontal else 190
    return {
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "config": {"font": "Source Sans 3", "view": {"stroke": None}, "axis": {"grid": False}},
        "layer": layers,
    }


def _rows(chart: Chart, series: Series) -> list[Spec]:
    return [{"i": index, "x": chart.x[index], "v": value} for index, value in enumerate(series.values)]


def _lines(chart: Chart) -> list[Spec]:
    accepted, delivered = chart.series
    x = {"field": "i", "type": "quantitative", "axis": {"values": list(chart.x_ticks), "title": None}}
    y = {"field": "v", "type": "quantitative", "axis": {"title": None, "tickCount": 4, "grid": True}}
    both = [{**low, "high": high} for low, high in zip(_rows(chart, accepted), delivered.values, strict=True)]
    layers: list[Spec] = [
        {
            "data": {"values": [{"a": at - 0.5, "b": at + 0.5} for at in chart.shaded]},
            "mark": {"type": "rect", "color": TINT},
            "encoding": {"x": {"field": "a", "type": "quantitative"}, "x2": {"field": "b"}},
        },
        {
            "data": {"values": both},
            "mark": {"type": "area", "color": BAND},
            "encoding": {"x": x, "y": y, "y2": {"field": "high"}},
        },
    ]
    for series, color in ((delivered, INK), (accepted, ACCENT)):
        layers.append(
            {
                "data": {"values": _rows(chart, series)},
                "mark": {"type": "line", "color": color},
                "encoding": {"x": x, "y": y},
            }
        )
        layers.append(_text([_rows(chart, series)[-1] | {"t": f"{series.label} {series.texts[-1]}"}], x, y))
    layers += [
        {
            "data": {"values": [{"v": mark.value}]},
            "mark": {"type": "rule", "strokeDash": [3, 3]},
            "encoding": {"y": {"field": "v", "type": "quantitative"}},
        }
        for mark in chart.references
    ]
    layers += [_text([_rows(chart, accepted)[note.at] | {"t": note.lead}], x, y) for note in chart.annotations]
    return layers


def _text(rows: list[Spec], x: Spec, y: Spec) -> Spec:
    return {
        "data": {"values": rows},
        "mark": {"type": "text", "align": "left", "dx": 4},
        "encoding": {"x": x, "y": y, "text": {"field": "t"}},
    }


def _bars(chart: Chart) -> list[Spec]:
    rows = [
        {**row, "was": was, "t": text}
        for row, was, text in zip(_rows(chart, chart.series[0]), chart.compare, chart.series[0].texts, strict=True)
    ]
    y = {"field": "x", "type": "nominal", "sort": None, "axis": {"title": None}}
    x = {"field": "v", "type": "quantitative", "axis": None}
    return [
        {"data": {"values": rows}, "mark": {"type": "bar", "color": BAR}, "encoding": {"x": x, "y": y}},
        {"data": {"values": rows}, "mark": "tick", "encoding": {"x": {"field": "was", "type": "quantitative"}, "y": y}},
        _text(rows, x, y),
    ]

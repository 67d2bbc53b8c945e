"""A sheet a chart: its figures in cells, and a native chart drawn from them in the theme's colours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from broadsheet.core.document.model import Chart, Series

from .cells import number_format, put
from .sheets import head

if TYPE_CHECKING:
    from .workbook import Styles

HEAD_ROW = 3
KINDS: dict[str, dict[str, str]] = {
    "line": {"type": "line"},
    "area": {"type": "area"},
    "bar": {"type": "column"},
    "stacked_bar": {"type": "column", "subtype": "stacked"},
    "pie": {"type": "pie"},
    "scatter": {"type": "scatter"},
    "combo": {"type": "column"},
}


def add_chart(book: xlsxwriter.Workbook, sheet: Worksheet, chart: Chart, *, styles: Styles) -> None:
    """Fill *sheet* with the chart's figures, and draw them beside."""
    head(sheet, title=chart.title, under=chart.under, points=14, styles=styles)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, len(chart.series), 14)
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    _add_figures(sheet, chart, styles=styles)
    if chart.x and chart.series:
        sheet.insert_chart(HEAD_ROW, len(chart.series) + 2, _drawn(book, sheet, chart, styles=styles))


def _add_figures(sheet: Worksheet, chart: Chart, *, styles: Styles) -> None:
    label = styles.get(font_color=styles.theme.light.ink2, bottom=1, bottom_color=styles.theme.light.ink, align="right")
    figure = styles.get(num_format=_whole(chart), align="right")
    put(sheet, HEAD_ROW, 0, "", label)
    for row, name in enumerate(chart.x, start=HEAD_ROW + 1):
        value = chart.x_values[row - HEAD_ROW - 1] if chart.kind == "scatter" and chart.x_values else name
        put(sheet, row, 0, value, styles.get())
    for column, series in enumerate(chart.series, start=1):
        put(sheet, HEAD_ROW, column, series.label, label)
        for row, number in enumerate(series.values, start=HEAD_ROW + 1):
            put(sheet, row, column, number, figure)


def _whole(chart: Chart) -> str:
    """The number format of the chart's figures: here they are whole, as nothing beside them says k or M."""
    hint = chart.axis_hint
    return number_format(replace(hint, scale="", decimals=0) if hint.scale else hint)


def _drawn(book: xlsxwriter.Workbook, sheet: Worksheet, chart: Chart, *, styles: Styles) -> Any:
    kind = dict(KINDS.get(chart.kind, KINDS["bar"]))
    if chart.horizontal and kind["type"] == "column":
        kind["type"] = "bar"
    drawn = book.add_chart(kind)
    lines = book.add_chart({"type": "line"}) if chart.kind == "combo" else None
    for column, series in enumerate(chart.series, start=1):
        target = lines if lines is not None and series.mark == "line" else drawn
        target.add_series(_series(sheet.get_name(), chart, series, column=column, styles=styles))
    if lines is not None and any(series.mark == "line" for series in chart.series):
        drawn.combine(lines)
    _dress(drawn, chart, styles=styles)
    return drawn


def _series(name: str, chart: Chart, series: Series, *, column: int, styles: Styles) -> dict[str, object]:
    last = HEAD_ROW + len(chart.x)
    color = _color(series.color, styles=styles)
    options: dict[str, object] = {
        "name": [name, HEAD_ROW, column],
        "categories": [name, HEAD_ROW + 1, 0, last, 0],
        "values": [name, HEAD_ROW + 1, column, last, column],
    }
    if chart.kind == "pie":
        palette = styles.theme.light.categorical
        options["points"] = [{"fill": {"color": palette[index % len(palette)]}} for index in range(len(chart.x))]
    elif series.mark == "line" or chart.kind == "line":
        options["line"] = {"color": color, "width": 2, "dash_type": "dash" if series.dashed else "solid"}
    elif chart.kind == "scatter":
        options["marker"] = {"type": "circle", "size": 6, "fill": {"color": color}, "border": {"none": True}}
    else:
        options["fill"] = {"color": color}
        options["gap"] = 60
    return options


def _color(slot: str, *, styles: Styles) -> str:
    tokens = styles.theme.light
    if slot == "muted":
        return tokens.ink3
    if slot == "worse":
        return tokens.worse
    return tokens.categorical[(int(slot) - 1) % len(tokens.categorical)] if slot.isdigit() else tokens.accent


def _dress(drawn: Any, chart: Chart, *, styles: Styles) -> None:
    tokens = styles.theme.light
    text = {"name": "Arial", "size": 9, "color": tokens.ink2}
    rows = len(chart.x) if chart.horizontal else 12
    drawn.set_size({"width": 760, "height": max(360, 26 * rows)})
    drawn.set_title({"none": True})
    drawn.set_chartarea({"border": {"none": True}})
    legend = {"position": "top", "font": text} if len(chart.series) > 1 or chart.kind == "pie" else {"none": True}
    drawn.set_legend(legend)
    if chart.kind == "pie":
        return
    plain = {"num_font": text, "line": {"color": tokens.ink}, "major_tick_mark": "none"}
    drawn.set_x_axis({**plain, "reverse": False})
    grid = {"visible": True, "line": {"color": tokens.hair, "width": 0.75}}
    shape = _whole(chart)
    drawn.set_y_axis({"num_font": text, "line": {"none": True}, "major_gridlines": grid, "num_format": shape})
    if chart.horizontal:
        drawn.set_y_axis({**plain, "reverse": True})
        drawn.set_x_axis({"num_font": text, "line": {"none": True}, "major_gridlines": grid, "num_format": shape})

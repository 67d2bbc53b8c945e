"""One chart to one SVG: which kind is drawn how, and what is drawn when there is nothing to draw."""

from __future__ import annotations

from broadsheet.core.document.model import Chart
from broadsheet.core.theme import Tokens

from .canvas import Canvas
from .measure import shorten
from .pie import draw_pie
from .rows import draw_rows
from .scatter import draw_scatter
from .series import drawn
from .upright import draw_upright, tall

NARROWEST = 12.0  # em: below, no text would fit


def svg(
    chart: Chart,
    *,
    width: float,
    tokens: Tokens,
    text: float = 12.0,
    css: bool = False,
    interactive: bool = False,
    direction: str = "ltr",
    number_style: tuple[str, str] = (".", ","),
) -> str:
    """*chart* as an SVG *width* px wide (at least 12 em) with text of *text* px; the height follows from the kind.

    With *css* colours are custom properties (``var(--bs-accent, #025975)``: paper, ink, ink2, ink3, hair, tint, band,
    accent, worse, better, cat1 to cat6, seq1 to seq7). With *interactive* each point, bar or slice is a
    ``<g class="bs-pt" data-i="3" data-s="accepted" tabindex="-1">`` (0 for a series' first) with a ``<title>``, lines
    are ``<g class="bs-series" data-s>`` and their names ``<g class="bs-name" data-s>``. There are no ids, so any number
    of drawings may stand in one page. *direction* "rtl" turns horizontal bars round; time goes left to right.
    *number_style* is (decimal mark, grouping mark) for the value axis. Equal input gives equal text.
    """
    size = max(text, 1.0)
    mirror = direction == "rtl" and _lying(chart)
    canvas = Canvas(tokens, width=max(width, NARROWEST * size), size=size, css=css, mirror=mirror)
    series = drawn(chart)
    if not any(value is not None for one in series for value in one.values):
        _draw_nothing(canvas, chart)
    elif chart.kind == "pie":
        draw_pie(canvas, chart, series, interactive=interactive)
    elif chart.kind == "scatter":
        draw_scatter(canvas, chart, series, style=number_style, interactive=interactive)
    elif _lying(chart):
        draw_rows(canvas, chart, series, style=number_style, interactive=interactive)
    else:
        draw_upright(canvas, chart, series, style=number_style, interactive=interactive)
    return canvas.finished(
        label=chart.alt or chart.title or chart.name, name=chart.name, role="group" if interactive else "img"
    )


def _lying(chart: Chart) -> bool:
    return chart.horizontal and chart.kind in {"bar", "stacked_bar"}


def _draw_nothing(canvas: Canvas, chart: Chart) -> None:
    """A base line, and what the chart says about having no values."""
    canvas.height = min(tall(canvas, chart), canvas.size * 8)
    base = canvas.height - canvas.size * 0.5
    canvas.line((0, base), (canvas.width, base), "ink")
    canvas.text(0, canvas.height / 2, shorten(chart.empty or "—", canvas.width / canvas.size), color="ink2")

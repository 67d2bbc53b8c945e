"""The same report as plain HTML for print, as lean as it can be: charts as ready SVG, or drawn by Vega in the page."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import broadsheet.adapters.formats
from broadsheet.core.charts import svg
from broadsheet.core.document.model import Chart, Document, MetricRow, Table, Text
from broadsheet.core.theme import DEFAULT

from .vega import spec

FONTS = Path(broadsheet.adapters.formats.__file__).parent / "fonts"
FACES = (
    ("Source Sans 3", 400, "SourceSans3-Regular"),
    ("Source Sans 3", 600, "SourceSans3-Semibold"),
    ("Source Serif 4", 400, "SourceSerif4-Regular"),
    ("Source Serif 4", 600, "SourceSerif4-Semibold"),
)
PEERS = Path(__file__).parents[1] / "peers" / "node_modules"
SCRIPTS = ("vega/build/vega.min.js", "vega-lite/build/vega-lite.min.js")
DRAWN = """
window.drawn = Promise.all([...document.querySelectorAll("[data-spec]")].map(place => new vega.View(
  vega.parse(vegaLite.compile(JSON.parse(place.dataset.spec)).spec), {renderer: "svg", container: place}).runAsync()))
"""
CHART_WIDTH = 658.0  # px: 174 mm
STYLE = """
@page { size: A4; margin: 22mm 18mm 20mm; @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt "Source Sans 3" } }
body { margin: 0; font: 8.5pt/1.3 "Source Sans 3"; color: #1b1f22 }
h1, h2, .lead { font-family: "Source Serif 4" } h1 { font-size: 31pt; margin: 0 } h2 { font-size: 13pt; margin: 2mm 0 0 }
section { border-top: .75pt solid #1b1f22; margin-top: 6mm; break-inside: avoid } section.long { break-inside: auto }
.lead { font-size: 10.5pt } .metrics { display: grid; grid-template-columns: repeat(4, 1fr) } .value { font-size: 21pt }
table { border-collapse: collapse; width: 100% } thead { display: table-header-group } tr { break-inside: avoid }
th, td { text-align: right; padding: .8mm 0; border-bottom: .4pt solid #cbd0d3; font-weight: 400 } th:first-child, td:first-child { text-align: left }
.worse { color: #9a4522; font-weight: 600 } p { margin: 1mm 0 }
"""


def page(document: Document, *, vega: bool = False) -> str:
    """A whole HTML page of *document*; fonts are named by their files. With *vega* the page draws its own charts.

    ``window.drawn`` is then a promise that they are there.
    """
    faces = "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{(FONTS / name).as_uri()}.ttf") }}'
        for family, weight, name in FACES
    )
    facts = "".join(f"<p>{escape(name)}: {escape(value)}</p>" for name, value in document.facts)
    body = "".join(_block(block, vega) for block in document.blocks)
    if vega:
        body += "".join(f'<script src="{(PEERS / name).as_uri()}"></script>' for name in SCRIPTS)
        body += f"<script>{DRAWN}</script>"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(document.title)}</title>'
        f"<style>{faces}{STYLE}</style><p>{escape(document.confidentiality)}</p><h1>{escape(document.title)}</h1>"
        f"<p>{escape(document.subtitle)}</p>{facts}{body}</html>"
    )


def _block(block: object, vega: bool) -> str:
    match block:
        case Text():
            return "".join(f'<p class="lead">{escape("".join(s.text for s in p.spans))}</p>' for p in block.paragraphs)
        case MetricRow():
            cells = "".join(
                f'<div><b>{escape(m.label)}</b><div class="value">{escape(m.value)}</div>'
                f'<span class="worse">{escape(m.delta)}</span> {escape(m.versus)}<br>{escape(m.previous)}</div>'
                for m in block.metrics
            )
            return f'<section class="metrics">{cells}</section>'
        case Chart():
            if vega:
                drawn = f'<div data-spec="{escape(json.dumps(spec(block, CHART_WIDTH)))}"></div>'
            else:
                drawn = svg(block, width=CHART_WIDTH, tokens=DEFAULT.light, text=10.7)
            return f"<section><h2>{escape(block.title)}</h2><p>{escape(block.under)}</p>{drawn}</section>"
        case Table():
            return _table(block)
    return ""


def _table(block: Table) -> str:
    heads = "".join(f"<th>{escape(column.label)}</th>" for column in block.columns)
    rows = "".join(
        "<tr>"
        + "".join(f'<td class="{cell.tone}">{cell.mark} {escape(cell.text)}</td>' for cell in row.cells)
        + "</tr>"
        for row in block.rows
    )
    return (
        f'<section class="long"><h2>{escape(block.title)}</h2><p>{escape(block.under)}</p>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table><p>{escape(block.note)}</p></section>"
    )

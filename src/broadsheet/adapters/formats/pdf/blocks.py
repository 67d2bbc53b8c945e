"""Blocks as plain data: what stands in them, how wide, and which picture each shows."""

from __future__ import annotations

from dataclasses import dataclass, field

from broadsheet.core.charts import sparkline, svg
from broadsheet.core.charts.measure import em
from broadsheet.core.document.model import (
    Block,
    Chart,
    Columns,
    Document,
    Heading,
    Image,
    Metric,
    MetricRow,
    PageBreak,
    Table,
    Text,
)
from broadsheet.core.theme import Theme
from broadsheet.reports.ports import RenderError

from .headlines import lines_below, names_above
from .pictures import NotAPicture, as_svg
from .prose import clean, isolated, paragraphs
from .tables import table

GUTTER = 22.7  # pt, 8 mm between columns
METRIC_GUTTER = 11.3  # pt, 4 mm
MOST_ABREAST = 6
LEAST_ABREAST = 4  # fewer figures keep their places in a row of four
PX = 1.5  # px of a chart to a pt of the page: its 12 px are 8 pt
SPARK = (72.6, 19.8)  # pt
VALUE = 21.0  # pt, size of a headline figure

Data = dict[str, object]


@dataclass(slots=True)
class Drawing:
    """What blocks need to know while they are laid out, and the pictures that they leave behind."""

    document: Document
    theme: Theme
    pictures: dict[str, str] = field(default_factory=dict)
    level: int = 1
    tables: int = 0

    def keep(self, svg: str) -> str:
        """Put an SVG among the pictures; returns its name."""
        name = f"picture-{len(self.pictures)}"
        self.pictures[name] = svg
        return name


def blocks(found: tuple[Block, ...], width: float, *, drawing: Drawing, inside: bool = False) -> list[Data]:
    """*found* laid out *width* pt wide; *inside* columns, where pages cannot be broken."""
    laid = [_block(block, width, drawing) for block in found if not (inside and isinstance(block, PageBreak))]
    return [block for block in laid if block]


def _block(block: Block, width: float, drawing: Drawing) -> Data:
    match block:
        case Heading():
            drawing.level = level = min(max(block.level, 2), 3, drawing.level + 1)
            return {"kind": "heading", "title": clean(block.text), "under": clean(block.under), "level": level}
        case Text():
            return {"kind": "text", "role": block.role, "runs": paragraphs(block.paragraphs)}
        case MetricRow():
            return _metrics(block, width, drawing)
        case Chart():
            return _chart(block, width, drawing)
        case Table():
            drawing.tables += 1
            rtl = drawing.document.direction == "rtl"
            laid = table(block, width, name=named(block), mark=f"table-{drawing.tables}", rtl=rtl)
            return _opened(block, drawing) | {"kind": "table"} | laid
        case Image():
            return _image(block, width, drawing)
        case PageBreak():
            return {"kind": "break"}
        case Columns():
            return _columns(block, width, drawing)


def named(block: Block) -> str:
    """How a message calls *block*."""
    kind = type(block).__name__.lower()
    told = getattr(block, "title", "") or getattr(block, "name", "") or getattr(block, "alt", "")
    return f"The {kind} “{clean(told)}”" if told else f"A {kind} without a title"


def _opened(block: Chart | Table | MetricRow, drawing: Drawing) -> Data:
    title = clean(block.title)
    if title:
        drawing.level = 2
    return {"title": title, "under": clean(getattr(block, "under", "")), "note": clean(block.note), "level": 2}


def _chart(block: Chart, width: float, drawing: Drawing) -> Data:
    document = drawing.document
    drawn = svg(
        block,
        width=width * PX,
        tokens=drawing.theme.light,
        direction=document.direction,
        number_style=document.number_style,
    )
    alt = clean(block.alt) or clean(block.title) or clean(block.name) or "—"
    return _opened(block, drawing) | {
        "kind": "chart",
        "picture": drawing.keep(drawn),
        "alt": alt,
        "width": width,
    }


def _metrics(block: MetricRow, width: float, drawing: Drawing) -> Data:
    if not block.metrics:
        return {}
    abreast = min(max(len(block.metrics), LEAST_ABREAST), MOST_ABREAST)
    if len(block.metrics) > MOST_ABREAST:  # even rows rather than a full and a nearly empty one
        rows = -(-len(block.metrics) // MOST_ABREAST)
        abreast = -(-len(block.metrics) // rows)
    abreast = max(1, min(abreast, int((width + METRIC_GUTTER) // (SPARK[0] + METRIC_GUTTER))))
    each = (width - METRIC_GUTTER * (abreast - 1)) / abreast
    rtl = drawing.document.direction == "rtl"
    lines, line_size = lines_below(block.metrics, each, rtl=rtl)
    drawn = any(value is not None for metric in block.metrics for value in metric.sparkline)
    return _opened(block, drawing) | {
        "kind": "metrics",
        "each": each,
        "abreast": abreast,
        "drawn": drawn,
        **names_above(block.metrics, each),
        "line_size": line_size,
        "metrics": [
            _metric(metric, each, drawing) | {"lines": own} for metric, own in zip(block.metrics, lines, strict=True)
        ],
    }


def _metric(metric: Metric, room: float, drawing: Drawing) -> Data:
    shown = isolated if drawing.document.direction == "rtl" else str
    value = clean(metric.value)
    wide = em(value) * VALUE
    kept = ""
    if any(number is not None for number in metric.sparkline):
        drawn = sparkline(metric.sparkline, width=SPARK[0] * PX, height=SPARK[1] * PX, tokens=drawing.theme.light)
        kept = drawing.keep(drawn)
    return {
        "label": clean(metric.label),
        "value": shown(value),
        "size": VALUE if wide <= room else max(9.0, 0.98 * VALUE * room / wide),
        "picture": kept,
    }


def _image(block: Image, width: float, drawing: Drawing) -> Data:
    share = min(max(block.width, 0.05), 1.0)
    return {
        "kind": "image",
        "picture": picture(drawing, block.data, what=named(block)),
        "alt": clean(block.alt) or clean(block.caption) or "—",
        "caption": clean(block.caption),
        "width": width * share,
    }


def picture(drawing: Drawing, data: bytes, *, what: str) -> str:
    """Keep PNG, JPEG, GIF or SVG bytes; returns the picture's name. Raises RenderError for anything else."""
    try:
        return drawing.keep(as_svg(data))
    except NotAPicture as error:
        raise RenderError(
            f"{what} cannot be drawn in a PDF: it is {error} ({len(data):,} bytes). Replace it."
        ) from error


def _columns(block: Columns, width: float, drawing: Drawing) -> Data:
    if not block.columns:
        return {}
    given = [max(weight, 0.0) for weight in block.weights[: len(block.columns)]]
    given += [1.0] * (len(block.columns) - len(given))
    total = sum(given) or 1.0
    room = width - GUTTER * (len(given) - 1)
    widths = [max(room * weight / total, 40.0) for weight in given]
    level = drawing.level
    cells = []
    for column, each in zip(block.columns, widths, strict=True):
        drawing.level = level
        cells.append(blocks(column, each, drawing=drawing, inside=True))
    return {"kind": "columns", "widths": widths, "columns": cells}

"""Tables as plain data: widths that fit, heights known beforehand, cells that say no more than they must.

Widths and heights are worked out here because typst is several times quicker with a fixed geometry. A row whose texts
all fit one line gets a fixed height; the others are measured by typst.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from broadsheet.core.charts.measure import em
from broadsheet.core.document.model import Cell, Row, Table, TableColumn
from broadsheet.reports.ports import RenderError

from . import heat
from .prose import breakable, clean, isolated

GAP = 9.0  # pt between columns
BAR, SHORT_BAR = 38.0, 14.0  # pt, an in-cell bar at its longest, where there is room and where there is not
SIZES = (8.5, 8.0, 7.5, 7.0, 6.5, 6.0)  # pt: the first at which the columns fit
LINE, DENSE = 1.8, 1.58  # row height in em of the text: with a rule under each row, and in lists ruled now and then
LONG = 12  # rows from which a table is likely to go on over the page
LOOKED_AT = 3000  # rows measured for widths
SHORTEST = 42.0  # pt that a column of words may be narrowed to
ROOMY = 26.0  # pt by which a figure column may be wider than its figures
MOST_COLUMNS = 40
UNIT = re.compile(r" (?=\S{1,2}$)")

Data = dict[str, object]


@dataclass(frozen=True, slots=True)
class Geometry:
    size: float
    widths: list[float]
    gap: float = GAP


def table(block: Table, width: float, *, name: str, mark: str, rtl: bool = False) -> Data:
    """*block* laid out *width* pt wide; *mark* is unique in the document. Raises RenderError when it has more columns than a page can hold."""
    if len(block.columns) > MOST_COLUMNS:
        raise RenderError(
            f"{name} has {len(block.columns)} columns; a page holds {MOST_COLUMNS}. Leave some out, or send it as XLSX."
        )
    if not block.columns:
        return {"columns": 0, "empty": clean(block.empty)}
    hot = heat.shaded(block)
    geometry = _heat_geometry(block, width, hot) if any(hot) else _geometry(block, width)
    size, widths = geometry.size, geometry.widths
    return {
        "columns": len(block.columns),
        "mark": mark,
        "size": size,
        "gap": geometry.gap,
        "widths": widths,
        "aligned": [
            "center" if shaded else "end" if _ends(column) else "start"
            for column, shaded in zip(block.columns, hot, strict=True)
        ],
        "bars": [column.bar for column in block.columns],
        "groups": _groups(block),
        "heads": [breakable(head(column), widths[at], size) for at, column in enumerate(block.columns)],
        "continued": _continued(block, widths[0], size),
        "height": round(
            size * (LINE if 2 * sum(row.rule_after for row in block.rows) >= len(block.rows) else DENSE), 2
        ),
        "rows": [_row(row, block.columns, geometry, rtl=rtl) for row in block.rows],
        "empty": "" if block.rows else clean(block.empty) or "—",
    }


def head(column: TableColumn) -> str:
    """What stands over a column; its unit stays with the word before it."""
    return UNIT.sub("\u00a0", clean(column.label))


def _ends(column: TableColumn) -> bool:
    return column.align == "end" and not column.bar


def _geometry(block: Table, width: float) -> Geometry:
    """Text size and widths: figures as wide as they are, words share the rest by their weights."""
    natural = [_natural(block, at) for at in range(len(block.columns))]
    if len(block.rows) > LONG:
        natural[0] = max(natural[0], em(_both(block)))
    gaps = GAP * (len(natural) - 1)
    _make_room_for_groups(block, natural)
    narrow = [_narrow(block, at) for at in range(len(block.columns))]
    _make_room_for_groups(block, narrow)
    fixed = [column.bar or _ends(column) for column in block.columns]
    for size in SIZES:
        wanted = [BAR if column.bar else em_ * size for column, em_ in zip(block.columns, natural, strict=True)]
        least = [
            SHORT_BAR if column.bar else min(want, low * size) if keep else min(want, SHORTEST)
            for want, low, keep, column in zip(wanted, narrow, fixed, block.columns, strict=True)
        ]
        if sum(least) + gaps <= width:
            break
    room = width - gaps
    if sum(wanted) <= room:
        return Geometry(size, _widened(block.columns, wanted, fixed, room))
    if sum(least) <= room:
        return Geometry(size, _narrowed(wanted, least, fixed, room))
    scale = max(room, 1.0) / sum(least)
    return Geometry(size, [each * scale for each in least])


def _heat_geometry(block: Table, width: float, hot: list[bool]) -> Geometry:
    """Cells that touch, at the first size at which they fit."""
    natural = [_natural(block, at) for at in range(len(block.columns))]
    for size in SIZES:
        widths = heat.least(natural, hot, size)
        if sum(widths) <= width:
            break
    return Geometry(size, heat.spread(widths, hot, width), gap=0.0)


def _make_room_for_groups(block: Table, natural: list[float]) -> None:
    """Widen the last column of a group whose name is wider than its columns."""
    at = 0
    for name, count in _groups(block):
        if name and isinstance(count, int):
            columns = sum(natural[at : at + count]) + (count - 1) * GAP / SIZES[0]
            natural[at + count - 1] += max(0.0, em(str(name), True) + 0.4 - columns)
        at += count if isinstance(count, int) else 0


def _natural(block: Table, at: int) -> float:
    """Width in em that column *at* wants: its widest text, and its head, in one line each."""
    return max(_widest(block, at), em(head(block.columns[at])) * 0.96) + 0.05


def _narrow(block: Table, at: int) -> float:
    """Width in em that a column of figures needs, its head broken between words."""
    words = head(block.columns[at]).split(" ")
    return max(_widest(block, at), *(em(word) for word in words)) + 0.05


def _widest(block: Table, at: int) -> float:
    texts = (row.cells[at] for row in block.rows[:LOOKED_AT] if at < len(row.cells))
    return max((_cell_em(cell) for cell in texts), default=1.0)


def _cell_em(cell: Cell) -> float:
    marked = 1.1 if cell.mark == "▼" else 0.0
    return em(cell.text, cell.tone == "worse") * (1.0 if cell.tone == "worse" else 1.04) + marked


def _widened(columns: tuple[TableColumn, ...], wanted: list[float], fixed: list[bool], room: float) -> list[float]:
    """Room to spare: figure columns take a little air, columns of words the rest."""
    spare = room - sum(wanted)
    words = [at for at, keep in enumerate(fixed) if not keep]
    figures = [at for at, column in enumerate(columns) if _ends(column)]
    widths = list(wanted)
    if figures:
        air = min(ROOMY, spare * (0.6 if words else 1.0) / len(figures)) if words else spare / len(figures)
        for at in figures:
            widths[at] += air
        spare -= air * len(figures)
    taking = words or ([] if figures else list(range(len(columns))))
    total = sum(max(columns[at].weight, 0.0) for at in taking) or 1.0
    for at in taking:
        widths[at] += spare * (max(columns[at].weight, 0.0) or (1.0 if total == 1.0 else 0.0)) / total
    return widths


def _narrowed(wanted: list[float], least: list[float], fixed: list[bool], room: float) -> list[float]:
    """Too little room: columns give way by how much more than the least they want; those of words come last.

    A head over figures is broken more readily than a name.
    """
    widths = list(wanted)
    for figures in (True, False):
        over = sum(widths) - room
        give = [want - low if keep == figures else 0.0 for want, low, keep in zip(wanted, least, fixed, strict=True)]
        share = min(1.0, over / (sum(give) or 1.0))
        widths = [width - share * part for width, part in zip(widths, give, strict=True)]
    return widths


def _groups(block: Table) -> list[list[object]]:
    """Neighbouring columns of one group: [name, how many]; none at all when no column has a group."""
    groups: list[list[object]] = []
    for column in block.columns:
        name = clean(column.group)
        if groups and groups[-1][0] == name and isinstance(groups[-1][1], int):
            groups[-1][1] += 1
        else:
            groups.append([name, 1])
    return groups if any(name for name, _ in groups) else []


def _continued(block: Table, room: float, size: float) -> str:
    """The first head after a page break: with “continued” where that fits on its line."""
    first, word, told = clean(block.columns[0].label), clean(block.continued), _both(block)
    if em(told) * size <= room + (0 if len(block.columns) == 1 else GAP * 0.8):
        return told
    return word if em(word) * size <= room + GAP * 0.8 else first


def _both(block: Table) -> str:
    return ", ".join(part for part in (clean(block.columns[0].label), clean(block.continued)) if part)


def _row(row: Row, columns: tuple[TableColumn, ...], geometry: Geometry, *, rtl: bool) -> list[object]:
    """[cells, one line?, rule after: "", "hair" or "ink", bold?, quiet?]"""
    total = row.kind == "total"
    cells, one_line = [], True
    for at in range(len(columns)):
        cell = row.cells[at] if at < len(row.cells) else Cell("")
        text = clean(cell.text)
        bold = total or cell.tone == "worse"
        fits = (em(text, bold) + (1.1 if cell.mark == "▼" else 0.0)) * geometry.size <= geometry.widths[at] + 0.5
        one_line = one_line and fits
        if not fits:
            text = breakable(text, geometry.widths[at], geometry.size)
        if rtl:
            text = isolated(text)
        cells.append(_cell(cell, text, bar=columns[at].bar and not total, room=geometry.widths[at]))
    ruled = row.rule_after and not any(cell.heat is not None for cell in row.cells)
    return [cells, one_line, ruled, total, row.quiet]


def _cell(cell: Cell, text: str, *, bar: bool, room: float) -> object:
    """The text alone where there is nothing more to say; else [text, tone, mark, length of a bar in pt, step of shade]."""
    length = 0.0
    if bar and cell.share is not None and cell.share == cell.share:
        length = round(min(max(cell.share, 0.0), 1.0) * min(room, BAR * 2), 2)
    if not (cell.tone or cell.mark or length or cell.heat is not None):
        return text
    return [text, cell.tone, cell.mark, length, cell.heat]

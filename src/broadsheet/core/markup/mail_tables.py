"""The first rows of a table as they stand in a mail: five columns, the head a real head."""

from __future__ import annotations

from broadsheet.core.document.model import Cell, Row, Table, TableColumn

from .mail_body import in_html
from .mail_letter import Excerpt, Letter
from .mail_style import SANS, SERIF, TONES, font, toned
from .syllables import softened
from .tables import WARNING, group_to_say, kept, step
from .words import word
from .writer import Html, join, tag


def excerpt(shown: Excerpt, letter: Letter) -> Html:
    """Title, line, rows, and what is left out."""
    tokens, block = letter.theme.light, shown.table
    ruled = f"margin:0;font-weight:bold;border-top:1px solid {tokens.hair};padding-top:14px;"
    parts = [tag("h2", in_html(block.title), class_="ink rule", style=font(SERIF, 20, 26, tokens.ink, ruled))]
    if block.under:
        style = font(SANS, 14, 20, tokens.ink2, "margin:3px 0 0;")
        parts.append(tag("p", in_html(block.under), class_="ink2", style=style))
    ats = columns_of(block)
    head = tag("tr", *(_head(block, at, letter) for at in ats))
    rows = [_row(row, block, ats, letter) for row in shown.rows]
    parts.append(
        tag(
            "table",
            head,
            *rows,
            width="100%",
            cellpadding="0",
            cellspacing="0",
            border="0",
            class_="data",
            style="margin-top:10px;border-collapse:collapse;",
        )
    )
    for line in notes(shown, letter):
        style = font(SANS, 13, 20, tokens.ink2, "margin:8px 0 0;")
        parts.append(tag("p", in_html(line), class_="ink2", style=style))
    return join(*parts)


def columns_of(block: Table) -> list[int]:
    """Positions of the columns that a mail has room for, in order; bars are left out."""
    return [at for at in sorted(kept(block)) if not block.columns[at].bar]


def notes(shown: Excerpt, letter: Letter) -> list[str]:
    """The table's note, and how many rows are not here; the note counts those that the report itself leaves out."""
    cut = shown.left_out > shown.table.dropped
    said = word(letter.document, "left_out").format(count=shown.left_out) if cut else ""
    note = "" if cut and shown.table.dropped else shown.table.note
    return [line for line in (note, said) if line]


def _side(column: TableColumn, letter: Letter) -> str:
    turned = letter.document.direction == "rtl"
    return "right" if (column.align == "end") != turned else "left"


def _head(block: Table, at: int, letter: Letter) -> Html:
    tokens = letter.theme.light
    padding = "padding:6px 0 5px 10px;" if at else "padding:6px 0 5px;"
    style = font(
        SANS,
        13,
        18,
        tokens.ink2,
        f"{padding}font-weight:normal;vertical-align:bottom;border-bottom:1px solid {tokens.ink};",
    )
    shades = any(at < len(row.cells) and row.cells[at].heat is not None for row in block.rows)
    side = "center" if shades else _side(block.columns[at], letter)
    group = group_to_say(block, at)
    said = join(in_html(softened(group)), Html("<br>")) if group else Html("")
    label = in_html(softened(block.columns[at].label))
    classes = "ink2 strong next" if at else "ink2 strong"
    return tag("th", said, label, scope="col", align=side, class_=classes, style=style)


def shades_shown(letter: Letter) -> bool:
    """Whether any figure of the mail stands on a shade."""
    cells = (cell for shown in letter.tables for row in shown.rows for cell in row.cells)
    return any(cell.heat is not None for cell in cells)


def _row(row: Row, block: Table, ats: list[int], letter: Letter) -> Html:
    return tag("tr", *(_cell(row, block.columns[at], at, letter) for at in ats if at < len(row.cells)))


def _cell(row: Row, column: TableColumn, at: int, letter: Letter) -> Html:
    tokens, cell = letter.theme.light, row.cells[at]
    total = row.kind == "total"
    if cell.heat is not None:
        return _shade(cell, step(cell.heat), letter)
    rule = (
        f"border-top:1px solid {tokens.ink};font-weight:bold;" if total else f"border-bottom:1px solid {tokens.hair};"
    )
    padding = "padding:6px 0 6px 10px;" if at else "padding:6px 0;"
    nowrap = "white-space:nowrap;" if column.align == "end" else ""
    quiet = "ink3" if row.quiet else "ink"
    style = font(
        SANS, 14, 19, getattr(tokens, quiet), f"{padding}{rule}{nowrap}font-weight:{'bold' if total else 'normal'};"
    )
    classes = f"{quiet} {'strong' if total else 'rule'}"
    name, scope = ("th", "row") if at == 0 else ("td", None)
    return tag(name, _text(cell, letter), scope=scope, align=_side(column, letter), class_=classes, style=style)


def _shade(cell: Cell, number: int, letter: Letter) -> Html:
    """A figure on its step of the sequential colours; its class turns both in the dark."""
    tokens = letter.theme.light
    ground, on = tokens.sequential[number - 1], tokens.on_sequential[number - 1]
    seam = f"padding:6px 4px;border:1px solid {tokens.paper};background-color:{ground};white-space:nowrap;"
    style = font(SANS, 14, 19, on, seam)
    figure = tag("span", in_html(cell.text), dir="auto") if letter.document.direction == "rtl" else in_html(cell.text)
    return tag("td", figure, bgcolor=ground, align="center", class_=f"heat{number} seam", style=style)


def _text(cell: Cell, letter: Letter) -> Html:
    figure = toned(cell.text, cell.tone, letter.theme.light) if cell.tone in TONES else in_html(cell.text)
    if letter.document.direction == "rtl":
        figure = tag("span", figure, dir="auto")
    if not cell.mark:
        return figure
    mark = toned(cell.mark, cell.tone, letter.theme.light)
    return join(mark, Html("&nbsp;"), figure) if cell.mark == WARNING else join(figure, mark)

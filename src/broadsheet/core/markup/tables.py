"""Tables: real heads, a scrolling region, five columns on a phone, and figures that a machine can sort."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from broadsheet.core.document.model import Cell, Row, Table, TableColumn
from broadsheet.core.document.tables import Value

from .context import Page
from .prose import TONES
from .writer import Html, join, tag

ON_A_PHONE = 5  # columns
SHADED_ON_A_PHONE = 10  # columns of a table of shades, whose figures are short
SHORT = 6  # characters
FILTER_FROM = 13  # rows; fewer are seen at a glance
WARNING = "▼"  # hangs before the figure; every other mark follows it
STEPS = 7  # shades
NUMBERS = (int, float, Decimal)


def table(block: Table, page: Page) -> Html:
    """A table under its title; without rows, the sentence that says so."""
    name = page.name(block.title or block.name)
    under = tag("p", block.under) if block.under else ""
    head = tag("header", tag("h2", block.title, id=name), under, class_="bs-op") if block.title else ""
    if block.title:
        page.outline.append((name, block.title))
    if not any(row.kind == "row" for row in block.rows):
        body: str = tag("p", block.empty or page.word("no_rows"), class_="bs-empty")
    else:
        body = join(_tools(block, page), _region(block, page, named_by=name if block.title else ""))
    note = tag("p", block.note, class_="bs-note") if block.note else ""
    return tag("section", head, body, note, class_=f"bs-block bs-table {_breadth(block)}")


def kept(block: Table) -> frozenset[int]:
    """Positions of the columns that stay on a phone.

    The first; those with trouble in them; what stands before these in their group, which a change or rate is about;
    then from the start, no head twice. A table of shades stays whole while it can, else keeps its last columns.
    """
    count = len(block.columns)
    if count <= ON_A_PHONE:
        return frozenset(range(count))
    if shaded(block):
        return _kept_of_shades(block)
    troubled = [at for at in range(1, count) if any(_troubled(row, at) for row in block.rows)]
    about = [at - 1 for at in troubled if at > 1 and block.columns[at].group == block.columns[at - 1].group]
    heads = [column.label for column in block.columns]
    plain = [at for at in range(1, count) if not block.columns[at].bar]
    fresh = [at for at in plain if heads.index(heads[at]) == at]
    return frozenset(list(dict.fromkeys([0, *troubled, *about, *fresh, *plain]))[:ON_A_PHONE])


def shaded(block: Table) -> bool:
    """Whether figures of the table stand on steps of the sequential colours."""
    return any(cell.heat is not None for row in block.rows for cell in row.cells)


def _kept_of_shades(block: Table) -> frozenset[int]:
    count = len(block.columns)
    longest = max(len(cell.text) for row in block.rows for cell in row.cells[1:])
    if count <= SHADED_ON_A_PHONE and longest <= SHORT:
        return frozenset(range(count))
    return frozenset([0, *range(count - ON_A_PHONE + 1, count)])


def group_to_say(block: Table, at: int) -> str:
    """The group that has to stand in a column's own head where the row of groups is left out; mostly empty."""
    column = block.columns[at]
    same = sum(other.label == column.label for other in block.columns)
    return column.group if same > 1 else ""


def _troubled(row: Row, at: int) -> bool:
    return at < len(row.cells) and (row.cells[at].tone == "worse" or bool(row.cells[at].mark))


def _breadth(block: Table) -> str:
    count = len(block.columns)
    return ("bs-few" if count <= 4 else "bs-some" if count <= 8 else "bs-many") + (" bs-heat" if shaded(block) else "")


def _tools(block: Table, page: Page) -> Html:
    """What only works with the script: hidden until it runs."""
    if not page.interactive:
        return Html("")
    rows = sum(row.kind == "row" for row in block.rows)
    filtering, widening = Html(""), Html("")
    if rows >= FILTER_FROM:
        count = tag("output", class_="bs-count", aria_live="polite")
        field = tag("input", type="search", autocomplete="off", spellcheck="false", data_bs="filter")
        label = tag("label", tag("span", page.word("filter_rows")), field)
        filtering = tag("div", label, count, class_="bs-filter", hidden=True)
    if len(kept(block)) < len(block.columns):
        words = f"{page.word('all_columns')} ({len(block.columns)})"
        widening = tag("button", words, type="button", class_="bs-widen", data_bs="widen", aria_pressed="false")
        widening = tag("div", widening, class_="bs-narrow-only", hidden=True)
    return join(filtering, widening)


def _region(block: Table, page: Page, *, named_by: str) -> Html:
    stays = kept(block)
    grid = tag("table", _head(block, stays), _body(block, stays, page), class_="bs-data")
    label = {"aria_labelledby": named_by} if named_by else {"aria_label": block.name}
    return tag("div", grid, class_="bs-region", role="region", tabindex="0", **label)


def _classes(column: TableColumn, at: int, stays: frozenset[int], *more: str) -> str | None:
    names = [
        "bs-end" if column.align == "end" and not column.bar else "",
        "bs-bar" if column.bar else "",
        "" if at in stays else "bs-wide",
        *more,
    ]
    return " ".join(name for name in names if name) or None


def _head(block: Table, stays: frozenset[int]) -> Html:
    groups = Html("")
    if any(column.group for column in block.columns):
        runs = [(label, list(members)) for label, members in groupby(block.columns, key=lambda column: column.group)]
        groups = tag("tr", *(_group(label, len(members)) for label, members in runs), class_="bs-groups")
    cells = [
        tag("th", _said(block, at), column.label, scope="col", class_=_classes(column, at, stays, *_opens(block, at)))
        if column.label
        else tag("td", class_=_classes(column, at, stays))
        for at, column in enumerate(block.columns)
    ]
    return tag("thead", groups, tag("tr", *cells, class_="bs-heads"))


def _said(block: Table, at: int) -> Html:
    group = group_to_say(block, at)
    return tag("span", group, " ", class_="bs-said") if group else Html("")


def _opens(block: Table, at: int) -> list[str]:
    """A column that opens a group stands a little further from its neighbour."""
    group = block.columns[at].group
    return ["bs-opens"] if at and group and block.columns[at - 1].group != group else []


def _group(label: str, count: int) -> Html:
    span = count if count > 1 else None
    if not label:
        return tag("td", colspan=span)
    return tag("th", tag("span", label), scope="colgroup", colspan=span)


def _body(block: Table, stays: frozenset[int], page: Page) -> Html:
    rows = tag("tbody", *(_row(row, block, stays, page) for row in block.rows if row.kind != "total"))
    totals = [_row(row, block, stays, page) for row in block.rows if row.kind == "total"]
    return join(rows, tag("tfoot", *totals) if totals else "")


def _row(row: Row, block: Table, stays: frozenset[int], page: Page) -> Html:
    quiet = "bs-quiet" if row.quiet else ""
    ruled = "" if row.rule_after or row.kind == "total" else "bs-unruled"
    cells = [
        _cell(cell, column, at, stays, page)
        for at, (cell, column) in enumerate(zip(row.cells, block.columns, strict=False))
    ]
    return tag("tr", *cells, class_=" ".join(filter(None, (quiet, ruled))) or None)


def _cell(cell: Cell, column: TableColumn, at: int, stays: frozenset[int], page: Page) -> Html:
    tone = f"bs-{cell.tone}" if cell.tone in TONES else ""
    if cell.heat is not None:
        tone = f"bs-shade bs-heat{step(cell.heat)}"
    sort = sort_key(cell.value) if page.interactive else None
    if column.bar:
        return tag("td", _bar(cell.share), class_=_classes(column, at, stays), data_v=sort)
    figure = tag("bdi", cell.text) if page.direction == "rtl" else join(cell.text)
    words = join(figure, _mark(cell, page)) if cell.mark and cell.mark != WARNING else join(_mark(cell, page), figure)
    if at == 0:
        return tag("th", words, scope="row", class_=_classes(column, at, stays, tone), data_v=sort)
    return tag("td", words, class_=_classes(column, at, stays, tone), data_v=sort)


def step(heat: int) -> int:
    """The number of a shade, 1 to 7, as the theme's custom properties count them."""
    return min(max(heat, 0), STEPS - 1) + 1


def _mark(cell: Cell, page: Page) -> Html:
    if not cell.mark:
        return Html("")
    if cell.mark == WARNING:
        return tag("span", cell.mark, class_="bs-mark", aria_label=page.word("attention"), role="img")
    return tag("span", cell.mark, class_="bs-dagger")


def _bar(share: float | None) -> Html:
    if share is None:
        return Html("")
    width = f"{100 * min(1.0, max(0.0, share)):.1f}%"
    return tag("svg", tag("rect", width=width, height="7"), width="100%", height="7", aria_hidden="true")


def sort_key(value: Value) -> str | None:
    """What the script sorts by: a plain number or ISO text; None for texts, which it compares as they are shown."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, NUMBERS):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else None

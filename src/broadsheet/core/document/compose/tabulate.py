"""Tables: columns of values, changes, shares and bars, with conditional formats, totals and limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from broadsheet.core.document.definition.blocks import ColumnSpec, Few, Rule, TableBlock
from broadsheet.core.document.model import Cell, FormatHint, Row, Table, TableColumn
from broadsheet.core.document.tables import Column, DataTable, Value

from .asking import PREVIOUS, TOTAL
from .axis import axis_of
from .figures import absent, cell, change, hint_of, is_zero, unit_of
from .lacking import empty_text
from .making import MISSING, Making, column_of, number_of

Record = tuple[Value, ...]
WORDS = ("text", "date", "instant", "flag")
MARKS = {"worse": "▼", "better": "", "faint": ""}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One column: its head, as it was written, and where its figures come from."""

    head: TableColumn
    spec: ColumnSpec
    source: Column
    place: int


@dataclass(slots=True)
class Sheet:
    """What the cells of one table are made from. ``before`` finds the earlier row of a record by its groups."""

    making: Making
    block: TableBlock
    table: DataTable
    groups: int
    earlier: DataTable | None
    before: Mapping[Record, Record]
    sums: dict[str, float]
    largest: dict[str, float]
    few_seen: bool = False

    def value(self, record: Record | None, name: str) -> Value:
        return None if record is None else record[self.table.position(name)]


def table_block(making: Making, block: TableBlock) -> Table | None:
    """The table; None if its data could not be fetched."""
    table = making.table(block.table)
    if table is None:
        return None
    sheet = _sheet(making, block, table)
    records = _ordered(table, block.order) if block.order else _filled(sheet)
    shown = records if block.limit is None else records[: block.limit]
    columns = [_column(sheet, spec) for spec in block.columns]
    rows = [_row(sheet, record, columns) for record in shown]
    if block.rules_between == "weeks" and rows:
        rows[-1] = replace(rows[-1], rule_after=True)
    if block.total and shown:
        rows += _total(sheet, columns)
    dropped = len(records) - len(shown)
    return Table(
        name=making.named(block.name or block.table),
        title=making.title(block.title),
        columns=tuple(column.head for column in columns),
        rows=tuple(rows),
        under=making.told(block.under),
        note=_note(sheet, dropped=dropped),
        continued=making.words["continued"],
        dropped=dropped,
        empty="" if rows else empty_text(making, block.table, block.empty),
    )


def _sheet(making: Making, block: TableBlock, table: DataTable) -> Sheet:
    groups = len(making.request(block.table).by)
    needed = any(spec.show in ("change", "difference", "previous") for spec in block.columns) or block.few
    earlier = making.before(block.table) if needed else None
    before = {row[:groups]: row for row in earlier.rows} if earlier is not None else {}
    sums, largest = {}, {}
    for spec in block.columns:
        if spec.show in ("share", "bar"):
            numbers = [number_of(value) or 0.0 for value in table.values(spec.column)]
            sums[spec.column], largest[spec.column] = sum(numbers), max(numbers, default=0.0)
    return Sheet(making, block, table, groups, earlier, before, sums, largest)


def _ordered(table: DataTable, order: Sequence[str]) -> list[Record]:
    """Rows by *order*, the last key first; what is missing comes last either way."""
    rows = list(table.rows)
    for name in reversed(order):
        place = table.position(name.removeprefix("-"))
        there = [row for row in rows if row[place] is not None]
        there.sort(key=lambda row: row[place], reverse=name.startswith("-"))  # type: ignore[arg-type, return-value]
        rows = there + [row for row in rows if row[place] is None]
    return rows


def _filled(sheet: Sheet) -> list[Record]:
    """The rows as they came; a table by a single stretch of time has every one of its period, without gaps."""
    making, table, request = sheet.making, sheet.table, sheet.making.request(sheet.block.table)
    first = table.columns[0]
    if sheet.groups != 1 or not first.grain or request.order or request.limit or not table.rows:
        return list(table.rows)
    axis = axis_of(making, first, table.values(first.name), period=making.period(sheet.block.table))
    found = {row[0]: row for row in table.rows}
    nothing = tuple(0 if is_zero(column, table) else None for column in table.columns[1:])
    return [found.get(key) or (key, *nothing) for key in axis.keys]


def _column(sheet: Sheet, spec: ColumnSpec) -> Drawn:
    making, source = sheet.making, column_of(sheet.table, spec.column)
    hint = _hint(sheet, spec, source)
    words = source.kind in WORDS or source.grain is not None
    label = _label(sheet, spec, source, hint)
    return Drawn(
        TableColumn(
            name=spec.column if spec.show == "value" else f"{spec.column}_{spec.show}",
            label=label,
            hint=hint,
            align="start" if words else "end",
            group=making.text(spec.group),
            bar=spec.show == "bar",
            weight=spec.weight or (3.0 if source.kind == "text" else 1.6 if words else 1.0),
        ),
        spec,
        replace(source, kind="percent") if spec.show == "share" else source,
        sheet.table.position(spec.column),
    )


def _hint(sheet: Sheet, spec: ColumnSpec, source: Column) -> FormatHint:
    if source.grain:
        return FormatHint("text" if source.kind == "integer" or source.names else source.kind)
    scale = "" if spec.scale == "none" else spec.scale
    hint = hint_of(sheet.making, source, decimals=spec.decimals, scale=scale)
    match spec.show:
        case "share":
            return FormatHint("percent", 1 if spec.decimals is None else spec.decimals)
        case "change":
            kind = "number" if source.kind == "percent" else "percent"
            return FormatHint(kind, 1, unit="pt" if kind == "number" else "", signed=True)
        case "difference":
            return replace(hint, signed=True)
        case _:
            return hint


def _label(sheet: Sheet, spec: ColumnSpec, source: Column, hint: FormatHint) -> str:
    making = sheet.making
    if spec.show == "bar":
        return making.text(spec.label or "")
    default = source.label
    if spec.show in ("change", "difference"):
        default = making.versus(sheet.block.table)[1]
    elif spec.show == "previous":
        default = making.versus(sheet.block.table)[0]
    label = making.translate(default) if spec.label is None else making.text(spec.label)
    points = making.words["points"] if spec.show == "change" and source.kind == "percent" else ""
    unit = points or ("" if spec.show == "difference" and hint.kind != "percent" else unit_of(making, hint))
    return label if not unit or label.endswith(unit) else f"{label} {unit}".strip()


def _row(sheet: Sheet, record: Record, columns: Sequence[Drawn]) -> Row:
    before = sheet.before.get(record[: sheet.groups])
    cells = tuple(_cell(sheet, column, record, before) for column in columns)
    day = next((value for value in record[: sheet.groups] if isinstance(value, date)), None)
    weekend = day is not None and day.weekday() >= 5
    return Row(
        cells,
        rule_after=sheet.block.rules_between == "rows" or (day is not None and day.weekday() == 6),
        quiet=weekend and sheet.block.quiet == "weekends",
    )


def _cell(sheet: Sheet, column: Drawn, record: Record, before: Record | None) -> Cell:
    spec, now = column.spec, record[column.place]
    earlier = _earlier(sheet, column, before)
    match spec.show:
        case "value":
            return _plain(sheet, column, now)
        case "bar":
            number, largest = number_of(now), sheet.largest[spec.column]
            return Cell("", now, share=max(0.0, (number or 0.0) / largest) if largest > 0 else 0.0)
        case "share":
            total = sheet.sums[spec.column]
            return _plain(sheet, column, (number_of(now) or 0.0) / total if total else None)
        case "change":
            return _changed(sheet, column, record, before)
        case "difference":
            new, old = number_of(now), number_of(earlier)
            return _plain(sheet, column, None if new is None or old is None else new - old)
        case "previous":
            return _plain(sheet, column, earlier if before is not None else None)


def _plain(sheet: Sheet, column: Drawn, value: Value) -> Cell:
    text = cell(sheet.making, column.head.hint, column.source, value)
    if not column.spec.rules:
        return Cell(text, value)
    tone = tone_by(column.spec.rules, number_of(value))
    return Cell(text, value, tone, MARKS.get(tone, ""))


def _earlier(sheet: Sheet, column: Drawn, before: Record | None) -> Value:
    """Its figure then. What was not there before is new, unless it may only be left out."""
    return before[column.place] if before is not None else absent(column.source, sheet.earlier)


def _changed(sheet: Sheet, column: Drawn, record: Record, before: Record | None) -> Cell:
    source = column.source
    moved = change(sheet.making, source, record[column.place], _earlier(sheet, column, before), in_head=True)
    value = None if moved.value is None else moved.value * (100 if source.kind == "percent" else 1)
    if not moved.text:
        return Cell(MISSING, None)
    if is_few(sheet.block.few, _cases(sheet, record), _cases(sheet, before)):
        sheet.few_seen = True
        return Cell(moved.text, value, "faint", "†")
    return Cell(moved.text, value, tone_by(column.spec.rules, moved.value))


def _cases(sheet: Sheet, record: Record | None) -> float:
    few = sheet.block.few
    return (number_of(sheet.value(record, few.metric)) or 0.0) if few else 0.0


def is_few(few: Few | None, *cases: float) -> bool:
    """Whether a change rests on too few cases, now or before."""
    return few is not None and min(cases) < few.under


def tone_by(rules: Sequence[Rule], value: float | None) -> str:
    """The tone of the first rule that holds."""
    if value is None:
        return ""
    for rule in rules:
        if (rule.under is not None and value < rule.under) or (rule.over is not None and value > rule.over):
            return rule.tone
    return ""


def _total(sheet: Sheet, columns: Sequence[Drawn]) -> list[Row]:
    """The total row, from the dataset's own answer without groups; nothing if that failed."""
    making, name = sheet.making, sheet.block.table
    whole = making.table(f"{name}.{TOTAL}")
    if whole is None or not whole.rows:
        return []
    earlier = making.table(f"{name}.{TOTAL}.{PREVIOUS}") if making.request(name).compare else None
    groups: Record = (None,) * sheet.groups
    record = groups + whole.rows[0]
    before = groups + earlier.rows[0] if earlier is not None and earlier.rows else None
    cells = []
    label, metrics = making.text(sheet.block.total), making.request(name).metrics
    for index, column in enumerate(columns):
        if index == 0:
            cells.append(Cell(label, label))
        elif column.spec.column not in metrics or column.spec.show == "bar":
            cells.append(Cell(""))
        else:
            cells.append(replace(_cell(sheet, column, record, before), tone="", mark=""))
    return [Row(tuple(cells), kind="total")]


def _note(sheet: Sheet, *, dropped: int) -> str:
    making, block = sheet.making, sheet.block
    notes = [making.told(block.note)]
    if sheet.few_seen and block.few and "†" not in notes[0]:
        notes.append(making.words["few_cases"].format(count=making.numbers.number(block.few.under)))
    if dropped or sheet.table.truncated:
        notes.append(making.words["left_out"].format(count=making.numbers.number(dropped)) if dropped else "")
    notes.append(withheld_text(making, sheet.table))
    return " ".join(note for note in notes if note)


def withheld_text(making: Making, table: DataTable) -> str:
    """That groups are too small to be shown, and how many."""
    if not table.withheld:
        return ""
    numbers = making.numbers
    return making.words["withheld"].format(count=numbers.number(table.withheld), least=numbers.number(table.least))

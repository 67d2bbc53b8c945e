"""Single figures: how a value of a column reads, how it changed, and whether that is better or worse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import cast

from broadsheet.core.document.model import FormatHint, Tone
from broadsheet.core.document.tables import Column, DataTable, Value

from .making import MISSING, Making, column_of, number_of

ADDITIVE = ("integer", "number", "money")
FIGURES = (*ADDITIVE, "percent")
DECIMALS = {"integer": 0, "number": 2, "percent": 1}


@dataclass(frozen=True, slots=True)
class Change:
    """``text`` signed and finished; ``value`` a fraction (of a rate: the difference of fractions)."""

    text: str = ""
    tone: Tone = ""
    value: float | None = None


def hint_of(making: Making, column: Column, *, decimals: int | None = None, scale: str = "") -> FormatHint:
    """How figures of *column* are typed and written."""
    currency = making.currency(column) if column.kind == "money" else ""
    places = column.decimals if decimals is None else decimals
    if column.kind == "money":
        places = making.numbers.places(currency, places)
        if scale:
            places = 1 if decimals is None else decimals
    elif places is None:
        places = DECIMALS.get(column.kind, 0)
    return FormatHint(column.kind, places, currency, column.unit, scale if scale in ("k", "M") else "")


def adds_up(column: Column) -> bool:
    """Whether figures of several rows of *column* may be added up: rates, distinct counts and balances may not."""
    return column.kind in ADDITIVE and column.additive


def is_zero(column: Column, table: DataTable) -> bool:
    """Whether *column* is 0 where *table* has no row, rather than unknown; where groups are withheld nothing is known."""
    return column.kind in ADDITIVE and column.zero and not table.withheld


def absent(column: Column, table: DataTable | None) -> Value:
    """What *column* is for a group of which *table* has no row: 0 where nothing else can be; None where that is not known."""
    return 0 if table is not None and is_zero(column, table) and not table.truncated else None


def headline(making: Making, column: Column, value: Value, *, scale: str = "auto", signed: bool = False) -> str:
    """A figure that stands alone, with its unit: $2.44 M, 87.4 %, 4,812."""
    numbers, number = making.numbers, number_of(value)
    hint = hint_of(making, column)
    if number is None:
        return plain(making, column, value)
    if column.kind == "percent":
        return numbers.percent(number, hint.decimals, signed=signed)
    if column.kind == "money":
        quotient, word, places = numbers.scaled(number, scale=scale)
        exact = cast("Decimal | float", value)
        return (
            numbers.money(quotient, hint.currency, places, signed=signed, word=word)
            if word
            else numbers.money(exact, hint.currency, hint.decimals, signed=signed)
        )
    text = numbers.number(cast("Decimal | float", value), hint.decimals, signed=signed)
    return f"{text} {column.unit}" if column.unit and column.kind == "number" else text


def cell(making: Making, hint: FormatHint, column: Column, value: Value) -> str:
    """A figure in a column whose head holds the unit: 87.4, 538.9."""
    if column.grain or column.kind not in FIGURES:
        return plain(making, column, value)
    if number_of(value) is None or not isinstance(value, int | float | Decimal):
        return MISSING
    if hint.kind == "percent":
        return making.numbers.number(value * 100, hint.decimals, signed=hint.signed)
    if hint.scale:
        return making.numbers.number(float(value) / (1000 if hint.scale == "k" else 10**6), hint.decimals)
    return making.numbers.number(value, hint.decimals, signed=hint.signed)


def unit_of(making: Making, hint: FormatHint) -> str:
    """What stands in a head for the figures below: %, $, $ k."""
    if hint.kind == "percent":
        return "%"
    word = making.numbers.scale_word(hint.scale) if hint.scale else ""
    symbol = making.numbers.symbol(hint.currency) if hint.currency else ""
    return f"{symbol} {word}".strip()


def plain(making: Making, column: Column, value: Value) -> str:
    """Words, dates and the positions of a grain, as they stand in a cell or at an axis."""
    if value is None or (isinstance(value, float | Decimal) and number_of(value) is None):
        return MISSING if column.kind in FIGURES else ""
    if isinstance(value, bool):
        return making.words["yes" if value else "no"]
    if isinstance(value, datetime):
        return _instant(making, column, value)
    if isinstance(value, date):
        return _day(making, column, value)
    if column.grain == "weekday" and isinstance(value, int):
        return making.dates.weekday(value)
    if column.grain == "hour_of_day" and isinstance(value, int):
        return f"{value:02}:00"
    if isinstance(value, str):
        return making.translate(value)
    return making.numbers.number(value, column.decimals or 0)


def _instant(making: Making, column: Column, value: datetime) -> str:
    if column.grain == "hour":
        return f"{making.dates.day_short(value.date())} {value:%H:%M}"
    return making.dates.moment(value)


def _day(making: Making, column: Column, value: date) -> str:
    dates = making.dates
    if column.names:
        return dict(column.names).get(value, dates.day(value))
    match column.grain:
        case "day":
            return dates.day_of_week(value)
        case "week":
            return dates.interval_short(value, value + timedelta(days=6))
        case "month":
            return dates.month_year(value)
        case "quarter":
            return dates.quarter(value)
        case "year":
            return str(value.year)
        case _:
            return dates.day(value)


def change(making: Making, column: Column, now: Value, before: Value, *, in_head: bool = False) -> Change:
    """From *before* to *now*: points for rates, else relative. With *in_head* the % stands in the column's head."""
    new, old = number_of(now), number_of(before)
    if new is None or old is None:
        return Change()
    numbers = making.numbers
    if column.kind == "percent":
        difference = new - old
        text = numbers.number(difference * 100, 1, signed=True) if in_head else numbers.points(difference)
        return Change(text, tone_of(column, difference, least=0.0005), difference)
    if old == 0:
        return Change(making.words["new"] if new else "")
    share = (new - old) / abs(old)
    text = numbers.number(share * 100, 1, signed=True) if in_head else numbers.percent(share, 1, signed=True)
    return Change(text, tone_of(column, share, least=0.0005), share)


def tone_of(column: Column, difference: float, *, least: float = 0.0) -> Tone:
    """better or worse by the metric's direction; "" where it has none or nothing can be seen."""
    if not column.better or abs(difference) < least:
        return ""
    return "better" if (difference > 0) == (column.better == "up") else "worse"


def figure(making: Making, name: str) -> str | None:
    """Finished text of ``data.metric``, ``data.metric.change``, ``data.first.column`` or ``data.rows``."""
    data, _, rest = name.partition(".")
    request = making.definition.data.get(data)
    if request is None or not rest:
        return None
    table = making.table(data) if making.asked(data) else None
    if table is None:
        return MISSING
    first, _, part = rest.partition(".")
    if rest == "rows":
        return making.numbers.number(len(table.rows))
    if first == "first" and part in request.columns:
        return headline(making, column_of(table, part), value_at(table, part))
    if first not in request.metrics or part not in ("", "change", "previous"):
        return None
    column, now = column_of(table, first), value_at(table, first)
    if not part:
        return headline(making, column, now)
    earlier = making.before(data)
    before = value_at(earlier, first) if earlier is not None else None
    if part == "previous":
        return headline(making, column, before)
    return change(making, column, now, before).text or MISSING


def value_at(table: DataTable, name: str) -> Value:
    """The value of *name* in the first row; None if there is no row."""
    return table.rows[0][table.position(name)] if table.rows else None

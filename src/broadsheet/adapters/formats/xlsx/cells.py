"""Typed cells: numbers as numbers, dates as dates, text as text and never as a formula or a link."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import get_currency_symbol
from xlsxwriter.format import Format as CellFormat
from xlsxwriter.worksheet import Worksheet

from broadsheet.core.document.model import FormatHint
from broadsheet.core.document.tables import Value

LONGEST_TEXT = 32_767  # characters a cell can hold (Excel specifications and limits)
SCALES = {"k": ",", "M": ",,"}  # a comma at the end divides what is shown by a thousand
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def put(sheet: Worksheet, row: int, column: int, value: Value, style: CellFormat) -> None:
    """Write *value* by its type. None and not-a-number are blank; instants lose their zone, which Excel has not."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, float(value), style)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), style)
    else:
        sheet.write_string(row, column, clean(value), style)


def clean(text: str) -> str:
    """*text* without what XML cannot hold, cut to what a cell can hold."""
    text = UNPRINTABLE.sub("", text)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def number_format(hint: FormatHint) -> str:
    """Excel's number format for *hint*; the reader's Excel puts in its own marks for decimals and thousands.

    Where the head says k or M, the cell keeps the whole figure and shows it divided.
    """
    if hint.kind == "date":
        return "yyyy-mm-dd"
    if hint.kind == "instant":
        return "yyyy-mm-dd hh:mm"
    if hint.kind not in {"integer", "number", "money", "percent"}:
        return "@"
    places = "." + "0" * hint.decimals if hint.decimals else ""
    if hint.kind == "percent":
        body = f"0{places}%"
    else:
        symbol = f'"{get_currency_symbol(hint.currency, "en")}"' if hint.kind == "money" and hint.currency else ""
        body = f"{symbol}#,##0{places}{SCALES.get(hint.scale, '')}"
    return f"+{body};-{body};{body}" if hint.signed else body

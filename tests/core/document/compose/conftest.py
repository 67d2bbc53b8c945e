"""A small report on hand-made answers: what is asked, and the document that comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from broadsheet.core.document.compose import Context, asks, compose
from broadsheet.core.document.definition import ReportDefinition, report_from
from broadsheet.core.document.loading import load
from broadsheet.core.document.model import Document
from broadsheet.core.document.parameters import resolve
from broadsheet.core.document.tables import Ask, Column, DataTable, Value
from broadsheet.core.policy import Reader

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CONTEXT = Context("Northlight Leads", NOW, datetime(2026, 11, 23, 0, 0, tzinfo=UTC), "v1")
READER = Reader("harbor", "Luis Ortega", language="en", zone="America/Chicago", currency="USD")
COLUMNS = {
    "source": Column("source", "Source", "text"),
    "day": Column("day", "Day", "date", grain="day"),
    "period": Column("period", "Day", "date", grain="month"),
    "weekday": Column("weekday", "Day", "integer", grain="weekday"),
    "hour_of_day": Column("hour_of_day", "Day", "integer", grain="hour_of_day"),
    "delivered": Column("delivered", "Leads delivered", "integer", unit="leads", better="up"),
    "accepted_rate": Column("accepted_rate", "Accepted rate", "percent", better="up"),
    "returned_rate": Column("returned_rate", "Returns", "percent", better="down"),
    "cost_per_lead": Column("cost_per_lead", "Cost per lead", "money", decimals=2, better="down"),
    "revenue": Column("revenue", "Revenue", "money", decimals=0, better="up"),
    "conversions": Column("conversions", "Conversions", "integer", better="up"),
}
HEAD = """
report: r
title: R
parameters: {period: {kind: period, default: 2026-10}}
"""

Rows = Sequence[Sequence[Value]]
Compose = Callable[..., Document]


def table(names: str, *rows: Sequence[Value]) -> DataTable:
    """An answer with the columns of *names*, words parted by blanks."""
    return DataTable(tuple(COLUMNS[name] for name in names.split()), tuple(map(tuple, rows)), as_of=NOW)


def report(body: str) -> ReportDefinition:
    """A report with a period and *body*, YAML of its data and blocks."""
    return report_from(load(HEAD + body, file="r.yaml")[0])


@pytest.fixture
def composed() -> Compose:
    """Composes YAML of data and blocks on answers by name, for `READER` or another."""

    def make(
        body: str,
        answers: Mapping[str, DataTable],
        *,
        reader: Reader = READER,
        given: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Document:
        definition = report(body)
        parameters = resolve(definition, given or {}, reader=reader, now=NOW)
        return compose(definition, parameters, answers, reader=reader, context=CONTEXT, **more)

    return make


@pytest.fixture
def asked() -> Callable[..., dict[str, Ask]]:
    """The asks of YAML of data and blocks."""

    def make(body: str, *, reader: Reader = READER, given: Mapping[str, str] | None = None) -> dict[str, Ask]:
        definition = report(body)
        return asks(definition, resolve(definition, given or {}, reader=reader, now=NOW), reader=reader)

    return make

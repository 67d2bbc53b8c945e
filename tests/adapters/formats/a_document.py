"""One hand-made document with every kind of block, and with values that try to break out of each format."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from broadsheet.core.document.model import (
    Annotation,
    Cell,
    Chart,
    Columns,
    Document,
    FormatHint,
    Heading,
    Metric,
    MetricRow,
    PageBreak,
    Paragraph,
    Reference,
    Row,
    Series,
    Span,
    Table,
    TableColumn,
    Text,
)

MONEY = FormatHint("money", decimals=2, currency="USD")
COUNT = FormatHint("integer")
RATE = FormatHint("percent", decimals=1)
TEXT = FormatHint("text")
SOURCES = [
    ("SunCompare", 868, Decimal("52.00"), 0.912, ""),
    ("Paid search", 742, Decimal("61.50"), 0.920, ""),
    ("=1+1", 131, Decimal("29.00"), 0.511, "worse"),
    ("<script>alert(1)</script> & Söhne", 75, Decimal("40.00"), 0.853, ""),
]


def sources_table() -> Table:
    columns = (
        TableColumn("source", "Source", TEXT, weight=3),
        TableColumn("delivered", "Leads", COUNT, align="end", group="Delivered"),
        TableColumn("cost", "Cost $", MONEY, align="end", group="Money"),
        TableColumn("rate", "Rate %", RATE, align="end"),
        TableColumn("share", "", TEXT, bar=True),
    )
    rows = [
        Row(
            (
                Cell(name, name),
                Cell(f"{count}", count),
                Cell(f"{cost}", cost),
                Cell(f"{100 * rate:.1f}", rate, tone=tone, mark="▼" if tone else ""),
                Cell("", share=count / 868),
            )
        )
        for name, count, cost, rate, tone in SOURCES
    ]
    total = (Cell("All sources", "All sources"), Cell("1,816", 1816), Cell("", None), Cell("", None), Cell(""))
    return Table(
        "sources", "Sources: one is under the floor", columns, (*rows, Row(total, kind="total")), note="▼ Under 80 %."
    )


def daily_chart() -> Chart:
    days = tuple(date(2026, 10, day) for day in range(1, 15))
    delivered = (188, 179, 121, 131, 182, 196, 190, 181, 165, 119, 121, 194, 201, 65)
    return Chart(
        name="daily",
        kind="line",
        title="An outage marks the month",
        under="Leads delivered by day",
        x=tuple(f"{day.day} Oct" for day in days),
        x_kind="time",
        x_values=tuple(day.isoformat() for day in days),
        series=(
            Series("delivered", "Delivered", tuple(map(float, delivered)), tuple(map(str, delivered)), color="muted"),
            Series("accepted", "Accepted", tuple(round(0.87 * count, 1) for count in delivered), color="1"),
        ),
        alt="Line chart of 14 days, lowest on 14 October.",
        shaded=(2, 3, 9, 10),
        references=(Reference(168, "Sep mean 168"),),
        annotations=(Annotation(13, "14 Oct: intake down", "65 leads instead of about 190"),),
        axis_hint=COUNT,
        axis_unit="leads",
    )


def bars_chart() -> Chart:
    return Chart(
        name="revenue",
        kind="bar",
        title="Sources: one is under the floor",
        x=tuple(row[0] for row in SOURCES),
        series=(Series("delivered", "Delivered", tuple(float(row[1]) for row in SOURCES), mark="bar"),),
        alt="Bars of four sources.",
        horizontal=True,
        compare=(853.0, 918.0, 196.0, None),
        axis_hint=COUNT,
    )


def metrics() -> MetricRow:
    return MetricRow(
        (
            Metric("delivered", "Leads delivered", "4,812", 4812, COUNT, "−4.4 %", "worse", "Sep 5,034", "vs Sep"),
            Metric("rate", "Accepted rate", "87.4 %", 0.874, RATE, "+1.3 pt", "better", sparkline=(0.8, None, 0.87)),
        )
    )


def document() -> Document:
    narrative = Paragraph((Span("Revenue fell "), Span("6.2 %", "worse"), Span(" vs September <b>.")))
    return Document(
        title="Buyer performance",
        subtitle="Harbor Home Solar, Austin, Texas · October 2026",
        organization="Northlight Leads",
        facts=(("Prepared for", "Luis Ortega"), ("Data to", "31 Oct 2026, 24:00 CDT")),
        confidentiality="Confidential: for Harbor Home Solar only",
        made_at=datetime(2026, 11, 1, 12, 12, tzinfo=UTC),
        blocks=(
            Text((narrative,), role="narrative"),
            metrics(),
            daily_chart(),
            Columns(((bars_chart(),), (sources_table(),)), (4, 2)),
            PageBreak(),
            Heading("Notes and definitions"),
            Text((Paragraph((Span("Days run from midnight to midnight."),), kind="bullet"),), role="note"),
        ),
    )

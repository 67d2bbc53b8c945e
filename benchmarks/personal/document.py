"""A buyer's report: four figures, two charts and a table over three pages; every number depends on the buyer."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from broadsheet.core.document.model import (
    Annotation,
    Cell,
    Chart,
    Document,
    FormatHint,
    Metric,
    MetricRow,
    Paragraph,
    Reference,
    Row,
    Series,
    Span,
    Table,
    TableColumn,
    Text,
)

DAYS = 31
ROWS = 80  # so many make the table end on the third page
SOURCES = ("SunCompare", "Paid search", "BrightQuote", "Rooftop Review", "Paid social", "HomeSavvy", "Own website")
COUNT, MONEY, WORDS = FormatHint("integer"), FormatHint("money", currency="USD"), FormatHint("text")
WORD_LIST = (("page_of", "Page {page} of {pages}"), ("data_to", "data to"))


def document(number: int) -> Document:
    """The report of buyer *number*; equal numbers give equal documents."""
    chance = random.Random(number)
    lead = Text(
        (
            Paragraph(
                (
                    Span(f"Buyer {number} took {chance.randint(3000, 6000):,} leads in October. "),
                    Span("Paid search fell", "strong"),
                    Span(
                        " after its monthly budget was spent on 22 October, and an outage on 14 October cost about 120 leads."
                    ),
                )
            ),
        ),
        "narrative",
    )
    return Document(
        title="Buyer performance",
        subtitle=f"Buyer {number}, Austin, Texas · October 2026",
        organization="Northlight Leads",
        facts=(
            ("Prepared for", f"Contact {number}"),
            ("Period", "1–31 October 2026"),
            ("Data to", "31 Oct 2026, 24:00"),
        ),
        confidentiality=f"Confidential: for buyer {number} only",
        data_to_text="31 Oct 2026, 24:00",
        made_at=datetime(2026, 11, 1, 12, tzinfo=UTC),
        words=WORD_LIST,
        blocks=(lead, _metrics(chance), _daily(chance), _sources(chance), _table(chance)),
    )


def _metrics(chance: random.Random) -> MetricRow:
    names = ("Leads delivered", "Accepted rate", "Revenue", "Cost per lead")
    return MetricRow(
        tuple(
            Metric(
                name,
                name,
                f"{chance.randint(1000, 9999):,}",
                delta=f"−{chance.randint(1, 99) / 10} %",
                delta_tone="worse",
                versus="vs Sep",
                previous=f"Sep {chance.randint(1000, 9999):,}",
            )
            for name in names
        )
    )


def _daily(chance: random.Random) -> Chart:
    delivered = [float(chance.randint(120, 200)) for _ in range(DAYS)]
    accepted = [round(value * chance.uniform(0.8, 0.95)) for value in delivered]
    return Chart(
        "daily",
        "area",
        "An outage and a spent budget mark the month",
        tuple(f"{day + 1} Oct" for day in range(DAYS)),
        (
            Series("accepted", "Accepted", tuple(map(float, accepted)), tuple(map(str, accepted))),
            Series(
                "delivered", "Delivered", tuple(delivered), tuple(f"{value:.0f}" for value in delivered), color="muted"
            ),
        ),
        "Leads delivered and accepted by day.",
        under="Leads delivered and accepted by day; weekends are tinted.",
        x_kind="time",
        x_ticks=(0, 4, 11, 18, 25),
        shaded=tuple(day for day in range(DAYS) if day % 7 in {2, 3}),
        references=(Reference(160.0, "Sep mean 160"),),
        annotations=(Annotation(13, "14 Oct: intake down", "about 120 leads fewer"),),
        axis_hint=COUNT,
        axis_unit="leads",
    )


def _sources(chance: random.Random) -> Chart:
    values = sorted((float(chance.randint(20, 600)) for _ in SOURCES), reverse=True)
    return Chart(
        "sources",
        "bar",
        "Revenue by source",
        SOURCES,
        (Series("revenue", "October", tuple(values), tuple(f"{value:.1f}" for value in values), mark="bar"),),
        "Revenue by source, with September marked.",
        under="$ thousand",
        horizontal=True,
        highlight=(1,),
        compare=tuple(value * chance.uniform(0.8, 1.2) for value in values),
        compare_label="September",
        columns=(("$ thousand", tuple(f"{value:.1f}" for value in values), ()),),
        axis_hint=MONEY,
    )


def _table(chance: random.Random) -> Table:
    heads = ("Source", "Delivered", "Accepted", "Returned", "Cost $", "Revenue $")
    columns = tuple(
        TableColumn(head, head, COUNT if at else WORDS, "end" if at else "start") for at, head in enumerate(heads)
    )
    rows = []
    for line in range(ROWS):
        figures = [chance.randint(1, 9999) for _ in heads[1:]]
        cells = [
            Cell(f"{SOURCES[line % len(SOURCES)]} {line // len(SOURCES) + 1}"),
            *(Cell(f"{one:,}", one) for one in figures),
        ]
        if figures[1] < 1000:
            cells[2] = Cell(cells[2].text, figures[1], tone="worse", mark="▼")
        rows.append(Row(tuple(cells)))
    return Table(
        "campaigns",
        "Every campaign of the month",
        columns,
        tuple(rows),
        under="In order of source.",
        note="▼ Fewer than 1,000.",
    )

"""Whole reports to try formats with: every kind of block, long and empty tables, and readers of other scripts."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from broadsheet.core.document.model import (
    Annotation,
    Block,
    Cell,
    Chart,
    Columns,
    Document,
    FormatHint,
    Heading,
    Image,
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

COUNT, RATE, MONEY, WORDS = (
    FormatHint("integer"),
    FormatHint("percent", decimals=1),
    FormatHint("money", decimals=1, currency="USD", scale="k"),
    FormatHint("text"),
)
# One pixel, so that there is a picture without a file.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
# name, leads, change, accepted, rate, returned, return rate, cost, revenue, change of revenue
ROWS: tuple[tuple[str, int, int, int, float, int, float, float, float, float], ...] = (
    ("SunCompare", 868, 15, 792, 91.2, 24, 3.0, 52.0, 538.9, 3.4),
    ("Paid search", 742, -176, 683, 92.0, 14, 2.0, 61.5, 476.3, -19.9),
    ("BrightQuote", 655, -16, 571, 87.2, 22, 3.9, 44.0, 305.7, -3.9),
    ("Rooftop Review", 548, 19, 494, 90.1, 13, 2.6, 48.0, 287.4, 2.8),
    ("Paid social", 512, -36, 408, 79.7, 25, 6.1, 38.5, 198.3, -18.0),
    ("HomeSavvy", 431, 13, 379, 87.9, 11, 2.9, 41.0, 174.5, 3.4),
    ("Lone Star Energy Guide", 312, 24, 281, 90.1, 6, 2.1, 46.0, 158.9, 8.6),
    ("Own website", 226, 7, 212, 93.8, 3, 1.4, 33.0, 131.4, 2.7),
    ("EcoHouse Digest", 164, -7, 118, 72.0, 9, 7.6, 36.0, 41.4, -25.5),
    ("Native display", 131, -65, 67, 51.1, 8, 11.9, 29.0, 12.9, -66.7),
)
DAILY = (188, 179, 121, 131, 182, 196, 190, 181, 165, 119, 121, 194, 201, 65, 185, 178, 117, 127, 191, 192)
DAILY += (187, 172, 160, 98, 103, 152, 158, 153, 150, 141, 94)


def signed(number: float, decimals: int = 0) -> str:
    return f"{number:+.{decimals}f}".replace("-", "−")


def sources() -> Table:
    columns = (
        TableColumn("source", "Source", WORDS, weight=3),
        TableColumn("leads", "Leads", COUNT, align="end", group="Delivered"),
        TableColumn("leads_change", "vs Sep", COUNT, align="end", group="Delivered"),
        TableColumn("accepted", "Leads", COUNT, align="end", group="Accepted"),
        TableColumn("rate", "Rate %", RATE, align="end", group="Accepted"),
        TableColumn("returned", "Leads", COUNT, align="end", group="Returned"),
        TableColumn("return_rate", "Rate %", RATE, align="end", group="Returned"),
        TableColumn("cost", "Cost $", MONEY, align="end", group="Money"),
        TableColumn("revenue", "Rev. $k", MONEY, align="end", group="Money"),
        TableColumn("change", "vs Sep %", RATE, align="end", group="Money"),
        TableColumn("share", "", WORDS, bar=True),
    )
    total = ("All sources", "4,812", "−222", "4,206", "87.4", "139", "3.3", "48.70", "2,441.8", "−6.2", "")
    rows = [_source(row) for row in ROWS]
    return Table(
        "sources",
        "Three of ten sources are under the 80 % floor",
        columns,
        (*rows, Row(tuple(Cell(text) for text in total), kind="total")),
        under="In order of revenue.",
        note="▼ Accepted rate under 80 %. Bold rust: revenue more than 10 % under September. † Fewer than five cases.",
    )


def _source(row: tuple[str, int, int, int, float, int, float, float, float, float]) -> Row:
    name, leads, change, accepted, rate, returned, return_rate, cost, revenue, revenue_change = row
    low, fell, few = rate < 80, revenue_change < -10, leads < 150
    return Row(
        (
            Cell(name, name),
            Cell(f"{leads:,}", leads),
            Cell(signed(change), change),
            Cell(f"{accepted:,}", accepted),
            Cell(f"{rate:.1f}", rate / 100, tone="worse" if low else "", mark="▼" if low else ""),
            Cell(f"{returned:,}", returned),
            Cell(f"{return_rate:.1f}", return_rate / 100),
            Cell(f"{cost:.2f}", cost),
            Cell(f"{revenue:.1f}", revenue),
            Cell(
                signed(revenue_change, 1),
                revenue_change,
                tone="faint" if few else "worse" if fell else "",
                mark="†" if few else "",
            ),
            Cell("", share=revenue / 538.9),
        )
    )


def daily() -> Chart:
    days = [date(2026, 10, 1) + timedelta(days=at) for at in range(31)]
    accepted = tuple(round(0.87 * count) for count in DAILY)
    return Chart(
        name="daily",
        kind="area",
        title="An outage and a spent budget mark the month",
        under="Leads delivered and accepted by day. Weekends are tinted.",
        note="The band between the lines was not accepted.",
        x=tuple(f"{day.day} Oct" for day in days),
        x_kind="time",
        x_values=tuple(day.isoformat() for day in days),
        x_ticks=(0, 4, 11, 18, 25),
        series=(
            Series("delivered", "Delivered", tuple(map(float, DAILY)), tuple(map(str, DAILY)), "area", "muted"),
            Series("accepted", "Accepted", tuple(map(float, accepted)), tuple(map(str, accepted)), "area", "1"),
        ),
        alt="Two lines of 31 days. Weekdays run near 185, weekends near 120; 14 October falls to 65.",
        shaded=tuple(at for at, day in enumerate(days) if day.weekday() >= 5),
        references=(Reference(168, "Sep mean 168"),),
        annotations=(
            Annotation(13, "14 Oct: intake down", "65 leads instead of about 190"),
            Annotation(21, "22 Oct: monthly budget spent"),
        ),
        axis_hint=COUNT,
        axis_unit="leads",
    )


def bars() -> Chart:
    values = tuple(row[8] for row in ROWS)
    return Chart(
        name="revenue",
        kind="bar",
        title="Paid search lost $118 k, most of the fall",
        under="Revenue by source, $ thousand.",
        x=tuple(row[0] for row in ROWS),
        series=(Series("revenue", "October", values, tuple(f"{value:.1f}" for value in values), "bar"),),
        alt="Bars of ten sources; paid search fell most, from 594 to 476.",
        horizontal=True,
        highlight=(1,),
        compare=tuple(value / (1 + row[9] / 100) for value, row in zip(values, ROWS, strict=True)),
        compare_label="September",
        columns=(
            ("$ thousand", tuple(f"{value:.1f}" for value in values), ("",) * 10),
            (
                "vs Sep",
                tuple(signed(row[9], 1) for row in ROWS),
                tuple("worse" if row[9] < -10 else "" for row in ROWS),
            ),
        ),
        axis_hint=MONEY,
    )


def more_charts() -> tuple[Block, ...]:
    months = ("Jun", "Jul", "Aug", "Sep", "Oct")
    names = ("Solar", "Roofing", "Windows", "Storage", "Heat pumps")
    parts = tuple(
        Series(name.lower(), name, tuple(float(40 + 9 * at + (7 * at * month) % 23) for month in range(5)),
               mark="bar", color=str(at + 1))
        for at, name in enumerate(names)
    )  # fmt: skip
    stacked = Chart("mix", "stacked_bar", "Five products by month", months, parts, "Stacked bars of five months.",
                    under="Leads, thousand.")  # fmt: skip
    pie = Chart("share", "pie", "Where leads come from", names, (Series("leads", "Leads", (42.0, 23, 17, 11, 7)),),
                "Solar is 42 % of all leads.")  # fmt: skip
    rates = tuple(row[4] for row in ROWS)
    scatter = Chart(
        "scatter", "scatter", "Cost says little about quality", tuple(row[0] for row in ROWS),
        (Series("rate", "Accepted rate", rates, mark="point"),), "Points of ten sources, cost against accepted rate.",
        under="Accepted rate, %, over cost per lead, $.", x_kind="number", x_values=tuple(row[7] for row in ROWS),
        from_zero=False,
    )  # fmt: skip
    combo = Chart(
        "combo", "combo", "Leads and the accepted rate", months,
        (Series("leads", "Leads", (120.0, 132, 128, 141, 117), mark="bar"),
         Series("target", "Target", (125.0, 125, 125, 125, 125), color="2", dashed=True)),
        "Bars of five months with a dashed target.",
    )  # fmt: skip
    nothing = Chart("none", "line", "Returns after thirty days", (), (), "No values yet.", empty="No returns yet.")
    return (Columns(((stacked,), (pie,)), (1, 1)), Columns(((scatter,), (combo,)), (1, 1)), nothing)


def metrics() -> MetricRow:
    line = (4.1, 4.0, 3.4, 3.9, 4.2, 4.6, 4.9, 5.2, 5.4, 5.5, 5.3, 5.0, 4.8)
    return MetricRow(
        (
            Metric("delivered", "Leads delivered", "4,812", 4812, COUNT, "−4.4 %", "worse", "Sep 5,034", "vs Sep",
                   "Target 5,000", "missed by 3.8 %", "worse", line),
            Metric("rate", "Accepted rate", "87.4 %", 0.874, RATE, "+1.3 pt", "better", "Sep 86.1 %", "vs Sep",
                   "Target 85.0 %", "met by 2.4 pt", "better", tuple(reversed(line))),
            Metric("revenue", "Revenue", "$2.44 M", 2441800, MONEY, "−6.2 %", "worse", "Sep $2.60 M", "vs Sep",
                   "Target $2.60 M", "missed by 6.1 %", "worse", line),
            Metric("cost", "Cost per lead", "$48.70", 48.7, MONEY, "+1.6 %", "worse", "Sep $47.95", "vs Sep"),
            Metric("conversions", "Conversions", "171", 171, COUNT, "−7.1 %", "worse", "Sep 184", "vs Sep"),
            Metric("returns", "Returns", "3.3 %", 0.033, RATE, "−0.6 pt", "better", "Sep 3.9 %", "vs Sep"),
        ),
        note="Lines: thirteen months to October 2026, each on its own scale. Bold rust: worse than September.",
    )  # fmt: skip


def prose() -> tuple[Block, ...]:
    link = Span("the agreement", link="https://reports.northlight.example/agreement?year=2026&page=2")
    return (
        Heading("What to do next", under="Three acts, in order of effect."),
        Text((
            Paragraph((Span("Raise the "), Span("paid search", "strong"), Span(" budget; see "), link, Span("."))),
            Paragraph((Span("Ask "), Span("Native display", "emphasis"), Span(" for a plan."),), "numbered"),
            Paragraph((Span("Watch the rate: it is "), Span("51.1 %", "worse"), Span(".")), "numbered"),
            Paragraph((Span("Field "), Span("lead.outcome", "code"), Span(" is meant.")), "bullet"),
        )),
        Heading("The sign of the house", level=3),
        Image(PIXEL, "image/png", "A square in the colour of the house", width=0.25, caption="One pixel, enlarged."),
    )  # fmt: skip


def full_document() -> Document:
    """Every kind of block and chart, in English, with a list of contents."""
    story = Paragraph((
        Span("Revenue fell 6.2 % vs September, to $2.44 M, because paid search, whose monthly budget was spent on "
             "22 October, brought in $118 k less. An intake outage on 14 October cost about 120 further leads. Quality "
             "rose: 87.4 % of leads were accepted, 1.3 points more than in September, and returns fell to 3.3 %."),
    ))  # fmt: skip
    notes = ("Days run from midnight to midnight in Austin.", "Conversions are signed contracts.",
             "Accepted rate is accepted ÷ delivered.")  # fmt: skip
    empty = Table("returns", "Returns by buyer", (TableColumn("buyer", "Buyer", WORDS),), (), empty="No returns.")
    return Document(
        title="Buyer performance",
        subtitle="Harbor Home Solar, Austin, Texas · October 2026",
        organization="Northlight Leads",
        facts=(("Prepared for", "Luis Ortega"), ("Period", "October 2026"), ("Compared with", "September 2026"),
               ("Data to", "31 Oct 2026, 24:00 CDT"), ("Made", "2 Nov 2026, 06:12 CST")),
        confidentiality="Confidential: for Harbor Home Solar only",
        data_to_text="31 Oct 2026, 24:00 CDT",
        definition="buyer-performance v14",
        period_text="October 2026",
        made_at=datetime(2026, 11, 1, 12, 12, tzinfo=UTC),
        contents=True,
        blocks=(
            Text((story,), role="narrative"), metrics(), daily(), Columns(((bars(),), (small_table(),)), (4, 2)),
            sources(), *more_charts(), days(), PageBreak(), *prose(), empty, Heading("Notes and definitions"),
            Text(tuple(Paragraph((Span(note),), "bullet") for note in notes), role="note"),
        ),
    )  # fmt: skip


def days() -> Table:
    columns = (TableColumn("day", "Day", WORDS), TableColumn("leads", "Delivered", COUNT, align="end"))
    rows = tuple(
        Row((Cell(f"{at} Oct"), Cell(str(count), count)), rule_after=at % 7 == 4, quiet=at % 7 in {3, 4})
        for at, count in enumerate(DAILY, start=1)
    )
    return Table("days", "Day by day", columns, rows, under="Rules part the weeks; weekends are grey.")


def small_table() -> Table:
    columns = (TableColumn("day", "Day", WORDS), TableColumn("leads", "Leads", COUNT, align="end"))
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    rows = tuple(Row((Cell(day), Cell(str(count), count))) for day, count in zip(days, DAILY, strict=False))
    return Table("weekdays", "Weekdays bring the most", columns, rows, under="Mean leads a day.", dropped=2)


def arabic_document() -> Document:
    """The same report for a reader of Arabic, from right to left."""
    story = Paragraph((Span("انخفضت الإيرادات بنسبة "), Span("6.2 %", "worse"), Span(" مقارنة بسبتمبر.")))
    head = (TableColumn("source", "المصدر", WORDS, weight=3), TableColumn("leads", "العملاء", COUNT, align="end"))
    rows = tuple(Row((Cell(name), Cell(text, 1))) for name, text in (("البحث المدفوع", "742"), ("SunCompare", "868")))
    bar = replace(bars(), title="البحث المدفوع خسر 118 ألف دولار", under="الإيرادات حسب المصدر", compare_label="سبتمبر")
    return replace(
        full_document(),
        title="أداء المشتري",
        subtitle="هاربور هوم سولار · أكتوبر 2026",
        language="ar",
        direction="rtl",
        facts=(("أعد لأجل", "لويس أورتيغا"), ("الفترة", "أكتوبر 2026")),
        blocks=(Text((story,), role="narrative"), metrics(), bar, Table("t", "المصادر", head, rows)),
    )


def japanese_document() -> Document:
    """The same report for a reader of Japanese."""
    story = Paragraph((Span("売上は9月比で6.2%減の244万ドルでした。有料検索の予算が10月22日に尽きたためです。"),))
    return replace(
        full_document(),
        title="バイヤー実績",
        subtitle="ハーバーホームソーラー・2026年10月",
        language="ja",
        facts=(("宛先", "ルイス・オルテガ様"), ("期間", "2026年10月")),
        blocks=(Text((story,), role="narrative"), metrics(), replace(daily(), title="障害と予算切れが目立つ月")),
    )


def hours(*, steps: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)) -> Table:
    """A table of shades: seven weekdays by the seven steps of the sequential colours."""
    columns = (
        TableColumn("weekday", "Weekday", WORDS),
        *(TableColumn(f"hours_{at}", f"{3 * at:02}:00", COUNT, align="end") for at in range(len(steps))),
        TableColumn("hours_all", "All day", COUNT, align="end"),
    )
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    rows = [
        Row(
            (
                Cell(day, day),
                *(Cell(str(10 * step + at), 10 * step + at, heat=step) for step in steps),
                Cell(str(sum(10 * step + at for step in steps))),
            )
        )
        for at, day in enumerate(days)
    ]
    total = Row((Cell("All days"), *(Cell("99", 99) for _ in steps), Cell("693", 693)), kind="total")
    return Table("hours", "When leads come", columns, (*rows, total), under="By weekday and time of day.")

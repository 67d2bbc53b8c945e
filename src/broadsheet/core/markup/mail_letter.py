"""What of a document is worth reading in the mail itself, before the attachment is opened.

Chosen are the narrative, up to six headline figures, the first chart, and the first tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from broadsheet.core.document.model import Block, Chart, Columns, Document, Metric, MetricRow, Row, Table, Text
from broadsheet.core.theme import Theme

from .mail_body import Picture

MOST_METRICS = 6
MOST_TABLES = 2
MOST_ROWS = 12  # more is read in the attachment
PREHEADER = 140  # characters; mail programs show 40 to 130


@dataclass(frozen=True, slots=True)
class Pictures:
    """The chart on light and on dark paper, and the brand's sign; None where there is none."""

    light: Picture | None = None
    dark: Picture | None = None
    logo: Picture | None = None

    def all(self) -> tuple[Picture, ...]:
        return tuple(one for one in (self.logo, self.light, self.dark) if one is not None)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A table's first rows and its totals; ``left_out`` counts all rows that are not shown."""

    table: Table
    rows: tuple[Row, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Letter:
    """What of a document goes into the mail."""

    document: Document
    theme: Theme
    narrative: Text | None
    metrics: tuple[Metric, ...]
    chart: Chart | None
    tables: tuple[Excerpt, ...]


def chosen(document: Document, theme: Theme) -> Letter:
    """The parts of *document* that are sent in the mail itself."""
    blocks = list(flat(document.blocks))
    tables = [excerpt(block) for block in blocks if isinstance(block, Table) and block.rows]
    return Letter(
        document,
        theme,
        narrative=next((one for one in blocks if isinstance(one, Text) and one.role == "narrative"), None),
        metrics=tuple(one for row in blocks if isinstance(row, MetricRow) for one in row.metrics)[:MOST_METRICS],
        chart=first_chart(document),
        tables=tuple(tables[:MOST_TABLES]),
    )


def first_chart(document: Document) -> Chart | None:
    """The first chart that has something to show."""
    charts = (block for block in flat(document.blocks) if isinstance(block, Chart))
    return next(
        (chart for chart in charts if any(value is not None for one in chart.series for value in one.values)), None
    )


def flat(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Blocks in reading order, those in columns included."""
    for block in blocks:
        if isinstance(block, Columns):
            for column in block.columns:
                yield from flat(column)
        else:
            yield block


def excerpt(table: Table) -> Excerpt:
    rows = [row for row in table.rows if row.kind != "total"]
    totals = [row for row in table.rows if row.kind == "total"]
    return Excerpt(table, (*rows[:MOST_ROWS], *totals), max(0, len(rows) - MOST_ROWS) + table.dropped)


def subject(document: Document) -> str:
    """Title and whom or when it is about, on one line."""
    about = document.subtitle or document.period_text
    return " ".join(": ".join(part for part in (document.title, about) if part).split())


def preheader(letter: Letter) -> str:
    """The beginning of the narrative, else the figures, at most PREHEADER characters, cut at a word."""
    if letter.narrative:
        told = " ".join("".join(span.text for span in one.spans) for one in letter.narrative.paragraphs)
    else:
        told = ", ".join(f"{one.label} {one.value}" for one in letter.metrics)
    told = " ".join(told.split())
    return told if len(told) <= PREHEADER else told[: PREHEADER - 1].rsplit(" ", 1)[0] + "…"

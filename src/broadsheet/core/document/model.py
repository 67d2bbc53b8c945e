"""The finished document: what a slice's readers see, the same for every format.

A format only draws what stands here. Texts are already in the reader's language and number style; raw values travel
beside them where a format needs types (spreadsheets) or positions (charts). Everything is frozen and picklable, so
that it can be handed to a render process. How it comes about is `compose`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .tables import Value

Tone = str  # "" | "better" | "worse" | "faint" (too few cases to colour)


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text. ``style``: "", "strong", "emphasis", "code", "better", "worse"; ``link`` an absolute address."""

    text: str
    style: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``kind``: "paragraph", "bullet" or "numbered" (numbers are given by the format, in order)."""

    spans: tuple[Span, ...]
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Heading:
    """A section title under a rule. ``level`` 2 or 3 (1 is the document's title)."""

    text: str
    level: int = 2
    under: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Prose. ``role``: "narrative" (serif, large, at the top), "body" or "note" (small, second ink)."""

    paragraphs: tuple[Paragraph, ...]
    role: str = "body"


@dataclass(frozen=True, slots=True)
class Metric:
    """One headline figure. ``value``/``delta``/``previous``/``target`` are finished texts; empty when absent.

    ``raw`` is the number itself; ``sparkline`` older to newer, None for gaps. ``spark_label`` says what it spans.
    """

    name: str
    label: str
    value: str
    raw: Value = None
    column: FormatHint | None = None
    delta: str = ""
    delta_tone: Tone = ""
    previous: str = ""  # "vs Sep 5,034" without the words: "Sep 5,034"
    versus: str = ""  # "vs Sep"
    target: str = ""  # "Target 5,000"
    gap: str = ""  # "missed by 3.8 %"
    gap_tone: Tone = ""
    sparkline: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class MetricRow:
    metrics: tuple[Metric, ...]
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FormatHint:
    """How a number is typed and written: ``kind`` as in tables.Column; ``scale`` divides for show ("k", "M" or "")."""

    kind: str
    decimals: int = 0
    currency: str = ""
    unit: str = ""
    scale: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One line, area, set of bars or points. ``values`` align with the chart's ``x``; None is a gap.

    ``mark``: line, area, bar, point (a combo chart mixes them); ``color``: "1"…"6" category slots, "muted", "worse".
    ``texts`` are the finished figures for tooltips and labels, same length.
    """

    name: str
    label: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...] = ()
    mark: str = "line"
    color: str = "1"
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Annotation:
    """A named moment: ``at`` is an index into x; ``lead`` semibold, ``text`` its consequence.

    ``series`` is the name of the one that it speaks of; "" leaves it to the chart's main one.
    """

    at: int
    lead: str
    text: str = ""
    series: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A dashed level with its name, such as a target or last period's mean."""

    value: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """``kind``: line, area, bar, stacked_bar, pie, scatter, combo. ``horizontal`` bars put categories on the left.

    ``x`` are finished labels, one per position; ``x_kind``: category, time or number; ``x_values`` are the raw
    values (ISO text for time, numbers for scatter). ``x_ticks``: indices worth a label (empty: decide by width).
    ``shaded`` are indices of tinted positions (weekends). ``columns`` are extra figure columns beside horizontal
    bars: (head, texts, tones). ``compare`` marks (an earlier period) as ticks across bars. ``alt`` tells shape,
    extremes and cause in words. ``axis_hint`` formats the value axis; ``axis_unit`` stands on its top label,
    with # where the figure belongs if not before it.
    ``empty`` is said in place of marks when there are no values.
    """

    name: str
    kind: str
    title: str
    x: tuple[str, ...]
    series: tuple[Series, ...]
    alt: str
    under: str = ""
    note: str = ""
    x_kind: str = "category"
    x_values: tuple[str | float, ...] = ()
    x_ticks: tuple[int, ...] = ()
    shaded: tuple[int, ...] = ()
    horizontal: bool = False
    highlight: tuple[int, ...] = ()
    compare: tuple[float | None, ...] = ()
    compare_label: str = ""
    columns: tuple[tuple[str, tuple[str, ...], tuple[Tone, ...]], ...] = ()
    references: tuple[Reference, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    axis_hint: FormatHint = field(default_factory=lambda: FormatHint("number"))
    axis_unit: str = ""
    from_zero: bool = True
    height: float = 0.0  # share of the width; 0: the kind's own
    empty: str = ""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """``align``: start or end. ``group`` is a head centred over neighbours. ``bar`` draws an in-cell bar instead."""

    name: str
    label: str
    hint: FormatHint
    align: str = "start"
    group: str = ""
    bar: bool = False
    weight: float = 1.0  # width relative to the others


@dataclass(frozen=True, slots=True)
class Cell:
    """``text`` is finished; ``value`` is typed, for spreadsheets; ``mark`` "▼" or "†"; ``share`` 0–1 for bars.

    ``heat`` 0–6 is a step of the sequential palette behind the figure, None for none.
    """

    text: str
    value: Value = None
    tone: Tone = ""
    mark: str = ""
    share: float | None = None
    heat: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """``kind``: "row" or "total"; ``rule_after`` draws a hairline below (week ends); ``quiet`` is third ink."""

    cells: tuple[Cell, ...]
    kind: str = "row"
    rule_after: bool = True
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``dropped`` counts rows left out by the limit; ``empty`` is said in place of rows when there are none."""

    name: str
    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[Row, ...]
    under: str = ""
    note: str = ""
    continued: str = "continued"
    dropped: int = 0
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    data: bytes
    media_type: str
    alt: str
    width: float = 1.0  # share of the column
    caption: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


@dataclass(frozen=True, slots=True)
class Columns:
    """Side by side; stacked on narrow screens. ``weights`` sum to anything."""

    columns: tuple[tuple[Block, ...], ...]
    weights: tuple[float, ...]


Block = Heading | Text | MetricRow | Chart | Table | Image | PageBreak | Columns


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report for one slice.

    ``facts`` are (name, value) pairs of the title block (prepared for, period, compared with, data to, made).
    ``words`` are the fixed words in the reader's language by key (page_of, contents, continued, data_to, confidential,
    notes …). ``number_style`` is (decimal mark, grouping mark). ``direction`` ltr or rtl. ``cover`` asks for a cover
    page, ``contents`` for a list of contents. ``made_at`` and ``data_to`` are aware. ``warning``: what is the matter with its
    data as a whole, in a sentence; it stands in the narrative at the top too, so only formats without prose need it.
    """

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    organization: str = ""
    language: str = "en"
    direction: str = "ltr"
    zone: str = "UTC"
    facts: tuple[tuple[str, str], ...] = ()
    confidentiality: str = ""
    data_to_text: str = ""
    made_at: datetime | None = None
    data_to: datetime | None = None
    period_text: str = ""
    cover: bool = False
    contents: bool = False
    words: tuple[tuple[str, str], ...] = ()
    number_style: tuple[str, str] = (".", ",")
    definition: str = ""  # "buyer-performance v14", for provenance
    filename: str = "report"
    problems: tuple[str, ...] = ()
    warning: str = ""

    def word(self, key: str) -> str:
        """The fixed word for *key*, or the key itself with its underscores opened."""
        return dict(self.words).get(key, key.replace("_", " "))

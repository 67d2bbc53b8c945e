"""The blocks of a report, as they are written: the first key says the kind and holds what matters most.

Texts may hold placeholders such as ``{period}`` or ``{month.revenue}``; see `compose.placeholders`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from .reading import Frozen, Short, Words

Scale = Literal["auto", "none", "k", "M"]


class HeadingBlock(Frozen):
    """A section title under a rule."""

    heading: str
    """The title."""
    level: Literal[2, 3] = 2
    under: str = ""
    """A line under it."""


class TextBlock(Frozen):
    """Prose in a small, safe part of Markdown: paragraphs, lists, **strong**, *emphasis*, `code`, links."""

    text: str = Field(examples=["Revenue was **{month.revenue}**, {month.revenue.change} against {period.previous}."])
    """Markdown with placeholders."""
    translations: Mapping[str, str] = Field(default_factory=dict)
    """The same prose in other languages, by tag (de, ja, pt-BR)."""
    role: Literal["narrative", "body", "note"] = "body"
    """Narrative is large and stands at the top; a note is small."""


class Few(Frozen):
    """Changes that rest on too few cases are shown grey with †."""

    metric: str
    """The metric that counts the cases."""
    under: float = 5
    """Fewer than this many, now or before, are too few."""


class MetricSpec(Frozen):
    """One figure of a metric row."""

    metric: str
    """Name in the data."""
    label: str = ""
    """By default the dataset’s."""
    target: bool = True
    """Show the target, where the row has one."""
    scale: Scale = "auto"
    """Divide by thousands (k) or millions (M); auto does so for large sums."""


class MetricsBlock(Frozen):
    """Headline figures side by side, with what they were before, their target and their past."""

    metrics: str
    """Name of a data request without groups."""
    show: tuple[Annotated[MetricSpec, Short("metric")], ...] = Field(min_length=1)
    """The figures, in order; each a metric’s name or {metric, label, …}."""
    title: str = ""
    note: str = ""
    targets: str = ""
    """Name of a data request that holds targets under the same names."""


class SeriesSpec(Frozen):
    """One line, area or set of bars."""

    metric: str
    label: str = ""
    mark: Literal["line", "area", "bar", "point", ""] = ""
    """By default the chart’s own; a combo mixes them."""
    color: Literal["", "1", "2", "3", "4", "5", "6", "muted", "worse"] = ""
    """A slot of the brand’s palette; by default in order."""
    dashed: bool = False


class ReferenceSpec(Frozen):
    """A dashed level with its name: a fixed value, or the mean of a series in this period or the one before."""

    value: float | None = None
    mean: str = ""
    """Metric whose mean over the positions is drawn."""
    of: Literal["current", "previous"] = "current"
    """Which period’s mean; “previous” needs “compare: true” in the data."""
    label: str = ""
    """By default “Sep mean 168”."""

    @model_validator(mode="after")
    def _one_source(self) -> ReferenceSpec:
        if (self.value is None) == (not self.mean):
            raise ValueError("A reference has a value or a mean. | Write for instance {value: 0.8, label: Floor}.")
        return self


class AnnotationSpec(Frozen):
    """A named moment: a date (2026-10-14), a label of the axis, or the lowest or highest position of the first series."""

    at: Words = Field(examples=["2026-10-14", "lowest", "highest"])
    lead: str = Field("", examples=["{x}: intake down"])
    """Shown in semibold; {x} is the position’s label, {value} its figure."""
    text: str = ""
    """The consequence, in regular."""


class Rule(Frozen):
    """A condition on a cell, such as {under: 0.8, mark: worse}."""

    under: float | None = None
    over: float | None = None
    tone: Literal["worse", "better", "faint"] = "worse"

    @model_validator(mode="after")
    def _one_bound(self) -> Rule:
        if (self.under is None) == (self.over is None):
            raise ValueError("A rule has either “under” or “over”. | Write for instance {under: 0.8}.")
        return self


class ChartColumn(Frozen):
    """A column of figures beside horizontal bars."""

    show: Literal["value", "change", "share"] = "value"
    label: str = ""
    rules: tuple[Rule, ...] = ()
    """Which changes are marked; a change of a tenth is 0.1."""


class ChartBlock(Frozen):
    """A chart of one data request."""

    chart: Literal["line", "area", "bar", "stacked_bar", "pie", "scatter", "combo"]
    data: str
    """Name of a data request."""
    x: str
    """Column of the positions; for a scatter the metric across."""
    series: tuple[Annotated[SeriesSpec, Short("metric")], ...] = Field(min_length=1)
    """Metrics to draw; each a name or {metric, label, mark, color}."""
    title: str = ""
    under: str = ""
    """What is drawn, in which unit."""
    note: str = ""
    alt: str = ""
    """The picture in words; by default shape and extremes."""
    empty: str = ""
    """Said when there are no rows."""
    name: str = ""
    """By default the data’s name, numbered if need be; formats file it under this."""
    split: str = ""
    """Column whose values become series of the first metric."""
    order: Literal["data", "up", "down"] = "data"
    """Sort positions by the first series."""
    top: int | None = Field(None, ge=1, le=60)
    """Keep so many positions (with “split”: series); the rest is “other”."""
    other: bool = True
    """Show the rest as one; only sums can be."""
    horizontal: bool = False
    """Bars from the left, names beside them."""
    compare: bool = False
    """Ticks where the period before stood; needs “compare: true” in the data."""
    columns: tuple[Annotated[ChartColumn, Short("show")], ...] = ()
    """Figures beside horizontal bars."""
    few: Few | None = None
    references: tuple[ReferenceSpec, ...] = ()
    shaded: Literal["", "weekends"] = ""
    annotations: tuple[AnnotationSpec, ...] = ()
    highlight: tuple[str, ...] = ()
    """Labels of positions to make stand out; “worst” is the largest fall."""
    scale: Scale = "auto"
    """Divide figures by thousands (k) or millions (M)."""
    from_zero: bool = True
    height: float = Field(0.0, ge=0, le=2)
    """Share of the width; 0 is the kind’s own."""


class ColumnSpec(Frozen):
    """A column of a table: what it shows of one column of the data."""

    column: str
    """Name in the data."""
    show: Literal["value", "change", "difference", "previous", "share", "bar"] = "value"
    """change: relative to the period before, in % (rates in points); difference: in its own unit; share: of the total."""
    label: str | None = None
    """By default the dataset’s; the unit is added."""
    group: str = ""
    """A head over neighbouring columns."""
    decimals: int | None = Field(None, ge=0, le=6)
    scale: Literal["none", "k", "M"] = "none"
    rules: tuple[Rule, ...] = ()
    """Conditional formats; the first that holds marks the cell with ▼ (worse) in bold."""
    weight: float = Field(0.0, ge=0, le=20)
    """Width relative to the others; 0 is the kind’s own."""


class TableBlock(Frozen):
    """A table of one data request."""

    table: str
    """Name of a data request."""
    columns: tuple[Annotated[ColumnSpec, Short("column")], ...] = Field(min_length=1)
    title: str = ""
    under: str = ""
    note: str = ""
    empty: str = ""
    """Said in place of rows when there are none."""
    name: str = ""
    """By default the data’s name, numbered if need be; formats file it under this."""
    total: str = ""
    """Label of a total row; it is asked of the dataset, so that rates are right."""
    limit: int | None = Field(None, ge=1, le=100_000)
    """Rows that are shown; the number left out is said."""
    order: tuple[str, ...] = ()
    """Columns to sort by; a minus in front sorts downwards. By default as the data."""
    rules_between: Literal["rows", "weeks"] = "rows"
    """Hairlines between rows, or only between weeks."""
    quiet: Literal["", "weekends"] = ""
    """Show the rows of weekends in grey."""
    few: Few | None = None
    pivot: str = ""
    """A group whose values become columns; the cells hold the first metric, shaded by size."""
    pivot_values: tuple[Words, ...] = ()
    """With “pivot”: the columns in this order, shown even where nothing came; by default those that there are."""
    across: str = ""
    """With “pivot”: label of a column at the right for each whole row: its sum, or asked for what may not be added up."""


class ImageBlock(Frozen):
    """A picture: a file beside the definition (PNG, JPEG, SVG)."""

    image: str
    """Name of the file."""
    alt: str
    """What it shows, in words."""
    width: float = Field(1.0, gt=0, le=1)
    """Share of the column."""
    caption: str = ""


class PageBreakBlock(Frozen):
    """A new page, where the format has pages."""

    page_break: Literal[True]


class ColumnPart(Frozen):
    """One of several columns."""

    blocks: tuple[Block, ...] = Field(min_length=1)
    weight: float = Field(1.0, gt=0)


class ColumnsBlock(Frozen):
    """Blocks side by side; stacked on narrow screens."""

    columns: tuple[ColumnPart, ...] = Field(min_length=2, max_length=4)


KINDS = ("heading", "text", "metrics", "chart", "table", "image", "page_break", "columns")


def _kind(value: Any) -> str | None:
    """The kind of a block: the first of the kinds' keys in it; tables have columns too, so order matters."""
    found = next((kind for kind in KINDS if (kind in value if isinstance(value, dict) else hasattr(value, kind))), None)
    return found and f"<{found}>"  # in brackets, so that no key is mistaken for it


Block = Annotated[
    Annotated[HeadingBlock, Tag("<heading>")]
    | Annotated[TextBlock, Tag("<text>")]
    | Annotated[MetricsBlock, Tag("<metrics>")]
    | Annotated[ChartBlock, Tag("<chart>")]
    | Annotated[TableBlock, Tag("<table>")]
    | Annotated[ImageBlock, Tag("<image>")]
    | Annotated[PageBreakBlock, Tag("<page_break>")]
    | Annotated[ColumnsBlock, Tag("<columns>")],
    Discriminator(
        _kind,
        custom_error_type="no_block",
        custom_error_message=" ".join(KINDS),  # `reading` makes a sentence of it
    ),
]

ColumnPart.model_rebuild()
ColumnsBlock.model_rebuild()

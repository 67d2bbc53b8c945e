"""The document as a whole: title block, facts, blocks in order, and what is said where something is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from broadsheet.core.document.definition import blocks as written
from broadsheet.core.document.definition.report import ReportDefinition
from broadsheet.core.document.model import (
    Block,
    Columns,
    Document,
    Heading,
    Image,
    PageBreak,
    Paragraph,
    Span,
    Text,
)
from broadsheet.core.document.parameters import Parameters
from broadsheet.core.document.tables import DataTable
from broadsheet.core.document.words import direction_of
from broadsheet.core.policy import Reader

from .charts import chart_block
from .figures import figure
from .lacking import empty_text
from .making import Context, Making
from .metrics import metrics_block
from .pivots import pivot_block
from .tabulate import table_block
from .texts import text_block

MEDIA = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "svg": "image/svg+xml"}
_UNSAFE = re.compile(r"[^\w.-]+|-{2,}")  # two hyphens are what a reader's missing attribute leaves


def compose(
    definition: ReportDefinition,
    parameters: Parameters,
    answers: Mapping[str, DataTable],
    *,
    reader: Reader,
    context: Context,
    images: Mapping[str, bytes] | None = None,
) -> Document:
    """The finished document of one slice; pure.

    ``answers`` are by the names of `asks`; one that is missing is taken as failed: its blocks say so and
    ``Document.problems`` lists it. ``images`` are the bytes of the files that image blocks name.
    """
    making = Making(definition, parameters, answers, reader, context, images or {}, figure)
    warning = _warning(making)
    blocks = _warned(tuple(_blocks(making, definition.blocks)), warning)
    period = parameters.period()
    return Document(
        title=making.title(definition.title),
        subtitle=making.line(definition.subtitle),
        blocks=blocks,
        organization=context.organization,
        language=reader.language,
        direction=direction_of(reader.language),
        zone=reader.zone,
        facts=tuple(_facts(making)),
        confidentiality=_confidentiality(making),
        data_to_text=_data_to(making),
        made_at=context.made_at,
        data_to=context.data_to,
        period_text=period.text(making.dates) if period else "",
        cover=definition.cover,
        contents=definition.contents,
        words=tuple(making.words.items()),
        number_style=(making.numbers.decimal, making.numbers.group),
        definition=f"{definition.name} {context.version}".strip(),
        filename=_filename(making),
        problems=tuple(making.problems),
        warning=warning,
    )


def _warning(making: Making) -> str:
    """What is the matter with the data as a whole; “” where all had come in time."""
    context = making.context
    if context.stale == "old":
        return making.words["stale"].format(at=making.dates.moment(_local(making, context.data_to)))
    return making.words["incomplete"] if context.stale else ""


def _warned(blocks: tuple[Block, ...], warning: str) -> tuple[Block, ...]:
    """The warning leads the narrative, which every format with prose shows first."""
    if not warning:
        return blocks
    told = Paragraph((Span(warning, "strong"),))
    first = blocks[0] if blocks else None
    if isinstance(first, Text) and first.role == "narrative":
        return (replace(first, paragraphs=(told, *first.paragraphs)), *blocks[1:])
    return (Text((told,), "narrative"), *blocks)


def _confidentiality(making: Making) -> str:
    """The definition's sentence, else the surroundings' own; where its reader lacks what it names, the bare word."""
    said = making.definition.confidentiality
    return making.sentences(said) or making.context.confidentiality or (making.words["confidential"] if said else "")


def _filename(making: Making) -> str:
    name, period = making.definition.name, making.parameters.period()
    usual = f"{name}-{period.key}" if period else name
    said = _UNSAFE.sub("-", making.line(making.definition.filename) or usual)
    return _UNSAFE.sub("-", said).strip("-.") or name


def _facts(making: Making) -> Iterator[tuple[str, str]]:
    words, period = making.words, making.parameters.period()
    prepared_for = making.line(making.definition.prepared_for)
    if prepared_for:
        yield words["prepared_for"], prepared_for
    if period is not None:
        yield words["period"], period.range_text(making.dates)
        if any(request.compare for request in making.definition.data.values()):
            yield words["compared_with"], period.previous().text(making.dates)
    for name in making.definition.parameters:
        value = making.parameters.values[name]
        if name != making.definition.period and isinstance(value, str) and value:
            label = making.definition.parameters[name].label or name.replace("_", " ").capitalize()
            yield making.translate(label), making.parameters.texts()[name]
    for fact in making.definition.facts:
        value = making.fact(fact.value)
        if value:
            yield making.text(fact.label), value
    yield words["data_to"], _data_to(making)
    yield words["made"], making.dates.moment(_local(making, making.context.made_at))


def _data_to(making: Making) -> str:
    """The cut-off of what is shown: the data's own, or the period's end where that came first."""
    period, cut = making.parameters.period(), making.context.data_to
    if period is not None:
        cut = min(cut, period.span.end)
    return making.dates.moment(_local(making, cut), end=True)


def _local(making: Making, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(making.reader.zone))


def _blocks(making: Making, blocks: Iterable[written.Block]) -> Iterator[Block]:
    for block in blocks:
        yield from _block(making, block)


def _block(making: Making, block: written.Block) -> Iterator[Block]:
    match block:
        case written.HeadingBlock():
            yield Heading(making.title(block.heading), block.level, making.told(block.under))
        case written.TextBlock():
            text = text_block(making, block)
            yield from [text] if text is not None else []
        case written.MetricsBlock():
            if making.asked(block.metrics):
                row = metrics_block(making, block)
                yield from [row] if row is not None else _instead(making, block.title, "", making.words["failed"])
        case written.ChartBlock():
            yield from _chart(making, block)
        case written.TableBlock():
            if making.asked(block.table):
                table = (pivot_block if block.pivot else table_block)(making, block)
                yield from (
                    [table] if table is not None else _instead(making, block.title, block.under, making.words["failed"])
                )
        case written.ImageBlock():
            yield from _image(making, block)
        case written.PageBreakBlock():
            yield PageBreak()
        case written.ColumnsBlock():
            parts = [(tuple(_blocks(making, part.blocks)), part.weight) for part in block.columns]
            there = [(part, weight) for part, weight in parts if part]
            if there:
                yield Columns(tuple(part for part, _ in there), tuple(weight for _, weight in there))


def _chart(making: Making, block: written.ChartBlock) -> Iterator[Block]:
    if not making.asked(block.data):
        return
    chart = chart_block(making, block)
    if chart is None:
        yield from _instead(making, block.title, block.under, making.words["failed"])
    elif not chart.x:
        yield from _instead(making, block.title, block.under, empty_text(making, block.data, block.empty))
    else:
        yield chart


def _instead(making: Making, title: str, under: str, said: str) -> Iterator[Block]:
    """The block's title, and in place of the block why there is none."""
    if title:
        yield Heading(making.title(title), 2, making.told(under))
    yield Text((Paragraph((Span(said),)),), "note")


def _image(making: Making, block: written.ImageBlock) -> Iterator[Block]:
    data = making.images.get(block.image)
    media = MEDIA.get(block.image.rsplit(".", 1)[-1].lower())
    if data is None or media is None:
        fault = "is not there" if data is None else "is no PNG, JPEG or SVG"
        making.problems.append(f"Picture “{block.image}” {fault}.")
        return
    yield Image(data, media, making.text(block.alt), block.width, making.told(block.caption))

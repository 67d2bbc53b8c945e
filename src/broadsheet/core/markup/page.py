"""A document as one HTML article, for the file and for the live page."""

from __future__ import annotations

from broadsheet.core.document.model import (
    Block,
    Chart,
    Columns,
    Document,
    Heading,
    Image,
    MetricRow,
    PageBreak,
    Table,
    Text,
)
from broadsheet.core.theme import Theme

from .context import Page
from .figures import figure
from .metrics import metric_row
from .pictures import TWELFTHS, image, sign
from .prose import heading, text
from .tables import table
from .words import data_to
from .writer import Html, join, tag

CONTENTS_FROM = 3  # titles; fewer are seen at a glance


def fragment(
    document: Document,
    *,
    theme: Theme,
    width: int = 984,
    interactive: bool = True,
    head: bool = True,
    foot: bool = True,
) -> str:
    """One ``<article class="bs-report" lang dir>`` with all blocks; everything from the document is escaped.

    *width* is that of the main column in px on a wide screen, for which charts are drawn at most; smaller drawings go
    along. *interactive* adds what ``script()`` needs. *head* and *foot* leave the title block and the closing line to
    a page that has its own. The article wants ``stylesheet(theme)``; it has no inline style and no inline script.
    """
    page = Page(document, theme, width, interactive)
    narrative, rest = _lead(document.blocks)
    body = join(*(_block(block, page) for block in rest))  # before the head, which lists what is in it
    parts = [
        _head(page) if head else "",
        _opening(narrative, page),
        _contents(page) if document.contents else "",
        body,
        _foot(page) if foot else "",
    ]
    return tag("article", *parts, class_="bs-report", lang=document.language, dir=page.direction)


def _lead(blocks: tuple[Block, ...]) -> tuple[Text | None, tuple[Block, ...]]:
    """The narrative that stands beside the facts, and what follows it."""
    if blocks and isinstance(blocks[0], Text) and blocks[0].role == "narrative":
        return blocks[0], blocks[1:]
    return None, blocks


def _head(page: Page) -> Html:
    document = page.document
    brand = sign(page.theme.logo) if page.theme.logo else ""
    name = tag("span", document.organization) if document.organization else ""
    masthead = tag("p", brand, name, class_="bs-brand") if brand or name else ""
    deck = tag("p", document.subtitle, class_="bs-deck") if document.subtitle else ""
    return tag("header", masthead, tag("h1", document.title), deck, class_="bs-title")


def _opening(narrative: Text | None, page: Page) -> Html:
    facts = page.document.facts
    pairs = [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts]
    listed = tag("dl", *pairs, class_="bs-facts") if pairs else ""
    told = text(narrative) if narrative else ""
    if not (told or listed):
        return Html("")
    return tag("div", told, listed, class_="bs-lead" + ("" if told else " bs-facts-only"))


def _contents(page: Page) -> Html:
    if len(page.outline) < CONTENTS_FROM:
        return Html("")
    entries = [tag("li", tag("a", title, href=f"#{name}")) for name, title in page.outline]
    label = page.word("contents")
    return tag("nav", tag("h2", label), tag("ol", *entries), class_="bs-contents", aria_label=label)


def _foot(page: Page) -> Html:
    document = page.document
    lines = (document.confidentiality, document.definition, data_to(document), page.theme.footer)
    parts = [tag("span", line) for line in lines if line]
    return tag("footer", *parts, tag("span", page.theme.name, class_="bs-last"), class_="bs-foot")


def _block(block: Block, page: Page, *, share: float = 1.0) -> Html:
    match block:
        case Heading():
            return heading(block, page)
        case Text():
            return text(block)
        case MetricRow():
            return metric_row(block, page)
        case Chart():
            return figure(block, page, share=share)
        case Table():
            return table(block, page)
        case Image():
            return image(block)
        case PageBreak():
            return tag("div", class_="bs-break")
        case Columns():
            return _columns(block, page, share=share)


def _columns(block: Columns, page: Page, *, share: float) -> Html:
    whole = sum(block.weights[: len(block.columns)]) or float(len(block.columns))
    weights = [*block.weights, *([1.0] * len(block.columns))][: len(block.columns)]
    children = [
        tag(
            "div",
            *(_block(inner, page, share=share * weight / whole) for inner in column),
            class_=f"bs-column bs-grow-{min(TWELFTHS, max(1, round(TWELFTHS * weight / whole)))}",
        )
        for column, weight in zip(block.columns, weights, strict=True)
    ]
    return tag("div", *children, class_="bs-columns")

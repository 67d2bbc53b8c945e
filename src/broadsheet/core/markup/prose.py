"""Paragraphs, lists and headings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from broadsheet.core.document.model import Heading, Paragraph, Span, Text

from .context import Page
from .writer import Html, join, link_allowed, tag

ELEMENTS = {"strong": "strong", "emphasis": "em", "code": "code"}
TONES = frozenset({"better", "worse", "faint"})
LISTS = {"bullet": "ul", "numbered": "ol"}


def spans(parts: tuple[Span, ...]) -> Html:
    """Runs of text with their styles and links; a link that may not be followed stays as text."""
    return join(*(_span(part) for part in parts))


def text(block: Text) -> Html:
    """A block of prose in its role."""
    return tag("div", *_groups(block.paragraphs), class_=f"bs-text bs-{_role(block)}")


def heading(block: Heading, page: Page) -> Html:
    """A section title under its rule."""
    level = 3 if block.level == 3 else 2
    name = page.name(block.text)
    if level == 2:
        page.outline.append((name, block.text))
    under = tag("p", block.under) if block.under else ""
    return tag("header", tag(f"h{level}", block.text, id=name), under, class_=f"bs-op bs-section bs-h{level}")


def toned(shown: str, tone: str, *, word: str = "") -> Html:
    """A figure in its tone, kept together where the text around it runs the other way.

    *word* tells the tone to those who cannot see it.
    """
    hidden = tag("span", f", {word}", class_="bs-vh") if word else ""
    return join(tag("bdi", shown, class_=f"bs-{tone}" if tone in TONES else None), hidden) if shown else Html("")


def _role(block: Text) -> str:
    return block.role if block.role in {"narrative", "note"} else "body"


def _span(part: Span) -> Html:
    inner = tag(ELEMENTS[part.style], part.text) if part.style in ELEMENTS else _plain(part)
    if part.link and link_allowed(part.link):
        return tag("a", inner, href=part.link, rel="noopener noreferrer")
    return inner


def _plain(part: Span) -> Html:
    return toned(part.text, part.style) if part.style in TONES else join(part.text)


def _groups(paragraphs: tuple[Paragraph, ...]) -> Iterator[Html]:
    for kind, members in groupby(paragraphs, key=lambda paragraph: paragraph.kind):
        texts = [spans(member.spans) for member in members]
        if kind in LISTS:
            yield tag(LISTS[kind], *(tag("li", one) for one in texts))
        else:
            yield from (tag("p", one) for one in texts)

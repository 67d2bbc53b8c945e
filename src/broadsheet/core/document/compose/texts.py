"""Prose: a small, safe part of Markdown. It is parsed before placeholders are filled, so that figures and names stay text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from broadsheet.core.document.definition.blocks import TextBlock
from broadsheet.core.document.model import Paragraph, Span, Text
from broadsheet.core.document.placeholders import fill

from .making import Making

SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s{}\"<>]+", re.IGNORECASE)

_PARSER = MarkdownIt("zero").enable(["emphasis", "list", "link", "backticks", "newline", "escape", "entity"])
_KINDS = {"bullet_list_open": "bullet", "ordered_list_open": "numbered"}


def text_block(making: Making, block: TextBlock) -> Text:
    """The block's paragraphs with their placeholders filled."""
    paragraphs = []
    for paragraph in parsed(_in_language(making, block)):
        spans = (Span(fill(span.text, making.lookup), span.style, span.link) for span in paragraph.spans)
        paragraphs.append(Paragraph(tuple(span for span in spans if span.text), paragraph.kind))
    return Text(tuple(paragraphs), block.role)


def _in_language(making: Making, block: TextBlock) -> str:
    language = making.reader.language
    own = block.translations.get(language) or block.translations.get(language.split("-")[0])
    return own or making.translate(block.text)


@lru_cache(maxsize=512)
def parsed(markdown: str) -> tuple[Paragraph, ...]:
    """Paragraphs of *markdown*; placeholders are left alone, links that are not http, https or mailto lose their address."""
    found: list[Paragraph] = []
    kinds = ["paragraph"]
    for token in _PARSER.parse(markdown):
        if token.type in _KINDS:
            kinds.append(_KINDS[token.type])
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            kinds.pop()
        elif token.type == "inline":
            found.append(Paragraph(tuple(_joined(_spans(token.children or []))), kinds[-1]))
    return tuple(found)


def _spans(tokens: list[Token]) -> Iterator[Span]:
    styles: list[str] = []
    link = ""
    for token in tokens:
        match token.type:
            case "strong_open" | "em_open":
                styles.append("strong" if token.type == "strong_open" else "emphasis")
            case "strong_close" | "em_close":
                styles.pop()
            case "link_open":
                address = str(token.attrs.get("href", ""))
                link = address if SAFE_LINK.fullmatch(address) else ""
            case "link_close":
                link = ""
            case "code_inline":
                yield Span(token.content, "code", link)
            case "softbreak" | "hardbreak":
                yield Span(" ", styles[-1] if styles else "", link)
            case _:
                if token.content:
                    yield Span(token.content, styles[-1] if styles else "", link)


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """Neighbours of one style as one, so that a placeholder never lies in two."""
    last: Span | None = None
    for span in spans:
        if last is not None and (last.style, last.link) == (span.style, span.link) and span.style != "code":
            last = Span(last.text + span.text, span.style, span.link)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last

"""Prose: a small, safe part of Markdown. It is parsed before placeholders are filled, so that figures and names stay text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from broadsheet.core.document.definition.blocks import TextBlock
from broadsheet.core.document.model import Paragraph, Span, Text
from broadsheet.core.document.placeholders import fill, names_in, sentence_ends

from .lacking import nothing_said
from .making import Making

SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s{}\"<>]+", re.IGNORECASE)

_PARSER = MarkdownIt("zero").enable(["emphasis", "list", "link", "backticks", "newline", "escape", "entity"])
_KINDS = {"bullet_list_open": "bullet", "ordered_list_open": "numbered"}


def text_block(making: Making, block: TextBlock) -> Text | None:
    """The block's paragraphs with their placeholders filled, without the sentences whose figures the reader lacks.

    A narrative over data in which there is nothing at all says that; None where nothing is left of other prose.
    """
    written = parsed(_in_language(making, block))
    names = [name for paragraph in written for span in paragraph.spans for name in names_in(span.text)]
    without = {name for name in names if making.without(name)}
    if not without:
        return Text(tuple(_filled(making, written, set())), block.role)
    said = nothing_said(making, names) if block.role == "narrative" or any(map(making.failed, without)) else ""
    if said and not any(map(making.failed, without)):
        without = {name for name in names if making.over_data(name)}  # “0 leads, 0 before” adds nothing
    left = list(_filled(making, written, without))
    if said:
        left.append(Paragraph((Span(said),)))
    return Text(tuple(left), block.role) if left else None


def _filled(making: Making, written: tuple[Paragraph, ...], without: set[str]) -> Iterator[Paragraph]:
    """The paragraphs finished, but for the sentences with a placeholder of *without*."""
    for paragraph in written:
        kept = paragraph.spans
        if without:
            sentences = (one for one in _sentences(paragraph) if without.isdisjoint(_names(one)))
            kept = tuple(_joined(span for sentence in sentences for span in sentence))
        spans = [span for one in kept if (span := replace(one, text=fill(one.text, making.lookup))).text]
        if spans and without:
            spans[-1] = replace(spans[-1], text=spans[-1].text.rstrip())
        if spans or not without:
            yield Paragraph(tuple(spans), paragraph.kind)


def _names(spans: list[Span]) -> Iterator[str]:
    return (name for span in spans for name in names_in(span.text))


def _sentences(paragraph: Paragraph) -> Iterator[list[Span]]:
    """The spans of *paragraph* by sentence; one in which a sentence ends is cut in two."""
    ends = sentence_ends("".join(span.text for span in paragraph.spans))
    found: list[Span] = []
    at = 0
    for span in paragraph.spans:
        rest = span
        while ends and ends[0] < at + len(rest.text):
            cut = ends.pop(0) - at
            if cut:
                found.append(replace(rest, text=rest.text[:cut]))
            yield found
            found, at, rest = [], at + cut, replace(rest, text=rest.text[cut:])
        found.append(rest)
        at += len(rest.text)
    yield found


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

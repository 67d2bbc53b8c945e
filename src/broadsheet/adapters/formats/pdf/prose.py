"""Text for typst: cleaned, in spans, in runs of paragraphs and list items."""

from __future__ import annotations

import re

from broadsheet.core.charts.measure import em, shorten
from broadsheet.core.document.model import Paragraph, Span

UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
LINK = re.compile(r"^(https?://|mailto:)[^\s]+$", re.IGNORECASE)
KINDS = {"paragraph": "p", "bullet": "ul", "numbered": "ol"}
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
ISOLATE, RELEASE = "\u2066", "\u2069"
BREAK = "\u200b"  # zero-width space: where a word too long for its column may be broken


def clean(text: str) -> str:
    """*text* on one line, without characters that have no shape."""
    return UNSEEN.sub(" ", text).strip() if UNSEEN.search(text) else text.strip()


def isolated(text: str) -> str:
    """*text* kept in its own order within a right-to-left page: a figure's sign and unit stay on their sides."""
    if not text or RIGHT_TO_LEFT.search(text):
        return text
    return f"{ISOLATE}{text}{RELEASE}"


def shortened(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """*text* cut to *room* pt at *size* pt."""
    return shorten(text, room / size, bold=bold)


def breakable(text: str, room: float, size: float) -> str:
    """*text* with places to break in words that are wider than *room* pt at *size* pt, so that none runs over."""
    if em(text, True) * size <= room:
        return text
    fits = max(1, int(room / size / 0.75))
    return " ".join(
        word if em(word, True) * size <= room else BREAK.join(word[at : at + fits] for at in range(0, len(word), fits))
        for word in text.split(" ")
    )


def paragraphs(found: tuple[Paragraph, ...]) -> list[list[object]]:
    """Runs of one kind each: ["p" | "ul" | "ol", [paragraph or item, …]], an item being a list of spans."""
    runs: list[list[object]] = []
    for paragraph in found:
        kind = KINDS.get(paragraph.kind, "p")
        item = [_span(span) for span in paragraph.spans if span.text]
        if runs and runs[-1][0] == kind and isinstance(runs[-1][1], list):
            runs[-1][1].append(item)
        else:
            runs.append([kind, [item]])
    return runs


def _span(span: Span) -> list[str]:
    address = span.link if LINK.match(span.link) else ""
    return [UNSEEN.sub(" ", span.text), span.style, address]

"""What typst is told: a document as plain data, with positions and colours worked out, and the pictures it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from broadsheet.adapters.drawing.faces import families
from broadsheet.core.document.model import Document, Text
from broadsheet.core.theme import Theme

from .blocks import Drawing, blocks, picture
from .prose import clean, isolated, paragraphs, shortened

PAGE_WIDTH = 493.2  # pt: A4 less 18 mm on either side
FACES = {
    "sans": "Source Sans 3",
    "serif": "Source Serif 4",
    "display": "Source Serif 4 Display",
    "subhead": "Source Serif 4 Subhead",
}
TAG = re.compile(r"^([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}))?(?:[-_]|$)")
# Space between lines of small text, in em: scripts whose letters reach far above and below need more.
LEADING, LEADINGS = 0.5, {"ar": 0.8, "fa": 0.8, "ur": 0.9, "hi": 0.7, "th": 0.8, "ja": 0.58, "zh": 0.58, "ko": 0.58}
COLORS = ("paper", "ink", "ink2", "ink3", "hair", "tint", "accent", "better", "worse")

Data = dict[str, object]


@dataclass(slots=True)
class Plan:
    """``data`` goes to typst as JSON; ``pictures`` (name to SVG) are those that it names."""

    data: Data
    pictures: dict[str, str] = field(default_factory=dict)


def planned(document: Document, *, theme: Theme) -> Plan:
    """*document* made ready for typst. Raises RenderError for a block that can be seen to be unfit."""
    drawing = Drawing(document, theme)
    first = document.blocks[0] if document.blocks else None
    leads = isinstance(first, Text) and first.role == "narrative" and not document.cover
    narrative = paragraphs(first.paragraphs) if leads and isinstance(first, Text) else []
    language, region = _language(document.language)
    shown = isolated if document.direction == "rtl" else str
    title = clean(document.title) or clean(document.filename) or "—"
    data: Data = {
        "language": language,
        "region": region,
        "tight": LEADINGS.get(language, LEADING),
        "direction": "rtl" if document.direction == "rtl" else "ltr",
        "faces": {key: families(face, document.language) for key, face in FACES.items()},
        "colors": {name: getattr(theme.light, name) for name in COLORS} | {"bar": theme.light.sequential[4]},
        "shades": [list(pair) for pair in zip(theme.light.sequential, theme.light.on_sequential, strict=True)],
        "title": title,
        "subtitle": clean(document.subtitle),
        "organization": clean(document.organization),
        "logo": _logo(drawing, theme),
        "confidentiality": clean(document.confidentiality),
        "running": _running(document, title),
        "foot": [
            shortened(clean(document.confidentiality or theme.footer), 170, 8),
            shortened(_data_to(document), 170, 8),
        ],
        "address": clean(theme.footer) if document.confidentiality else "",
        "page_of": _page_of(document),
        "facts": [[clean(name), shown(clean(value))] for name, value in document.facts],
        "cover": document.cover,
        "contents": document.contents or document.cover,
        "contents_title": _capital(clean(document.word("contents"))),
        "narrative": narrative,
        "definition": clean(document.definition),
        "blocks": blocks(document.blocks[1:] if leads else document.blocks, PAGE_WIDTH, drawing=drawing),
    }
    return Plan(data, drawing.pictures)


def _language(tag: str) -> tuple[str, str]:
    """Language and region of a BCP 47 tag as typst takes them; English where it is none."""
    found = TAG.match(tag)
    if found is None:
        return "en", ""
    return found[1].lower(), (found[3] or "").upper()


def _logo(drawing: Drawing, theme: Theme) -> Data | None:
    if theme.logo is None:
        return None
    return {
        "picture": picture(drawing, theme.logo.data, what="The brand’s logo"),
        "alt": clean(theme.logo.alt) or theme.name,
    }


def _running(document: Document, title: str) -> list[str]:
    """The running head: the title, then for whom or for when, as far as they fit a line."""
    beside = clean(document.subtitle)
    period = clean(document.period_text)
    if period and period not in beside:
        beside = f"{beside} · {period}" if beside else period
    title = shortened(title, 230, 8, bold=True)
    return [title, shortened(beside, 200, 8), shortened(clean(document.organization), 110, 8)]


def _data_to(document: Document) -> str:
    text = clean(document.data_to_text)
    return f"{_capital(clean(document.word('data_to')))} {text}" if text else ""


def _page_of(document: Document) -> list[str]:
    """“Page {page} of {pages}” in the reader's language, in pieces around the two numbers."""
    words = clean(document.word("page_of"))
    if "{page}" not in words:
        words = "{page} / {pages}"
    return [piece for piece in re.split(r"(\{pages?\})", words) if piece]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

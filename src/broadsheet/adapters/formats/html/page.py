"""A report as one HTML file: style sheet, fonts, pictures and script inside, nothing fetched from anywhere.

The file's own Content-Security-Policy allows exactly the style sheet and the script that are in it, by their hashes,
so that a text which slipped through all escaping still could not run or call home.
"""

from __future__ import annotations

import base64
import hashlib

from broadsheet.core.document.model import Document
from broadsheet.core.markup import fragment, script, stylesheet
from broadsheet.core.markup.writer import Html, join, tag
from broadsheet.core.theme import Theme
from broadsheet.plugins import Descriptor

from .faces import faces

POLICY = (
    "default-src 'none'",
    "style-src 'sha256-{style}'",
    "script-src 'sha256-{script}'",
    "font-src data:",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
)
# The sheet of paper around the article; colours come from the same custom properties.
SHEET = """
body { margin: 0; }
main > .bs-report { min-height: 100vh; box-sizing: border-box; padding: 0 max(48px, calc(50% - 672px)) 56px; }
@media (max-width: 720px) { main > .bs-report { padding: 0 16px 40px; } }
@page { size: A4; margin: 16mm 18mm 18mm; }
@media print { main > .bs-report { padding: 0; min-height: 0; } .bs-title { padding-top: 0 !important; } }
"""


class HtmlFormat:
    descriptor = Descriptor("html", "HTML", "One file for any browser; charts answer to pointer and keyboard.")
    media_type = "text/html; charset=utf-8"
    extension = "html"

    def render(self, document: Document, *, theme: Theme) -> bytes:
        """The file's bytes in UTF-8; the same for the same document and theme."""
        style = f"{faces()}{stylesheet(theme)}{SHEET}"
        head = tag(
            "head",
            tag("meta", charset="utf-8"),
            _policy(style),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("meta", name="referrer", content="no-referrer"),
            tag("title", _title(document)),
            tag("style", Html(style)),
        )
        article = fragment(document, theme=theme)
        body = tag("body", tag("main", Html(article)), tag("script", Html(script())))
        page = tag("html", head, body, lang=document.language, dir=document.direction)
        return join(Html("<!doctype html>\n"), page, Html("\n")).encode()


def _policy(style: str) -> Html:
    content = "; ".join(POLICY).format(style=digest(style), script=digest(script()))
    return tag("meta", http_equiv="Content-Security-Policy", content=content)


def digest(text: str) -> str:
    """SHA-256 in base64, as a policy names an inline style or script."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _title(document: Document) -> str:
    return " · ".join(part for part in (document.title, document.subtitle) if part)


FORMAT = HtmlFormat()

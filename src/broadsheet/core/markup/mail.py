"""A document as the body of a mail, in HTML and in plain text with the same figures.

Pictures come in as bytes: drawing is the format's business. What only the sender knows is left as TOKENS.
"""

from __future__ import annotations

from broadsheet.core.document.model import Document
from broadsheet.core.theme import Theme

from .mail_body import MailBody, untokened
from .mail_html import html
from .mail_letter import Pictures, chosen, first_chart, preheader, subject
from .mail_text import text

__all__ = ["Pictures", "first_chart", "mail_body"]


def mail_body(document: Document, *, theme: Theme, pictures: Pictures) -> MailBody:
    """The body with its TOKENS still in it; *pictures* show ``first_chart(document)``."""
    letter = chosen(document, theme)
    line = preheader(letter)
    return MailBody(
        subject=untokened(subject(document)),
        html=html(letter, pictures=pictures, preheader=line),
        text=text(letter),
        inline=pictures.all(),
        preheader=untokened(line),
    )

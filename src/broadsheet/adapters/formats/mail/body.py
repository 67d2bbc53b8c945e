"""Draws the pictures of a mail and packs its body as JSON (``core.markup.mail_body``).

One body serves all recipients of a slice; the sender puts in what is one recipient's own. Pictures are drawn at twice
their size, once on light and once on dark paper, with text of 17 px so that 11 px are left on a phone.
"""

from __future__ import annotations

import hashlib
import re

from broadsheet.adapters.drawing.picture import PictureError, png
from broadsheet.core.charts import svg
from broadsheet.core.document.model import Chart, Document
from broadsheet.core.markup.mail import Pictures, first_chart, mail_body
from broadsheet.core.markup.mail_body import Picture, write_body
from broadsheet.core.markup.mail_style import INNER
from broadsheet.core.theme import Logo, Theme, Tokens
from broadsheet.plugins import Descriptor
from broadsheet.reports.ports import RenderError

TEXT = 17.0  # px at full width
SCALE = 2  # pixels of the picture to one px
LOGO_HEIGHT = 28  # px
WIDEST_LOGO = 400  # pixels
LOGO_GROUND = "#FFFFFF"  # signs are made for white paper
RASTER = frozenset({"image/png", "image/jpeg"})


class MailFormat:
    descriptor = Descriptor("mail", "Mail body", "What stands in the mail itself.", capabilities=frozenset({"body"}))
    media_type = "application/json"
    extension = "json"

    def render(self, document: Document, *, theme: Theme) -> bytes:
        """JSON with subject, preheader, html, text and inline pictures; the same for the same document and theme."""
        return write_body(mail_body(document, theme=theme, pictures=_pictures(document, theme)))


def _pictures(document: Document, theme: Theme) -> Pictures:
    logo = _logo(theme.logo)
    chart = first_chart(document)
    if chart is None:
        return Pictures(logo=logo)
    return Pictures(_drawn(chart, theme.light, document), _drawn(chart, theme.dark, document), logo)


def _drawn(chart: Chart, tokens: Tokens, document: Document) -> Picture:
    drawing = svg(
        chart,
        width=INNER,
        tokens=tokens,
        text=TEXT,
        direction=document.direction,
        number_style=document.number_style,
    )
    try:
        data = png(drawing, width_px=SCALE * INNER, background=tokens.paper, language=document.language)
    except PictureError as error:
        raise RenderError(f"The chart “{chart.title or chart.name}” cannot be drawn for the mail: {error}") from error
    return _named(data, "image/png")


def _logo(logo: Logo | None) -> Picture | None:
    """The sign as mail programs can show it: they know no SVG, so that is drawn. One that cannot be is left out; the
    brand's name stands beside it anyway."""
    if logo is None or logo.media_type in RASTER:
        return _named(logo.data, logo.media_type) if logo is not None else None
    drawing = logo.data.decode("utf-8", "replace")
    size = re.search(r'viewBox\s*=\s*["\'][-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)', drawing)
    if size is None or not float(size[2]):
        return None
    width = min(WIDEST_LOGO, max(1, round(LOGO_HEIGHT * SCALE * float(size[1]) / float(size[2]))))
    try:
        return _named(png(drawing, width_px=width, background=LOGO_GROUND), "image/png")
    except PictureError:
        return None


def _named(data: bytes, media_type: str) -> Picture:
    """Named by its content, so that pictures of two mails in one thread are never taken for each other."""
    return Picture(f"{hashlib.sha256(data).hexdigest()[:24]}@broadsheet", media_type, data)


FORMAT = MailFormat()

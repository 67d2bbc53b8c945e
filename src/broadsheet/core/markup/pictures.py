"""Images and the brand's sign, carried in the page itself."""

from __future__ import annotations

import base64

from broadsheet.core.document.model import Image
from broadsheet.core.theme import Logo

from .writer import Html, tag

MEDIA_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"})
TWELFTHS = 12


def image(block: Image) -> Html:
    """A picture with its caption; one of an unknown kind is named in words, not carried."""
    if block.media_type not in MEDIA_TYPES:
        return tag("p", block.alt or block.caption, class_="bs-block bs-note")
    # An <img> runs no script of an SVG and fetches nothing for it.
    picture = tag("img", src=data_uri(block.data, block.media_type), alt=block.alt)
    caption = tag("figcaption", block.caption, class_="bs-note") if block.caption else ""
    width = min(TWELFTHS, max(1, round(TWELFTHS * block.width)))
    return tag("figure", picture, caption, class_=f"bs-block bs-image bs-twelfths-{width}")


def sign(logo: Logo) -> Html:
    """The brand's sign as it stands at the head of a report."""
    return tag("img", src=data_uri(logo.data, logo.media_type), alt=logo.alt, class_="bs-logo")


def data_uri(data: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"

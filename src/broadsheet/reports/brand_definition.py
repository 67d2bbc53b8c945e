"""A brand as a definition file writes it."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from pydantic import Field, field_validator

from broadsheet.core.document.definition.reading import Frozen, read, schema
from broadsheet.core.document.loading import DefinitionError, Loaded
from broadsheet.core.theme import Theme
from broadsheet.core.theme.derive import ThemeError, themed
from broadsheet.core.theme.tokens import Logo

COLOUR = re.compile(r"^#[0-9A-Fa-f]{6}$")
LARGEST_LOGO = 300_000  # bytes; it goes into every file and mail


class BrandDefinition(Frozen):
    """How an organization's pages, files and mails look."""

    name: str
    label: str
    """The brand's name, as readers see it."""
    accent: str = Field("#025975", json_schema_extra={"pattern": COLOUR.pattern})
    """The one colour, as #RRGGBB."""
    logo: str = ""
    """SVG text, or a PNG or JPEG in base64."""
    footer: str = ""
    """Stands at the foot of every page of a file."""
    default: bool = False
    """Whether it is the organization's own brand."""

    @field_validator("accent")
    @classmethod
    def _a_colour(cls, value: str) -> str:
        if not COLOUR.match(value):
            raise ValueError(f"The accent “{value}” is not a colour. | Write # and six digits, such as #025975.")
        return value

    @field_validator("logo")
    @classmethod
    def _a_picture(cls, value: str) -> str:
        logo_of(value)
        return value

    def theme(self) -> Theme:
        """Raises ThemeError when it cannot be drawn."""
        data, kind = logo_of(self.logo)
        logo = Logo(data, kind, self.label) if data else None
        return themed(self.label, accent=self.accent, logo=logo, footer=self.footer)


def logo_of(text: str) -> tuple[bytes, str]:
    """Bytes and media type of a logo's text; two empties for none. Raises ValueError with the fix."""
    text = text.strip()
    if not text:
        return b"", ""
    if text.startswith("<"):
        data, kind = text.encode(), "image/svg+xml"
    else:
        try:
            data = base64.b64decode("".join(text.split()), validate=True)
        except binascii.Error as error:
            raise ValueError("This is neither SVG nor base64. | Paste the SVG's text, or base64 of a PNG.") from error
        kind = picture_type(data)
    if len(data) > LARGEST_LOGO:
        raise ValueError(f"The logo has {len(data):,} bytes. | Make it smaller than {LARGEST_LOGO:,}.")
    return data, kind


def picture_type(data: bytes) -> str:
    """Media type of a picture by its first bytes. Raises ValueError for any other kind."""
    if data.startswith(b"\x89PNG\r\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.lstrip().startswith((b"<svg", b"<?xml")):
        return "image/svg+xml"
    raise ValueError("The logo is not an SVG, PNG or JPEG. | Save it as one of these.")


def brand_from(loaded: Loaded) -> BrandDefinition:
    """The brand that a document describes. Raises DefinitionError with every problem."""
    definition = read(loaded, BrandDefinition, kind="brand")
    try:
        definition.theme()
    except ThemeError as error:
        raise DefinitionError([loaded.problem(("logo" if "logo" in str(error) else "accent",), str(error))]) from error
    return definition


def brand_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a brand's file."""
    return schema(BrandDefinition, kind="brand", title="Brand")

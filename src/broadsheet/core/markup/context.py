"""What the parts of a page share while it is written: the theme, the reader's words, and unique names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from broadsheet.core.document.model import Document
from broadsheet.core.theme import Theme

from .words import word

MARGIN_COLUMN = 304  # px, and
GUTTER = 56  # px before it: facts, notes


@dataclass(slots=True)
class Page:
    """One page in the making. ``width`` is that of its main column in px; ``outline`` gathers (id, title)."""

    document: Document
    theme: Theme
    width: int
    interactive: bool
    outline: list[tuple[str, str]] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)

    def word(self, key: str, **filled: object) -> str:
        """The fixed word in the reader's language, its braces filled in."""
        return word(self.document, key).format(**filled) if filled else word(self.document, key)

    def name(self, wanted: str) -> str:
        """An id that no other element of this page has; equal pages give equal ids."""
        stem = "bs-" + (re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")[:40] or "block")
        found, number = stem, 2
        while found in self._taken:
            found, number = f"{stem}-{number}", number + 1
        self._taken.add(found)
        return found

    @property
    def direction(self) -> str:
        return "rtl" if self.document.direction == "rtl" else "ltr"

    @property
    def whole(self) -> int:
        """Width of the page without its margins: the main column, the gutter and the margin column."""
        return self.width + GUTTER + MARGIN_COLUMN

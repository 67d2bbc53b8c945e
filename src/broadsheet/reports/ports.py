"""What an output format must do. Formats live in ``adapters/formats``; each registers by entry point."""

from __future__ import annotations

from typing import Protocol

from broadsheet.core.document.model import Document
from broadsheet.core.theme import Theme
from broadsheet.plugins import Descriptor, Registry


class RenderError(Exception):
    """A document that this format cannot draw; the message says which block and why. Trying again does not help."""


class Format(Protocol):
    """A file format. Rendering is pure: equal documents and themes give equal bytes, with no network and no files."""

    @property
    def descriptor(self) -> Descriptor: ...

    media_type: str
    extension: str

    def render(self, document: Document, *, theme: Theme) -> bytes:
        """The finished file. Raises RenderError."""


FORMATS: Registry[Format] = Registry("broadsheet.formats", noun="format")

"""Row rules: which of a dataset's rows a reader may see, by the reader's attributes."""

from __future__ import annotations

from dataclasses import dataclass

from .reader import Reader, Scalar


@dataclass(frozen=True, slots=True)
class RowRule:
    """A reader sees the rows whose ``column`` equals their ``attribute``."""

    column: str
    attribute: str

    def value_for(self, reader: Reader) -> Scalar | None:
        """The value that ``column`` must equal for *reader*; None means that no row may be seen at all."""
        return reader.attributes.get(self.attribute)

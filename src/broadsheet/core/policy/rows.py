"""Row rules: which of a dataset's rows a reader may see, by the reader's attributes."""

from __future__ import annotations

from dataclasses import dataclass

from .reader import Reader, Scalar, is_true


@dataclass(frozen=True, slots=True)
class RowRule:
    """A reader sees the rows whose ``column`` equals their ``attribute``. For readers whose attribute ``unless`` is true, such as
    “role.auditor”, it does not hold; empty: it holds for all."""

    column: str
    attribute: str
    unless: str = ""

    def holds_for(self, reader: Reader) -> bool:
        return not (self.unless and is_true(reader.attributes.get(self.unless)))

    def value_for(self, reader: Reader) -> Scalar | None:
        """The value that ``column`` must equal for *reader*; None means that no row may be seen at all."""
        return reader.attributes.get(self.attribute)

    def __str__(self) -> str:
        exempt = self.unless if "." in self.unless else f"reader.{self.unless}"
        return f"{self.column} = reader.{self.attribute}" + (f" unless {exempt}" if self.unless else "")

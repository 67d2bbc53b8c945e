"""Field masks: what stands in a field's place for readers who may not see it clear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .reader import Reader, is_true

Show = Literal["full", "partial", "hash", "bucket", "nothing"]


@dataclass(frozen=True, slots=True)
class Mask:
    """``show``: "full" puts one sign for every value, "partial" keeps its first letter, "hash" gives equal values equal
    pseudonyms, "bucket" the lower edge of steps of ``size``, "nothing" no value. Readers whose attribute ``clear`` is true
    see the field as it is; with no attribute, only who is unrestricted does."""

    show: Show
    size: float = 0.0
    clear: str = ""

    def hides_from(self, reader: Reader) -> bool:
        """Whether *reader* gets the mask."""
        if reader.unrestricted:
            return False
        return not (self.clear and is_true(reader.attributes.get(self.clear)))

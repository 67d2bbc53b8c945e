"""Field masks: what stands in a field's place for readers who may not see it clear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .reader import Reader

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
        """Whether *reader* gets the mask. Texts such as “false”, “no” and “0” are not true."""
        if reader.unrestricted:
            return False
        value = reader.attributes.get(self.clear) if self.clear else None
        if isinstance(value, str):
            return value.strip().lower() not in {"true", "yes", "1"}
        return not value

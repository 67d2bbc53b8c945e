"""What calendars that keep a table of their own have in common."""

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from broadsheet.core.recurrence.calendars.table import MASK, SHIFT, Blocks

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class Tabled:
    """Answers from `blocks`; a copy that crosses processes makes its table anew."""

    __slots__ = ()
    blocks: Blocks

    def is_business_day(self, day: date, /) -> bool:
        ordinal = day.toordinal()
        return self.blocks[ordinal >> SHIFT][ordinal & MASK]

    def __reduce__(self: "DataclassInstance") -> tuple[type, tuple[Any, ...]]:
        return type(self), tuple(getattr(self, one.name) for one in fields(self) if one.init)

"""One period of a fiscal calendar."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Unit = Literal["week", "period", "quarter", "half", "year"]
UNITS: tuple[Unit, ...] = ("week", "period", "quarter", "half", "year")
MARKS: dict[Unit, str] = {"week": "W", "period": "P", "quarter": "Q", "half": "H", "year": ""}


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of local dates.

    unit: "period" is the fiscal month. year: the fiscal year's number. number: from 1 inside the year; 1 for a year.
    first, last: both included. label: "FY2026 P03", "2026-W53".
    """

    unit: Unit
    year: int
    number: int
    first: date
    last: date
    label: str

    @property
    def days(self) -> int:
        return self.last.toordinal() - self.first.toordinal() + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

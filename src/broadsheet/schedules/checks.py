"""What a schedule says of the checks that its content must pass before it is sent: all are on unless it says otherwise."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from broadsheet.core.checks import Limits
from broadsheet.core.document.definition.reading import Frozen, Short


def _unquoted(value: object) -> object:
    """YAML reads a bare “off” as false."""
    return "off" if value is False else value


Do = Annotated[Literal["hold", "warn", "off"], BeforeValidator(_unquoted)]


class Collapse(Frozen):
    """Far fewer rows than usual. ``percent``: below this share of the median of earlier runs. ``runs``: so many earlier
    runs are needed before anything is usual."""

    do: Do = "hold"
    percent: float = Field(25, gt=0, le=100)
    runs: int = Field(3, ge=3, le=50)


class Stale(Frozen):
    """Data that is too old when the run begins. ``hours``: its newest row may be so old; left out, half as old again as it
    ever was before a run of this schedule."""

    do: Do = "hold"
    hours: float | None = Field(None, gt=0, le=24 * 366)


class Size(Frozen):
    """Files that are empty, or too large. ``megabytes``: of one delivery, together; left out, 25 MB by e-mail."""

    do: Do = "hold"
    megabytes: float | None = Field(None, gt=0, le=10_000)


class Checks(Frozen):
    """Each check holds what it finds, until a person releases or drops it, only warns, or is off. ``failed_block``: data of
    a block could not be read. ``blank_block``: a block without rows that always had some. ``share_percent``: when more
    than this share of the slices is held, the whole run is."""

    failed_block: Do = "hold"
    blank_block: Do = "hold"
    collapse: Annotated[Collapse, Short("do")] = Field(default_factory=Collapse)
    stale: Annotated[Stale, Short("do")] = Field(default_factory=Stale)
    size: Annotated[Size, Short("do")] = Field(default_factory=Size)
    share_percent: float = Field(25, ge=0, le=100)

    def limits(self) -> Limits:
        return Limits(
            failed_block=self.failed_block, blank_block=self.blank_block, collapse=self.collapse.do,
            percent=self.collapse.percent, runs=self.collapse.runs, stale=self.stale.do, stale_hours=self.stale.hours,
            size=self.size.do, megabytes=self.size.megabytes, share=self.share_percent,
        )  # fmt: skip

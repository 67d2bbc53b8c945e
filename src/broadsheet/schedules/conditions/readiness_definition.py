"""`ready:` of a schedule: which data must have arrived, how long it is waited for, and what then."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from broadsheet.core.document.definition.data import Where
from broadsheet.core.document.definition.reading import Frozen

PROBES = ("fresh", "source", "rows", "partition", "file")


class Probe(Frozen):
    """One thing that must be so: exactly one of fresh, source, rows, partition and file."""

    fresh: str = Field("", examples=["lead-events"])
    """A dataset whose newest moment is not older than `hours`."""
    source: str = Field("", examples=["leads"])
    """A source whose files, or whose copy, were brought up to date within `hours`."""
    rows: str = Field("", examples=["lead-events"])
    """A dataset with `at_least` so many rows in the `period`."""
    partition: str = Field("", examples=["lead-events"])
    """A dataset with any row in the `period`."""
    file: str = Field("", examples=["leads"])
    """A source to which a file called `name` has come within `hours`."""
    hours: float | None = Field(None, gt=0, le=24 * 366)
    """With fresh, source and file: how old it may be; a day by default."""
    at_least: int | None = Field(None, ge=1, le=1_000_000_000)
    """With rows: how many."""
    period: str = Field("", examples=["yesterday", "last month"])
    """With rows and partition: seen at the firing; by default the report’s own, else yesterday."""
    where: tuple[Where, ...] = ()
    """With rows and partition: conditions that all hold."""
    name: str = Field("", max_length=200, examples=["leads-{date}.parquet"])
    """With file: its name; * and ? stand for any. {date} is the day before the firing, {today} its own."""

    @model_validator(mode="after")
    def _one_kind(self) -> Probe:
        given = [name for name in PROBES if getattr(self, name)]
        if len(given) != 1:
            raise ValueError(f"A probe has exactly one of {', '.join(PROBES)}; this has {len(given)}. | Keep one.")
        allowed = {
            "fresh": {"hours"}, "source": {"hours"}, "rows": {"at_least", "period", "where"},
            "partition": {"period", "where"}, "file": {"hours", "name"},
        }[given[0]]  # fmt: skip
        beyond = sorted(self.model_fields_set - allowed - set(PROBES))
        if beyond:
            raise ValueError(f"“{beyond[0]}” says nothing with “{given[0]}”. | Take it out.")
        if self.rows and self.at_least is None:
            raise ValueError("It is not said how many rows there must be. | Write “at_least: 1000”, for instance.")
        if self.file and not self.name:
            raise ValueError("The file has no name. | Write “name: leads-*.parquet”, for instance.")
        if any(one.parameter is not None for one in self.where):
            raise ValueError("A probe knows no parameters of the report. | Write the value.")
        return self

    @property
    def kind(self) -> str:
        return next(name for name in PROBES if getattr(self, name))

    @property
    def of(self) -> str:
        """The dataset, or the source, that it asks."""
        found: str = getattr(self, self.kind)
        return found

    @property
    def dataset(self) -> str:
        return "" if self.kind in ("source", "file") else self.of


def _listed(value: object) -> object:
    """A list of probes is short for {probes: …}."""
    return {"probes": value} if isinstance(value, list) else value


class Readiness(Frozen):
    """What is waited for before a run begins. All probes must hold."""

    probes: tuple[Probe, ...] = Field(min_length=1, max_length=20)
    within_minutes: float = Field(120, gt=0, le=60 * 24 * 31)
    """How long it is waited for, from the firing on."""
    every_minutes: float = Field(5, ge=1, le=24 * 60)
    """How often it is looked again."""
    otherwise: Literal["wait", "stale", "skip", "alert"] = "alert"
    """What then: wait until the run’s deadline; send it, marked as older than it should be; skip; or skip and tell the owner."""


ReadyPart = Annotated[Readiness, BeforeValidator(_listed)]

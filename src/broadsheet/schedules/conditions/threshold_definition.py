"""`only_if:` of a schedule: the figure that a firing depends on."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from broadsheet.core.conditions import Anomaly, Change, Level, Policy, Threshold
from broadsheet.core.document.definition.data import Where
from broadsheet.core.document.definition.reading import Frozen

KINDS = ("above", "below", "between", "outside", "change", "anomaly")
Pair = Annotated[tuple[float, float], Field(examples=[[10, 20]])]


class ChangeSpec(Frozen):
    """How far the figure must have moved since the period before."""

    by: float = Field(gt=0, allow_inf_nan=False)
    """10 is 10 %, or 10 of what it counts in."""
    unit: Literal["percent", "absolute"] = "percent"
    direction: Literal["up", "down", "any"] = "any"


class AnomalySpec(Frozen):
    """How unusual the figure must be against its own history."""

    score: float = Field(3.5, gt=0, le=100)
    """Its robust z-score: beyond 3.5 is commonly called an outlier."""
    direction: Literal["up", "down", "any"] = "any"
    history: int = Field(56, ge=5, le=400)
    """How many periods before count."""
    by_weekday: bool = True
    """Compare days with the same days of the weeks before."""


class OnlyIf(Frozen):
    """A run goes on only if the figure is so: exactly one of above, below, between, outside, change and anomaly."""

    dataset: str
    metric: str
    where: tuple[Where, ...] = ()
    """Conditions that all hold."""
    period: str = Field("yesterday", examples=["yesterday", "last month", "last 7 days"])
    """Seen at the firing."""
    above: float | None = Field(None, allow_inf_nan=False)
    below: float | None = Field(None, allow_inf_nan=False)
    between: Pair | None = None
    outside: Pair | None = None
    change: ChangeSpec | None = None
    anomaly: AnomalySpec | None = None
    clears: float | None = Field(None, allow_inf_nan=False)
    """It counts as over only when the figure (its change, its score) is back here; by default at the limit itself."""
    in_a_row: int = Field(1, ge=1, le=100)
    """So many firings running must find it so."""
    cooldown_hours: float = Field(0, ge=0, le=24 * 366)
    """So long after a run none follows."""
    once: bool = False
    """Only when it begins, and again only after it was over."""
    no_data: Literal["fire", "skip", "keep"] = "skip"
    """When there is no figure: run, skip, or go by what was the last time."""
    error: Literal["fire", "skip", "retry"] = "retry"
    """When it cannot be asked: run, skip, or try again as the run’s retries say."""

    @model_validator(mode="after")
    def _one_kind(self) -> OnlyIf:
        given = [name for name in KINDS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"A condition has exactly one of {', '.join(KINDS)}; this has {len(given)}. | Keep one.")
        for name in ("between", "outside"):
            pair = getattr(self, name)
            if pair is not None and pair[0] >= pair[1]:
                raise ValueError(f"“{name}” begins where it ends, or after that. | Write the smaller number first.")
        if any(one.parameter is not None for one in self.where):
            raise ValueError("A condition knows no parameters of the report. | Write the value.")
        if self.clears is not None and (wrong := self._wrong_side()):
            raise ValueError(f"“clears” {wrong}. | Write a number on the other side of the limit, or take it out.")
        return self

    @property
    def kind(self) -> str:
        return next(name for name in KINDS if getattr(self, name) is not None)

    @property
    def threshold(self) -> Threshold:
        """As `core.conditions.judge` takes it: percent are fractions there."""
        match self:
            case OnlyIf(change=ChangeSpec() as change):
                whole = 100 if change.unit == "percent" else 1
                clears = None if self.clears is None else self.clears / whole
                return Change(change.by / whole, change.direction, change.unit == "percent", clears)
            case OnlyIf(anomaly=AnomalySpec() as anomaly):
                return Anomaly(anomaly.score, anomaly.direction, self.clears)
            case OnlyIf(between=(low, high)):
                return Level(low, high, inside=True)
            case OnlyIf(outside=(low, high)):
                return Level(low, high)
        return Level(self.above, self.below, clears=self.clears)

    @property
    def policy(self) -> Policy:
        silence = timedelta(hours=self.cooldown_hours)
        return Policy(self.in_a_row, silence, self.once, self.no_data, self.error)

    def _wrong_side(self) -> str:
        assert self.clears is not None  # who asks has looked
        if self.kind in ("between", "outside"):
            return "is for a limit on one side"
        if self.above is not None:
            return "lies above the limit" if self.clears > self.above else ""
        if self.below is not None:
            return "lies below the limit" if self.clears < self.below else ""
        limit = self.change.by if self.change else self.anomaly.score if self.anomaly else 0.0
        return "" if 0 <= self.clears <= limit else "is no smaller movement than the limit"

"""What a report asks of its datasets: metrics by groups, in a period, with their past."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from broadsheet.core.document.tables import FISCAL_GRAINS, GRAINS

from .reading import Frozen, Short

Scalar = str | int | float | bool | date
Grain = Literal[
    "hour", "day", "week", "month", "quarter", "year", "weekday", "hour_of_day",
    "fiscal_week", "fiscal_month", "fiscal_quarter", "fiscal_year",
]  # fmt: skip
Unit = Literal["day", "week", "month", "quarter", "year", "range"]


class By(Frozen):
    """A group: a dimension of the dataset; a time is cut to a grain. A grain alone means the dataset's time."""

    dimension: str = ""
    """Name in the dataset; empty with a grain means the dataset’s time."""
    grain: Grain | None = None
    """Cut a time in the reader’s zone; fiscal ones by the organization’s calendar “fiscal”."""

    @model_validator(mode="before")
    @classmethod
    def _grain_alone(cls, value: object) -> object:
        if isinstance(value, dict) and value.get("dimension") in (*GRAINS, *FISCAL_GRAINS) and len(value) == 1:
            return {"grain": value["dimension"]}
        return value

    @model_validator(mode="after")
    def _something(self) -> By:
        if not self.dimension and not self.grain:
            raise ValueError("A group needs a dimension or a grain. | Write for instance “day” or “source”.")
        return self

    @property
    def column(self) -> str:
        """Name of the result's column."""
        return self.grain or self.dimension


class Where(Frozen):
    """One condition on a dimension. Exactly one of the comparisons; values are bound, never spliced."""

    dimension: str
    """Name in the dataset."""
    equals: Scalar | None = None
    is_not: Scalar | None = Field(None, alias="not")
    any_of: tuple[Scalar, ...] | None = Field(None, alias="in")
    none_of: tuple[Scalar, ...] | None = Field(None, alias="not_in")
    over: Scalar | None = None
    at_least: Scalar | None = None
    under: Scalar | None = None
    at_most: Scalar | None = None
    empty: bool | None = None
    """True: only rows where it is missing; false: only rows where it is there."""
    parameter: str | None = None
    """Equals the value of this parameter; when the reader chose everything, the condition falls away."""

    @model_validator(mode="after")
    def _one_comparison(self) -> Where:
        given = self.model_fields_set - {"dimension"}
        if len(given) != 1:
            known = "equals, not, in, not_in, over, at_least, under, at_most, empty, parameter"
            raise ValueError(f"A condition has exactly one comparison, this has {len(given)}. | Keep one of: {known}.")
        return self


class DataRequest(Frozen):
    """One question to a dataset, under a name that blocks refer to."""

    dataset: str
    """Name of the dataset."""
    metrics: tuple[str, ...] = ()
    """Names of its metrics."""
    by: tuple[Annotated[By, Short("dimension")], ...] = Field(
        (), examples=[["source"], ["day"], ["weekday", "hour_of_day"]]
    )
    """Groups; without any, one row comes back."""
    period: str | None = None
    """Name of the period parameter; by default the report’s first. “none” asks of all times."""
    where: tuple[Where, ...] = ()
    """Conditions that all hold."""
    compare: bool = False
    """Ask the same of the period before, too."""
    history: int | None = Field(None, ge=2, le=60)
    """Ask for so many periods up to this one, for sparklines."""
    order: tuple[str, ...] = Field((), examples=[["-revenue", "source"]])
    """Columns to sort by; a minus in front sorts downwards."""
    limit: int | None = Field(None, ge=1, le=1_000_000)
    """Rows that are fetched at most."""
    rows: bool = False
    """Plain rows of “by”, without adding up."""
    fill: bool = False
    """Add a row for each period without any: 0 for counts and sums, nothing for the rest."""
    only: tuple[Unit, ...] = Field((), examples=[["month"]])
    """Ask only when the chosen period is one of these; else whatever shows it leaves it out."""

    @model_validator(mode="after")
    def _asks_something(self) -> DataRequest:
        if not self.metrics and not self.by:
            raise ValueError("This asks for nothing. | Add “metrics:” or “by:”.")
        if self.rows and (self.metrics or not self.by):
            raise ValueError(
                "“rows” gives plain rows of “by”, without metrics. | Remove “metrics:”, name columns in “by:”."
            )
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the answer's columns."""
        return (*(group.column for group in self.by), *self.metrics)

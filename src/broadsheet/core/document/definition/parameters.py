"""What a reader or a schedule may choose: the parameters of a report."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .reading import Frozen, Short, Words


class Choice(Frozen):
    """One of the values of a choice."""

    value: str
    """What is compared and stored."""
    label: str = ""
    """What is shown; empty means the value."""


class PeriodSpec(Frozen):
    """A stretch of time, by words or dates, in the reader's zone."""

    kind: Literal["period"]
    label: str = "Period"
    """Shown in forms."""
    default: Words = Field("last month", examples=["last month", "last week", "last 7 days", "2026-10", "2026-W43"])
    """Words (“last month”, “last 7 days”, “year to date”) or dates (2026-10, 2026-W43, 2026-Q3, 2026-10-01..2026-10-31)."""


class ChoiceSpec(Frozen):
    """One value of a list; “everything” is no value and filters nothing."""

    kind: Literal["choice"]
    choices: tuple[Annotated[Choice, Short("value")], ...] = Field(
        min_length=1, examples=[["gold", "silver", "bronze"]]
    )
    """The values, each a word or {value, label}."""
    label: str = ""
    default: str = ""
    """One of the choices; empty means all of them."""
    everything: str = "All"
    """Name of the empty choice; empty text forbids it."""

    @model_validator(mode="after")
    def _default_is_a_choice(self) -> ChoiceSpec:
        known = [choice.value for choice in self.choices]
        if self.default and self.default not in known:
            raise ValueError(f"The default “{self.default}” is not a choice. | Use one of {', '.join(known)}.")
        if not self.default and not self.everything:
            raise ValueError("A choice without “everything” needs a default. | Add “default:” with one of the choices.")
        return self


class NumberSpec(Frozen):
    """A number between two bounds."""

    kind: Literal["number"]
    default: float
    label: str = ""
    least: float | None = None
    """Smallest that is taken."""
    most: float | None = None
    """Largest that is taken."""


class TextSpec(Frozen):
    """Free text; it is only ever compared and shown, never run."""

    kind: Literal["text"]
    default: str = ""
    label: str = ""
    longest: int = Field(200, ge=1, le=2000)
    """Characters that are taken."""


class FlagSpec(Frozen):
    """Yes or no."""

    kind: Literal["flag"]
    default: bool = False
    label: str = ""


ParameterSpec = Annotated[PeriodSpec | ChoiceSpec | NumberSpec | TextSpec | FlagSpec, Field(discriminator="kind")]

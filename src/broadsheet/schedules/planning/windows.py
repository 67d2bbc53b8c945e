"""Windows around a firing, as a schedule's definition has them: making ahead of it, beginning some time after it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from broadsheet.core.document.definition.reading import Frozen

MOST_AHEAD_MINUTES = 720  # data that is older than half a day by the time it leaves is not what people expect


def _known(value: object) -> object:
    """Raises ValueError for what is neither a word nor so many minutes."""
    number = isinstance(value, int) and not isinstance(value, bool)
    if value in ("none", "auto") or (number and 1 <= value <= MOST_AHEAD_MINUTES):  # type: ignore[operator]
        return value
    raise ValueError(f"“{value}” is not known. | Write auto, none, or minutes from 1 to {MOST_AHEAD_MINUTES}.")


Ahead = Annotated[Literal["none", "auto"] | Annotated[int, Field(ge=1, le=MOST_AHEAD_MINUTES)], BeforeValidator(_known)]
"""How long before its firing a run is begun: not at all, as its last runs have shown, or so many minutes."""


class Floating(Frozen):
    """``minutes``: the run may begin anywhere within so long after its firing; the planner chooses where."""

    minutes: int = Field(ge=5, le=720)

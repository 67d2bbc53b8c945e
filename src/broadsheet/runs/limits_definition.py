"""How many runs may go on at once in an organization, as a definition file writes it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from broadsheet.core.document.definition.reading import Frozen, read, schema
from broadsheet.core.document.loading import Loaded

NAME = "organization"
AtOnce = Annotated[int, Field(ge=1, le=10_000)]


class LimitsFile(Frozen):
    """``runs``: of the organization; left out: as many as there are workers for. ``sources``: of runs that ask one source,
    by its name, so that it is not asked more than it bears."""

    name: str = NAME
    runs: AtOnce | None = None
    sources: dict[str, AtOnce] = Field(default_factory=dict, examples=[{"warehouse": 2}])


def limits_from(loaded: Loaded) -> LimitsFile:
    """The limits that a document describes. Raises DefinitionError with every problem."""
    return read(loaded, LimitsFile, kind="limits")


def limits_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of the file."""
    return schema(LimitsFile, kind="limits", title="Limits of what runs at once")

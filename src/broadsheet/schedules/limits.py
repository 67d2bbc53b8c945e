"""What one run of a schedule may use, as its definition says it."""

from __future__ import annotations

from pydantic import Field

from broadsheet.core.document.definition.reading import Frozen


class LimitsDefinition(Frozen):
    """What one run may use; a run that goes beyond ends as failed, with that reason, and no other is touched. What is left
    out is bounded by the installation alone, whose own limits a schedule can only narrow.

    ``rows`` and ``megabytes``: what its queries may give in sum. ``seconds``: how long asking and drawing may take.
    ``cpu_seconds``: processor time for drawing, in sum. ``memory_megabytes``: what drawing any one slice may add to its
    process; a slice that needs more fails alone."""

    rows: int | None = Field(None, ge=1)
    megabytes: float | None = Field(None, gt=0)
    seconds: float | None = Field(None, ge=1, le=86_400)
    cpu_seconds: float | None = Field(None, ge=1, le=86_400)
    memory_megabytes: int | None = Field(None, ge=50)

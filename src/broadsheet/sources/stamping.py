"""In which state a source's data is, for engines that need its secrets to tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, cast

from .ports import Engine

SEALED = "sealed-stamp"  # the capability


class Sealed(Engine, Protocol):
    """An engine that has the capability `SEALED`."""

    def sealed_stamp(self, settings: Mapping[str, object], *, secrets: Mapping[str, str]) -> str:
        """As `Engine.stamp`."""


def stamp_of(engine: Engine, settings: Mapping[str, object], *, secrets: Callable[[], Mapping[str, str]]) -> str:
    """A text that changes whenever the source's data does; empty where that cannot be told cheaply. *secrets* are opened
    only for an engine that needs them."""
    if SEALED in engine.descriptor.capabilities:
        return cast(Sealed, engine).sealed_stamp(settings, secrets=secrets())
    return engine.stamp(settings)

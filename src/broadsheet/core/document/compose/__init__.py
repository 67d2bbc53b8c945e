"""From a definition, parameters and answers to the finished document of one slice."""

from __future__ import annotations

from .asking import asks, edged
from .composing import compose
from .making import Context

__all__ = ["Context", "asks", "compose", "edged"]

"""People who were told something."""

from __future__ import annotations

from tests.collaboration.conftest import tell

__all__ = ["tell"]

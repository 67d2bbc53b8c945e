"""SQLite files, opened read-only."""

from .engine import ENGINE

__all__ = ["ENGINE"]

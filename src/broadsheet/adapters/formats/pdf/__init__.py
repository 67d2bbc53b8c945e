"""Paged reports: vector charts, repeated table heads, bookmarks, tagged for screen readers (PDF/UA-1)."""

from .renderer import FORMAT

__all__ = ["FORMAT"]

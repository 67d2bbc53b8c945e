"""Excel workbooks with typed cells and native charts."""

from .workbook import FORMAT

__all__ = ["FORMAT"]

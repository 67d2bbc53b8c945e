"""Plain charts as SVG text: quick, the same on every machine, for paper, pages and mails alike."""

from .drawing import svg
from .sparkline import sparkline

__all__ = ["sparkline", "svg"]

"""A finished document as HTML: the article of the live page and of the file, and the body of a mail."""

from .page import fragment
from .styles import script, stylesheet

__all__ = ["fragment", "script", "stylesheet"]

"""Comma-separated values: the tables of a document as plain records."""

from .writer import FORMAT

__all__ = ["FORMAT"]

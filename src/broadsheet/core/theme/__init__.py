"""Colours of a brand, for paper and for the dark: one source for every format."""

from .tokens import DEFAULT, Theme, Tokens

__all__ = ["DEFAULT", "Theme", "Tokens"]

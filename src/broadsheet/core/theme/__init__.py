"""Colours of a brand, for paper and for the dark: one source for every format."""

from .derive import ThemeError, themed
from .tokens import DEFAULT, Logo, Theme, Tokens

__all__ = ["DEFAULT", "Logo", "Theme", "ThemeError", "Tokens", "themed"]

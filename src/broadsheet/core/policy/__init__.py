"""Who asks, what they may do, and which rows they may see: decisions with their reasons."""

from .actor import Actor
from .masks import Mask
from .reader import Reader
from .roles import Decision, may, permissions_of, require
from .rows import RowRule

__all__ = ["Actor", "Decision", "Mask", "Reader", "RowRule", "may", "permissions_of", "require"]

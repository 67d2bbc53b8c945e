"""Who asks, what they may do, and which rows they may see: decisions with their reasons."""

from .actor import Actor
from .conditions import Circumstances, Condition
from .grants import Grant, Thing
from .masks import Mask
from .reader import Reader
from .roles import Decision, may, may_somewhere, permissions_of, require, require_somewhere
from .rows import RowRule

__all__ = [
    "Actor",
    "Circumstances",
    "Condition",
    "Decision",
    "Grant",
    "Mask",
    "Reader",
    "RowRule",
    "Thing",
    "may",
    "may_somewhere",
    "permissions_of",
    "require",
    "require_somewhere",
]

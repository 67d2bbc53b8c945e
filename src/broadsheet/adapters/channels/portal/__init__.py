"""The inbox on the web."""

from .channel import CHANNEL

__all__ = ["CHANNEL"]

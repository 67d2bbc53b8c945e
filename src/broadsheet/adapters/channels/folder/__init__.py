"""Files into a folder of the server, or one mounted on it."""

from .channel import CHANNEL

__all__ = ["CHANNEL"]

"""E-mail over SMTP."""

from .channel import CHANNEL

__all__ = ["CHANNEL"]

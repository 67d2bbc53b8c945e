"""Signed webhooks."""

from .channel import CHANNEL

__all__ = ["CHANNEL"]

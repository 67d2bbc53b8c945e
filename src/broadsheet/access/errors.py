"""What can go wrong with people and tokens."""

from __future__ import annotations


class AccessError(Exception):
    """What was asked for cannot be; the message says how to mend it."""

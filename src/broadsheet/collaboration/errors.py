"""What can go wrong with notifications."""

from __future__ import annotations


class CollaborationError(Exception):
    """What was asked for cannot be; the message says how to mend it."""


class UnknownNotification(CollaborationError):
    """There is no such notification for the asker."""

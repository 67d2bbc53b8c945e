"""What can be wrong with an act of whoever runs the installation."""

from __future__ import annotations


class OperationsError(Exception):
    """What was asked for cannot be; the message says why, and how to mend it."""


class UnknownWindow(OperationsError):
    """There is no such maintenance window in the organization."""

"""What can go wrong with reports."""

from __future__ import annotations


class ReportError(Exception):
    """What was asked for cannot be; the message says what to change."""


class UnknownReport(ReportError):
    """There is no such report, version or brand in the organization."""

"""Instants as people type them."""

from __future__ import annotations

from datetime import UTC, datetime

from .output import fail


def said(at: datetime) -> str:
    """ "24 Nov 09:12 UTC": what people are told, whatever this machine's zone."""
    return f"{at.astimezone(UTC):%d %b %H:%M} UTC"


def instant(text: str) -> datetime:
    """Aware; UTC where the text names no offset. Ends the command with the fix when it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        fail(f"“{text}” is not an instant.", fix="Write it as 2026-11-23T09:00+00:00.")
    return found if found.tzinfo else found.replace(tzinfo=UTC)

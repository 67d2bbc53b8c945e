"""`broadsheet migrate`: the database brought to this release by itself, before any process of it starts."""

from __future__ import annotations

from .output import console
from .ready import ready


def migrate() -> None:
    """Bring the database to this release, and end. Whatever starts does so too; this is for upgrades in steps."""
    ready(migrate=True)
    console.print("The database is in the form of this release.", highlight=False)

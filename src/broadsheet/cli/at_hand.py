"""The installation that happens to be there, for commands that need none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from broadsheet.home import home

from .ready import SETTINGS

if TYPE_CHECKING:
    from broadsheet.access.models import Organization

DATABASE = "broadsheet.sqlite3"  # in the installation's folder, unless BROADSHEET_DATABASE_URL names another


def installed() -> bool:
    """Whether there is an installation to ask. Nothing is made by asking."""
    named = ("BROADSHEET_DATABASE_URL", "BROADSHEET_DATABASE_URL_FILE")
    return any(os.environ.get(one) for one in named) or (home() / DATABASE).is_file()


def organizations_at_hand() -> list[Organization]:
    """All organizations of the installation here; none where there is none, or where it cannot be asked."""
    if not installed():
        return []
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    try:
        django.setup()
        from broadsheet.access.queries import organizations

        return list(organizations())
    except (DatabaseError, ImproperlyConfigured, OSError, RuntimeError, ValueError):
        return []

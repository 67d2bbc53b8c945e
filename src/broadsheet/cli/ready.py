"""What a command needs before it can act: Django set up, the database in its present form, and whoever acts."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from broadsheet.home import home

from .output import fail

if TYPE_CHECKING:
    from broadsheet.core.policy import Actor

SETTINGS = "broadsheet.config.settings"
LEVEL = "BROADSHEET_LOG_LEVEL"


def ready(*, migrate: bool = False, serving: bool = False) -> Path:
    """Set Django up; with *migrate*, bring the database to this release first. The installation's folder.

    Unless it is *serving*, the log tells errors alone: what a command has to say it says itself.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except (RuntimeError, ValueError, ImproperlyConfigured) as error:
        fail(str(error))
    if not serving and LEVEL not in os.environ:
        for handler in logging.getLogger().handlers:
            if type(handler) is logging.StreamHandler:
                handler.setLevel(logging.ERROR)
    if migrate:
        _migrate()
    elif _behind():
        fail("The database is not in the form of this release.", fix="Start the server once with “broadsheet up”.")
    return folder


def machine_owner(organization: str) -> Actor:
    """Whoever may run commands on this machine acts for the whole of *organization* (its slug; empty: the only one)."""
    from broadsheet.access.queries import organizations, system_actor

    found = {one.slug: one for one in organizations()}
    if organization and organization not in found:
        fail(f"There is no organization “{organization}”.", fix=f"There are: {', '.join(found) or 'none yet'}.")
    if not found:
        fail(
            "There is no organization yet.",
            fix="Make one with “broadsheet user add”, or the sample’s with “broadsheet sample”.",
        )
    if not organization and len(found) > 1:
        fail("There are several organizations.", fix=f"Say which with --organization: {', '.join(found)}.")
    return system_actor(found[organization or next(iter(found))].pk, via="cli")


MIGRATION_LOCK = 0x62726F61  # any number that nobody else of the database uses


def _migrate() -> None:
    """Bring the database to this release; of several processes that start at once, one after another."""
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor != "postgresql":
        call_command("migrate", verbosity=0, interactive=False)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def _behind() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

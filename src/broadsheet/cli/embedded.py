"""Everything that works, in one process: render pool, scheduler, runners and the mail catcher."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from .output import errors, fail
from .ownership import ownership


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    """Work until the block ends; gives the owner's name. Raises Owned where SQLite has an owner already."""
    from django.conf import settings
    from django.db import connection
    from django.utils.module_loading import import_string

    from broadsheet.collaboration.actions.mail_due import mail_due
    from broadsheet.compliance.actions.seal import seal_all
    from broadsheet.delivery.actions.keep_mail import keep
    from broadsheet.runs.actions.work import Tools
    from broadsheet.runs.rendering import EXECUTORS
    from broadsheet.runs.store import artifact_store
    from broadsheet.runs.worker import Worker
    from broadsheet.schedules.actions.ask_clocks import ask_clocks_due
    from broadsheet.schedules.actions.refresh_calendars import refresh_due
    from broadsheet.sources.actions.sync import sync_due

    alone = connection.vendor == "sqlite"
    owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
    with ExitStack() as stack:
        if alone:
            stack.enter_context(ownership(folder))
        if settings.CATCHER_PORT:
            catcher = import_string(settings.MAIL_CATCHER)(keep, port=settings.CATCHER_PORT)
            if _caught(catcher, settings.CATCHER_PORT, alone=alone):
                stack.callback(catcher.stop)
        pool = EXECUTORS.get("local").pool(
            processes=settings.RENDER_PROCESSES,
            seconds=settings.RENDER_SECONDS,
            megabytes=settings.RENDER_MEGABYTES,
        )
        stack.callback(pool.close)
        worker = Worker(
            Tools(owner, pool, artifact_store(), lambda: datetime.now(UTC), alone=alone),
            chores=[
                lambda now: refresh_due(import_string(settings.CALENDAR_FETCHER), now=now),
                lambda now: ask_clocks_due(now=now),
                lambda now: mail_due(clock=lambda: datetime.now(UTC)),
                lambda now: seal_all(now=now),
                lambda now: sync_due(now=now),
            ],
        )
        worker.start()
        stack.callback(worker.stop)
        yield owner


def _caught(catcher: Any, port: int, *, alone: bool) -> bool:
    """Whether this process catches mail. Beside others of one database, one of them does, and that is enough."""
    try:
        catcher.start()
    except OSError:
        if alone:
            fix = "End what listens there, or choose another with BROADSHEET_CATCHER_PORT (0: no catcher)."
            fail(f"The mail catcher's port {port} cannot be had.", fix=fix)
        errors.print(f"Another process listens on the mail catcher's port {port}; this one catches no mail.")
        return False
    return True

"""What processes of an installation do, each in a block: schedule, work, catch mail, or all of it in one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .output import errors, fail
from .ownership import ownership

if TYPE_CHECKING:
    from broadsheet.runs.ports import Dispatcher


@contextmanager
def embedded(folder: Path, *, kind: str = "all") -> Iterator[str]:
    """Everything that works, until the block ends; gives the owner's name. Raises Owned where SQLite has an owner
    already."""
    from django.conf import settings
    from django.db import connection
    from django.utils.module_loading import import_string

    from broadsheet.delivery.actions.keep_mail import keep

    alone = connection.vendor == "sqlite"
    with ExitStack() as stack:
        if alone:
            stack.enter_context(ownership(folder))
        if settings.CATCHER_PORT:
            catcher = import_string(settings.MAIL_CATCHER)(keep, port=settings.CATCHER_PORT)
            if _caught(catcher, settings.CATCHER_PORT, alone=alone):
                stack.callback(catcher.stop)
        dispatcher = dispatching()
        owner = stack.enter_context(working(dispatcher, alone=alone, kind=kind))
        stack.enter_context(scheduling(dispatcher))
        yield owner


def dispatching() -> Dispatcher:
    """The installation's way to tell workers of runs. Ends the command where it cannot be had."""
    from django.conf import settings
    from django.db import connection

    from broadsheet.runs.ports import DISPATCHERS

    if settings.BROKER_URL and connection.vendor == "sqlite":
        fix = "Set BROADSHEET_DATABASE_URL too, or leave BROADSHEET_BROKER_URL out."
        fail("A broker tells several processes of runs, and SQLite has one alone.", fix=fix)
    try:
        return DISPATCHERS.get(settings.DISPATCHER)
    except ImportError:
        fail("Celery is not installed.", fix="Install it: in Broadsheet’s folder, pip install '.[celery]'.")


@contextmanager
def scheduling(dispatcher: Dispatcher) -> Iterator[None]:
    """Fire what is due, tell workers of it, and do the chores, until the block ends."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    from broadsheet.access.tallies import forget_old
    from broadsheet.collaboration.actions.mail_due import mail_due
    from broadsheet.compliance.actions.seal import seal_all
    from broadsheet.operations.counting import count_all
    from broadsheet.operations.metrics import watch_queue
    from broadsheet.runs.actions.dispatch import dispatch_due
    from broadsheet.runs.actions.watch_milestones import watch_milestones
    from broadsheet.runs.nodes import tidy_nodes
    from broadsheet.runs.restored import remembered
    from broadsheet.runs.scheduler import Scheduler, hourly
    from broadsheet.schedules.actions.ask_clocks import ask_clocks_due
    from broadsheet.schedules.actions.hooks import forget_calls
    from broadsheet.schedules.actions.refresh_calendars import refresh_due
    from broadsheet.schedules.conditions.forgetting import forget_conditions
    from broadsheet.sources.actions.sync import sync_due

    scheduler = Scheduler(
        dispatcher.bell(),
        lambda: datetime.now(UTC),
        chores=[
            lambda now: refresh_due(import_string(settings.CALENDAR_FETCHER), now=now),
            lambda now: ask_clocks_due(now=now),
            lambda now: mail_due(clock=lambda: datetime.now(UTC)),
            lambda now: seal_all(now=now),
            lambda now: sync_due(now=now),
            lambda now: tidy_nodes(now=now),
            lambda now: dispatch_due(now=now),
            lambda now: watch_milestones(now=now),
            lambda now: forget_calls(now=now),
            lambda now: forget_old(now=now),
            lambda now: count_all(),
            hourly(lambda now: forget_conditions(days=settings.CONDITIONS_DAYS, now=now)),
        ],
    )
    watch_queue()
    with remembered(settings.HOME):
        scheduler.start()
        try:
            yield
        finally:
            scheduler.stop()


@contextmanager
def working(
    dispatcher: Dispatcher, *, alone: bool = False, weights: Sequence[str] = ("light", "heavy"), places: int = 0,
    kind: str = "worker",
) -> Iterator[str]:  # fmt: skip
    """Claim runs and carry them, until the block ends; gives the owner's name. *alone*: no other process works. *kind*: what
    the process is called in the list of them."""
    from django.conf import settings

    from broadsheet.runs.actions.work import Tools
    from broadsheet.runs.nodes import own_name, present
    from broadsheet.runs.rendering import EXECUTORS
    from broadsheet.runs.restored import remembered
    from broadsheet.runs.store import artifact_store
    from broadsheet.runs.worker import Worker

    owner = own_name()
    pool = EXECUTORS.get("local").pool(
        processes=settings.RENDER_PROCESSES, seconds=settings.RENDER_SECONDS, megabytes=settings.RENDER_MEGABYTES
    )
    tools = Tools(owner, pool, artifact_store(), lambda: datetime.now(UTC), alone=alone)
    worker = Worker(tools, dispatcher, weights=weights, places=places)
    with remembered(settings.HOME), present(owner, kind=kind, places=places or settings.RUNS_AT_ONCE) as node:
        worker.start()
        try:
            yield owner
        finally:
            node.leave()
            worker.stop()
            pool.close()


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

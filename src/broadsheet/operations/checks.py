"""What can be wrong with an installation, each looked at in turn. A check never raises: a fault is its finding."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.functions import Now

from broadsheet.access.models import Organization
from broadsheet.access.queries import system_actor
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.delivery.actions.channels import check_channel
from broadsheet.delivery.queries import channels
from broadsheet.reports.ports import FORMATS
from broadsheet.runs.nodes import nodes
from broadsheet.runs.ports import DISPATCHERS
from broadsheet.runs.store import artifact_store
from broadsheet.sources.actions.check import check_source
from broadsheet.sources.actions.try_dataset import try_dataset
from broadsheet.sources.queries import sources

ENOUGH_BYTES = 1_000_000_000
CLOCK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """``check`` names what was looked at, ``message`` what was found, ``fix`` what to do."""

    check: str
    verdict: Literal["ok", "warn", "bad"]
    message: str
    fix: str = ""


MAY = "operation.steer"


def check_for(actor: Actor, *, now: datetime) -> list[Finding]:
    """What concerns the actor's organization: the installation's parts, and its own sources and channels. Raises Refused."""
    require(actor, MAY)
    return check_all(now=now, organization_id=actor.organization_id)


def check_all(*, now: datetime, organization_id: int | None = None) -> list[Finding]:
    """Every finding, in a fixed order; *now* is this machine's clock. Sources and channels of all organizations, or of one
    alone."""
    checks: list[Callable[[], Iterator[Finding]]] = [
        _address, _database, _form, lambda: _clock(now), _broker, _processes, _disk, _store, _formats,
        lambda: _connections(now, organization_id),
    ]  # fmt: skip
    return [finding for check in checks for finding in _guarded(check)]


def _guarded(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    name = getattr(check, "__name__", "check").strip("_<>")
    try:
        yield from check()
    except Exception as error:
        yield Finding(name, "bad", f"The check itself failed: {type(error).__name__}.", "Look into the log.")


def _address() -> Iterator[Finding]:
    local = "127.0.0.1" in settings.BASE_URL or "localhost" in settings.BASE_URL
    if local:
        yield Finding("address", "warn", f"Links in mails lead to {settings.BASE_URL}.", "Set BROADSHEET_BASE_URL for readers on other machines.")  # fmt: skip
    elif not settings.SECURE:
        yield Finding("address", "bad", f"{settings.BASE_URL} is not encrypted.", "Put a proxy with TLS in front.")
    else:
        yield Finding("address", "ok", f"{settings.BASE_URL}")


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    kind = "SQLite, one machine" if connection.vendor == "sqlite" else connection.vendor
    yield Finding("database", "ok", f"{kind} answers.")


def _form() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Finding("migrations", "bad", "The database is not in the form of this release.", "Start the server anew, which brings it there.")  # fmt: skip
    else:
        yield Finding("migrations", "ok", "The database is in the form of this release.")


def _broker() -> Iterator[Finding]:
    if settings.BROKER_URL:
        wrong = DISPATCHERS.get(settings.DISPATCHER).check()
        fix = "Runs go on, and begin up to 15 s later. Look after the broker." if wrong else ""
        yield Finding("broker", "bad" if wrong else "ok", wrong or "It answers.", fix)


def _processes() -> Iterator[Finding]:
    """None at all is no fault here: the checks may be made before the server is started."""
    seen = nodes()
    gone = [one.node.name for one in seen if one.gone]
    there = [one.node.kind for one in seen if not one.gone]
    if gone:
        yield Finding("processes", "warn", f"Gone without a word: {', '.join(gone)}.", "Runs of theirs go on elsewhere. Look why they ended.")  # fmt: skip
    elif there and not {"all", "worker"} & set(there):
        yield Finding("processes", "bad", "No process works on runs.", "Start one: “broadsheet worker”.")
    elif there and not {"all", "scheduler"} & set(there):
        yield Finding("processes", "bad", "No process fires schedules.", "Start one: “broadsheet scheduler”.")
    elif there:
        yield Finding("processes", "ok", f"There are {len(there)}: {', '.join(sorted(there))}.")


def _clock(now: datetime) -> Iterator[Finding]:
    organization = Organization.objects.annotate(there=Now()).values_list("there", flat=True).first()
    ZoneInfo("America/New_York")  # raises when there is no zone data
    apart = abs((organization - now).total_seconds()) if organization else 0.0
    if apart > CLOCK_SECONDS:
        yield Finding("clock", "bad", f"This clock and the database's are {apart:.0f} s apart.", "Let both follow NTP.")
    else:
        yield Finding("clock", "ok", "This clock and the database's agree; zone data is there.")


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.HOME).free
    message = f"{free / 1e9:.1f} GB are free under {settings.HOME}."
    if free < ENOUGH_BYTES:
        yield Finding("disk", "bad", message, "Free some, or move BROADSHEET_HOME.")
    else:
        yield Finding("disk", "ok", message)


def _store() -> Iterator[Finding]:
    verdict = artifact_store().check()
    yield Finding("artifact store", "ok" if verdict.ok else "bad", verdict.message, verdict.fix)


def _formats() -> Iterator[Finding]:
    fonts = Path(__file__).resolve().parent.parent / "adapters" / "formats" / "fonts"
    yield Finding("formats", "ok", f"Installed: {', '.join(FORMATS.ids())}.")
    if not any(fonts.glob("*.ttf")):
        yield Finding("fonts", "bad", "The report fonts are missing.", "Run “make setup”.")


def _connections(now: datetime, organization_id: int | None) -> Iterator[Finding]:
    asked = Organization.objects.all() if organization_id is None else Organization.objects.filter(pk=organization_id)
    for organization in asked.order_by("id"):
        actor = system_actor(organization.pk, via="cli")
        for source in sources(actor):
            found = check_source(actor, source.name, now=now)
            yield Finding(f"source {source.name}", "ok" if found.ok else "bad", found.verdict)
            for dataset in source.datasets.all() if found.ok else ():
                wrong = try_dataset(actor, dataset)
                yield Finding(f"dataset {dataset.name}", "bad" if wrong else "ok", wrong or "It answers.")
        for channel in channels(actor):
            tried = check_channel(actor, channel.name, now=now)
            yield Finding(f"channel {channel.name}", "ok" if tried.ok else "bad", tried.verdict)

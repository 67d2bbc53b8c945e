"""Runs that an actor may see, and what they made."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from broadsheet.access.reach import within_schedules
from broadsheet.core.policy import Actor
from broadsheet.runs.errors import UnknownRun
from broadsheet.runs.models import Occurrence, SliceFile


def runs(actor: Actor, *, schedule: str = "", since: datetime | None = None) -> QuerySet[Occurrence]:
    """Occurrences, newest firing first, those that did not run among them. Raises Refused."""
    found = Occurrence.objects.filter(reached_by(actor, "delivery.read"), organization_id=actor.organization_id)
    if schedule:
        found = found.filter(schedule__name=schedule)
    if since is not None:
        found = found.filter(fire_at__gte=since)
    return found.select_related("schedule__report", "report_version").order_by("-fire_at", "-created_at")


def reached_by(actor: Actor, permission: str) -> Q:
    """The runs on which *actor* holds *permission*: those of the schedules that they reach. Raises Refused."""
    return within_schedules(
        actor, permission, at="schedule_id", report="schedule__report_id", owner="schedule__owner_id"
    )  # fmt: skip


def run(actor: Actor, key: UUID | str) -> Occurrence:
    """Raises UnknownRun."""
    try:
        found = runs(actor).filter(pk=UUID(str(key))).first()
    except ValueError:
        found = None
    if found is None:
        raise UnknownRun(f"There is no run {key} here. Look at the schedule's runs.")
    return found


def files(slice_id: int | None, formats: list[str]) -> list[SliceFile]:
    """The files of a slice in *formats*, in their order."""
    if slice_id is None:
        return []
    found = {one.format: one for one in SliceFile.objects.filter(slice_id=slice_id).select_related("artifact")}
    return [found[name] for name in formats if name in found]

"""Sources that are copied: the settings as their engine needs them, and how it stands with each copy."""

from __future__ import annotations

from django.db.models import QuerySet

from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require

from .copying import FOLDER, copying, folder_of
from .models import Source, SourceCopy


def located(source: Source) -> dict[str, object]:
    """The source's settings, and where its copy lies."""
    settings = {key: value for key, value in source.settings.items() if key != FOLDER}
    if copying(source.engine) is None:
        return settings
    return settings | {FOLDER: str(folder_of(source.organization_id, source.pk or 0))}


def copies(actor: Actor) -> QuerySet[SourceCopy]:
    """How it stands with the copies of the organization's sources, by the source's name. Raises Refused."""
    require(actor, "source.read")
    mine = SourceCopy.objects.filter(source__organization_id=actor.organization_id)
    return mine.select_related("source").order_by("source__name")

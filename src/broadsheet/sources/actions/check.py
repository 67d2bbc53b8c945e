"""Try a source's connection and keep the verdict."""

from __future__ import annotations

from datetime import datetime

from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.sources.errors import SourceError, UnknownSource
from broadsheet.sources.models import Source

from .ask import connection


def check_source(actor: Actor, name: str, *, now: datetime) -> Source:
    """The source with its fresh verdict. Raises UnknownSource for a name that is not there."""
    require(actor, "source.edit")
    source = Source.objects.filter(organization_id=actor.organization_id, name=name).first()
    if source is None:
        raise UnknownSource(f"There is no source “{name}”. Look at the list of sources.")
    try:
        with connection(source) as opened:
            tables = opened.tables()
        source.ok, source.verdict = True, f"It answers; {len(tables)} tables: {', '.join(tables[:12])}."
    except SourceError as error:
        error.logged(action="check", organization=actor.organization_id, source=name)
        source.ok, source.verdict = False, str(error)
    source.checked_at = now
    source.save(update_fields=["ok", "verdict", "checked_at"])
    record(actor, "source.checked", name, now=now, ok=source.ok)
    return source

"""When data came to a source: its files, for engines that can list them, or its copy."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from broadsheet.access.sealed import unseal
from broadsheet.sources.copies import located
from broadsheet.sources.copying import copying
from broadsheet.sources.listing import LISTED, Arrived, Listing
from broadsheet.sources.models import Source, SourceCopy
from broadsheet.sources.ports import ENGINES

from .ask import purpose_of


def lists_files(source: Source) -> bool:
    """Whether its files can be listed."""
    return LISTED in ENGINES.get(source.engine).descriptor.capabilities


def tells_when(source: Source) -> bool:
    """Whether it is known when its data came."""
    return lists_files(source) or copying(source.engine) is not None


def arrived(source: Source) -> tuple[Arrived, ...]:
    """Its files; () for a source that has none. Raises Unreachable, QueryRefused."""
    if not lists_files(source):
        return ()
    engine = cast(Listing, ENGINES.get(source.engine))
    secrets = unseal(source.sealed, purpose=purpose_of(source.organization_id, source.name))
    return engine.arrived(located(source), secrets=secrets)


def brought_up_to_date(source: Source) -> datetime | None:
    """When its data came last: its newest file, or its copy's last update; None where there is none, or it is not known.
    Raises Unreachable, QueryRefused."""
    if copying(source.engine) is not None:
        return SourceCopy.objects.filter(source=source).values_list("synced_at", flat=True).first()
    return max((one.at for one in arrived(source)), default=None)

"""Bring the copies of sources up to date: when one is due, and when a person asks.

What went wrong is kept with the copy, and what it held before stays in use. The engine sees to it that every row is kept
once, whoever calls and whenever they die.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from broadsheet.access.queries import system_actor
from broadsheet.access.sealed import unseal
from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.keyring import Unsealable
from broadsheet.plugins import UnknownPart
from broadsheet.sources.copies import located
from broadsheet.sources.copying import COPY, Copying, copying, minutes_of
from broadsheet.sources.errors import Busy, QueryRefused, SourceError, UnknownSource
from broadsheet.sources.models import Source, SourceCopy
from broadsheet.sources.ports import ENGINES

from .ask import purpose_of

log = logging.getLogger(__name__)
AT_HAND_SECONDS = 20.0  # a person waits no longer; the rest comes by itself
CHORE_SECONDS = 20.0  # other chores wait meanwhile
LONGEST_PAUSE = timedelta(hours=1)  # whatever the other side asks for


@dataclass(frozen=True, slots=True)
class Synced:
    """``new`` rows came; ``whole``: nothing is left to fetch. ``copy`` is how it stands now; its ``said`` tells what went
    wrong. ``busy``: somebody else is at it."""

    new: int
    whole: bool
    copy: SourceCopy
    busy: bool = False


def sync_source(actor: Actor, name: str, *, now: datetime, seconds: float = AT_HAND_SECONDS) -> Synced:
    """Bring the copy of the source *name* up to date, for about *seconds*; what is left then comes by itself.

    Raises Refused, UnknownSource, and QueryRefused for a source without a copy. What goes wrong on the other side is in
    the answer, not raised.
    """
    require(actor, "source.edit")
    source, engine = copied(actor, name)
    done = _sync(actor, source, engine, now=now, seconds=seconds)
    record(actor, "source.synced", name, now=now, new=done.new, whole=done.whole, said=done.copy.said)
    return done


def sync_due(*, now: datetime) -> int:
    """Bring every copy up to date that is due; how many were looked after. Several processes may call this: each copy is
    taken by one. Ends early where it takes long, so that other chores have their turn."""
    done, begun = 0, time.monotonic()
    for copy in _due(now):
        mine = SourceCopy.objects.filter(pk=copy.pk, tried_at=copy.tried_at)
        if not mine.update(tried_at=now):  # another process was first
            continue
        engine = copying(copy.source.engine)
        if engine is not None:
            _by_itself(copy, engine, now=now)
            done += 1
        if time.monotonic() - begun > CHORE_SECONDS:
            break
    return done


def copied(actor: Actor, name: str) -> tuple[Source, Copying]:
    """The source *name* of the actor's organization and its engine. Raises UnknownSource, and QueryRefused for one that
    has no copy."""
    source = Source.objects.filter(organization_id=actor.organization_id, name=name).first()
    if source is None:
        raise UnknownSource(f"There is no source “{name}” here. Look at the list of sources.")
    engine = copying(source.engine)
    if engine is None:
        label = ENGINES.get(source.engine).descriptor.label
        raise QueryRefused(f"“{name}” is asked where its data lives ({label}); there is nothing to bring up to date.")
    return source, engine


def _due(now: datetime) -> list[SourceCopy]:
    """Copies that are due, those longest untouched first; those of a source that was changed since are. A source that is
    new has its row made."""
    mine = Source.objects.filter(engine__in=_engines())
    new = mine.exclude(pk__in=SourceCopy.objects.values("source_id"))
    SourceCopy.objects.bulk_create([SourceCopy(source=one) for one in new], ignore_conflicts=True)
    late = Q(due_at__isnull=True) | Q(due_at__lte=now) | Q(source__updated_at__gt=F("tried_at"))
    found = SourceCopy.objects.filter(late, source__in=mine).select_related("source")
    return list(found.order_by(F("tried_at").asc(nulls_first=True), "pk"))


def _engines() -> list[str]:
    found = []
    for name in ENGINES.ids():
        try:
            found += [name] if COPY in ENGINES.get(name).descriptor.capabilities else []
        except (UnknownPart, ImportError):  # a part of somebody else's that does not load is no reason to stop
            log.warning("an engine does not load action=sync engine=%s", name)
    return found


def _by_itself(copy: SourceCopy, engine: Copying, *, now: datetime) -> None:
    source, before = copy.source, copy.said
    actor = system_actor(source.organization_id)
    done = _sync(actor, source, engine, now=now, seconds=CHORE_SECONDS)
    if not done.busy and (
        done.new or done.copy.said != before
    ):  # a quarter of an hour without news is none for the journal
        record(actor, "source.synced", source.name, now=now, new=done.new, whole=done.whole, said=done.copy.said)


def _sync(actor: Actor, source: Source, engine: Copying, *, now: datetime, seconds: float) -> Synced:
    facts, minutes = located(source), minutes_of(source.settings)
    before = engine.held(facts).rows
    pause, said, pulled = timedelta(minutes=minutes), "", None
    try:
        secrets = unseal(source.sealed, purpose=purpose_of(source.organization_id, source.name))
        pulled = engine.pull(facts, secrets=secrets, now=now, seconds=seconds)
        ok = True if pulled.whole else source.ok
    except Busy as error:
        said, ok = str(error), source.ok  # nothing is wrong, and it goes on later
        if not error.seconds:
            return _left_alone(source, said)
        pause = min(LONGEST_PAUSE, max(pause, timedelta(seconds=error.seconds)))
    except Unsealable:
        said, ok = "Its secrets cannot be opened: the key that sealed them is gone. Enter them anew.", False
    except SourceError as error:
        error.logged(action="sync", organization=actor.organization_id, source=source.name)
        said, ok = str(error), False
    held = pulled.held if pulled else engine.held(facts)
    whole = pulled is not None and pulled.whole
    state: dict[str, object] = {
        "tried_at": now, "said": said, "due_at": now + pause if whole or said else now,
        "rows": held.rows, "first_at": held.first_at, "last_at": held.last_at, "size": held.size,
    }  # fmt: skip
    if whole:
        state["synced_at"] = now
    copy, _ = SourceCopy.objects.update_or_create(source=source, defaults=state)
    if whole or ok is False:  # a sync tries the connection better than a test does
        verdict = said or f"It is up to date: {held.rows:,} events."
        Source.objects.filter(pk=source.pk).update(ok=ok, verdict=verdict, checked_at=now)
    return Synced(max(0, held.rows - before), whole, copy)


def _left_alone(source: Source, said: str) -> Synced:
    """Somebody else is at it, and will say how it went."""
    copy, _ = SourceCopy.objects.get_or_create(source=source)
    copy.said = said
    return Synced(0, False, copy, busy=True)

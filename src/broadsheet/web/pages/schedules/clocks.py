"""The clocks of a draft's recipients, for a rule on each one's own: asked of the audience as it is written now."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import datetime
from typing import Any

from django.core.cache import cache
from pydantic import ValidationError

from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import Refused
from broadsheet.core.recurrence import OwnClock, Timing
from broadsheet.schedules.audience_rights import columns_of, kept_back
from broadsheet.schedules.definition import AudienceDefinition
from broadsheet.schedules.firing import clocks_in, clocks_of
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.own_times import time_of_day
from broadsheet.schedules.recipients import recipients
from broadsheet.sources.errors import QueryRefused, SourceError
from broadsheet.sources.queries import dataset

KEPT_SECONDS = 120  # a draft is asked about with every pause of the keys
log = logging.getLogger(__name__)


def recipients_clocks(
    actor: Actor, timing: Timing, audience: Any, saved: Schedule | None, *, now: datetime
) -> tuple[OwnClock, ...]:
    """() for a rule on one clock. Where the audience cannot be asked yet, those of what is saved."""
    if not timing.personal:
        return ()
    try:
        found = _asked(actor, AudienceDefinition.model_validate(audience), now=now)
    except (SourceError, ValidationError, Refused) as error:
        log.info("clocks of a draft not asked action=preview error=%s", type(error).__name__)
        return clocks_of(saved) if saved else ()
    return tuple(OwnClock(zone, time_of_day(at) if at else None) for zone, at in found)


def _asked(actor: Actor, audience: AudienceDefinition, *, now: datetime) -> list[list[str]]:
    """Raises UnknownSource for a dataset that is out of the actor's reach, QueryRefused where saving would be refused."""
    if audience.dataset and (told := kept_back(actor, dataset(actor, audience.dataset), columns_of(audience))):
        raise QueryRefused(told)
    written = json.dumps(audience.model_dump(mode="json"), sort_keys=True)
    key = f"clocks:{actor.organization_id}:{hashlib.sha256(written.encode()).hexdigest()}"
    found: list[list[str]] | None = cache.get(key)
    if found is None:
        found = clocks_in(recipients(actor.organization_id, audience, as_of=now))
        cache.set(key, found, KEPT_SECONDS)
    return found

"""The clocks of a draft's recipients, for a rule on each one's own: asked of the audience as it is written now."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import datetime
from typing import Any

from django.core.cache import cache
from pydantic import ValidationError

from broadsheet.core.recurrence import OwnClock, Timing
from broadsheet.schedules.definition import AudienceDefinition
from broadsheet.schedules.firing import clocks_in, clocks_of
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.own_times import time_of_day
from broadsheet.schedules.recipients import recipients
from broadsheet.sources.errors import SourceError

KEPT_SECONDS = 120  # a draft is asked about with every pause of the keys
log = logging.getLogger(__name__)


def recipients_clocks(
    timing: Timing, audience: Any, saved: Schedule | None, *, organization_id: int, now: datetime
) -> tuple[OwnClock, ...]:
    """() for a rule on one clock. Where the audience cannot be asked yet, those of what is saved."""
    if not timing.personal:
        return ()
    try:
        found = _asked(organization_id, audience, now=now)
    except (SourceError, ValidationError) as error:
        log.info("clocks of a draft not asked action=preview error=%s", type(error).__name__)
        return clocks_of(saved) if saved else ()
    return tuple(OwnClock(zone, time_of_day(at) if at else None) for zone, at in found)


def _asked(organization_id: int, audience: Any, *, now: datetime) -> list[list[str]]:
    written = json.dumps(audience, sort_keys=True, default=str)
    key = f"clocks:{organization_id}:{hashlib.sha256(written.encode()).hexdigest()}"
    found: list[list[str]] | None = cache.get(key)
    if found is None:
        found = clocks_in(recipients(organization_id, AudienceDefinition.model_validate(audience), as_of=now))
        cache.set(key, found, KEPT_SECONDS)
    return found

"""What the earlier runs of a schedule made, for checks to compare with."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from broadsheet.core.checks import Past
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Reader
from broadsheet.runs.models import Occurrence, Slice
from broadsheet.schedules import queries as schedules

RUNS = 8  # that are compared with
LOOKED_AT = 7 * RUNS  # so that a daily schedule finds as many of one weekday
ALIKE = 3  # runs on its weekday are enough to leave the other days aside
WENT_OUT = (State.ACCEPTED, State.PARTIAL, State.UNCONFIRMED, State.SUPPRESSED, State.FAILED)
NOT_COUNTED = ("held", "dropped")  # what a person has not let pass says nothing of what is usual


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs to compare with, oldest first, with their cut-offs and the newest moments in their data, ISO by dataset.
    ``weekday``: they are all of that day (0 is Monday); None: of any."""

    keys: tuple[UUID, ...]
    newest: tuple[tuple[datetime, Mapping[str, str]], ...]
    weekday: int | None


def earlier_runs(occurrence: Occurrence) -> Runs:
    """The last ones of the same weekday, where there are enough of them and it fires on others too; else the last ones."""
    zone = ZoneInfo(schedules.zone_of(occurrence.organization_id))
    mine = Occurrence.objects.filter(
        schedule_id=occurrence.schedule_id, kind="scheduled", state__in=WENT_OUT, fire_at__lt=occurrence.fire_at,
        made_at__isnull=False,
    )  # fmt: skip
    found = list(mine.order_by("-fire_at").values_list("pk", "fire_at", "as_of", "newest")[:LOOKED_AT])
    weekday = occurrence.fire_at.astimezone(zone).weekday()
    alike = [one for one in found if one[1].astimezone(zone).weekday() == weekday]
    chosen = (alike if len(alike) >= ALIKE else found)[:RUNS][::-1]
    day = weekday if len(alike) >= ALIKE and len(alike) < len(found) else None
    return Runs(tuple(one[0] for one in chosen), tuple((one[2] or one[1], one[3]) for one in chosen), day)


def past_of(runs: Runs, identities: Collection[str]) -> dict[str, tuple[Past, ...]]:
    """By identity what those runs made for it, oldest first; those who were in none of them are not there."""
    if not runs.keys or not identities:
        return {}
    made = Slice.objects.filter(occurrence_id__in=runs.keys, identity__in=identities, state="made")
    rows = made.exclude(verdict__in=NOT_COUNTED).values_list("identity", "occurrence_id", "rows", "counts")
    by_run: defaultdict[str, dict[UUID, Past]] = defaultdict(dict)
    for identity, key, number, counts in rows:
        by_run[identity].setdefault(key, Past(number, counts))
    return {one: tuple(found[key] for key in runs.keys if key in found) for one, found in by_run.items()}


def identity_of(reader: Reader) -> str:
    """SHA-256 over what decides which rows *reader* sees. It stays from run to run, unlike a slice's key."""
    seen = [reader.unrestricted, sorted(reader.attributes.items())]
    return hashlib.sha256(json.dumps(seen, default=str).encode()).hexdigest()

"""What the ledger's address asks for: filters, and the rows that they leave."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils import timezone

from broadsheet.core.lifecycle import Delivery as State
from broadsheet.core.policy import Actor
from broadsheet.delivery.models import Delivery
from broadsheet.delivery.queries import deliveries, state_counts
from broadsheet.runs.models import SliceFile
from broadsheet.web.templatetags.states import STATES

NOT_ACCEPTED = ",".join(state for state in State if state != State.ACCEPTED)
HASH = re.compile(r"[0-9a-f]{8,64}", re.IGNORECASE)
RANKS = [When(state=state, then=Value(rank)) for rank, state in enumerate(STATES)]


@dataclass(frozen=True, slots=True)
class Filters:
    """As asked; whatever cannot be read is empty. ``day`` is a day of the reader's calendar, by the firing."""

    text: str = ""
    state: str = ""
    schedule: str = ""
    channel: str = ""
    run: UUID | None = None
    day: date | None = None

    def query(self, **changed: object) -> str:
        """The address's query with some of it changed; empty parts are left out."""
        asked = QueryDict(mutable=True)
        given = {
            "q": self.text, "state": self.state, "schedule": self.schedule, "channel": self.channel,
            "run": self.run, "day": self.day, **changed,
        }  # fmt: skip
        asked.update({name: str(value) for name, value in given.items() if value})
        return asked.urlencode()


def filters_from(asked: Mapping[str, str]) -> Filters:
    """The filters of a query; states that do not exist are left out of it."""
    states = [state for state in asked.get("state", "").split(",") if state in set(State)]
    return Filters(
        text=asked.get("q", "").strip()[:200],
        state=",".join(states),
        schedule=asked.get("schedule", "")[:100],
        channel=asked.get("channel", "")[:100],
        run=_uuid(asked.get("run", "")),
        day=_day(asked.get("day", "")),
    )


def rows(actor: Actor, filters: Filters) -> QuerySet[Delivery]:
    """Newest firing first, and trouble first in it."""
    found = _without_state(actor, filters)
    if filters.state:
        found = found.filter(state__in=filters.state.split(","))
    rank = Case(*RANKS, default=Value(len(RANKS)), output_field=IntegerField())
    return found.order_by("-occurrence__fire_at", rank, "recipient_name", "channel_id", "pk")


def counts(actor: Actor, filters: Filters) -> Counter[str]:
    """How many are in each state, whatever state is asked for."""
    return state_counts(_without_state(actor, filters))


def _without_state(actor: Actor, filters: Filters) -> QuerySet[Delivery]:
    found = deliveries(actor, schedule=filters.schedule, occurrence=filters.run)
    if filters.text:
        found = found.filter(_text(actor, filters.text))
    if filters.channel:
        found = found.filter(channel__name=filters.channel)
    if filters.day is not None:
        begin, end = bounds(filters.day)
        found = found.filter(occurrence__fire_at__gte=begin, occurrence__fire_at__lt=end)
    return found


def _text(actor: Actor, text: str) -> Q:
    """By name, address and reply; a piece of a hash also finds who got those bytes."""
    said = Q(pk__in=deliveries(actor, text=text).order_by().values("pk"))
    if not HASH.fullmatch(text):
        return said
    files = SliceFile.objects.filter(
        artifact__organization_id=actor.organization_id, artifact__sha256__startswith=text.lower()
    )
    return said | Q(slice_id__in=files.values("slice_id"))


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first instant of *day* on the reader's clock, and the first after it."""
    zone = timezone.get_current_timezone()
    return datetime.combine(day, time.min, zone), datetime.combine(day + timedelta(days=1), time.min, zone)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None

"""Which clocks stand in the masthead: the reader's, and those of most recipients of the last days."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db.models import Count
from django.utils import timezone
from django.utils.dateformat import format as format_date

from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.delivery.queries import deliveries
from broadsheet.web import telling

OTHERS = 2
KEPT_SECONDS = 600  # where most recipients live does not change from page to page
LOOKED_BACK = timedelta(days=8)  # a weekly schedule is always among them


def wall(now: datetime, zone: str, *, home: str) -> str:
    """ "09:12", with the weekday where that zone has another day than *home*."""
    there, here = now.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(home))
    return format_date(there, "H:i" if there.date() == here.date() else "D H:i")


def clocks(actor: Actor, *, now: datetime) -> list[dict[str, str]]:
    """The reader's clock first, then those of the zones with most recipients."""
    home = timezone.get_current_timezone_name()
    shown = [home, *(zone for zone in _busiest(actor, now=now) if zone != home)][: OTHERS + 1]
    return [{"zone": zone, "label": telling.city(zone), "time": wall(now, zone, home=home)} for zone in shown]


def _busiest(actor: Actor, *, now: datetime) -> list[str]:
    key = f"clocks:{actor.organization_id}"
    found: list[str] | None = cache.get(key)
    if found is None and not may_somewhere(actor, "delivery.read"):
        return []
    if found is None:
        recent = deliveries(actor).filter(occurrence__fire_at__gte=now - LOOKED_BACK).order_by()
        counted = recent.values_list("zone").annotate(number=Count("pk")).order_by("-number", "zone")
        found = [zone for zone, _number in counted[: OTHERS + 1]]
        cache.set(key, found, KEPT_SECONDS)
    return found

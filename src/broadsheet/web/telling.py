"""Moments, spans and counts in words, on the reader's clock, for sentences; `{% instant %}` is for places of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from broadsheet.core.lifecycle import Occurrence as Run
from broadsheet.core.recurrence.places import place
from broadsheet.web.templatetags.states import STATES, state_of

Count = dict[str, object]


def day(moment: datetime | date, *, zone: str = "") -> str:
    """ "Mon 23 Nov", with the year where it is another than this one."""
    there = local(moment, zone=zone) if isinstance(moment, datetime) else moment
    this_year = timezone.localdate().year
    return format_date(there, "D j M" if there.year == this_year else "D j M Y")


def clock(moment: datetime, *, zone: str = "") -> str:
    """ "08:00", with seconds only where there are some and they were planned."""
    return format_date(local(moment, zone=zone), "H:i")


def moment(value: datetime, *, zone: str = "") -> str:
    """ "Mon 23 Nov 08:00"."""
    return f"{day(value, zone=zone)} {clock(value, zone=zone)}"


def wall(value: datetime) -> str:
    """A naive wall time, that is nobody's instant: "Mon 30 Nov 08:00"."""
    return f"{day(value.date())} {format_date(value, 'H:i')}"


def local(value: datetime, *, zone: str = "") -> datetime:
    """*value* on the clock of *zone*, else on the reader's."""
    return value.astimezone(ZoneInfo(zone)) if zone else timezone.localtime(value)


def city(zone: str) -> str:
    """What people call *zone*, in the page's language: "New York", "São Paulo"."""
    return place(zone, get_language() or "en")


def span(length: timedelta | float) -> str:
    """ "4 s", "3 min 40 s", "2 h 5 min", "3 days"."""
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    if seconds < 10:
        return _("%(n)s s") % {"n": f"{max(seconds, 0):.1f}".removesuffix(".0")}
    whole = round(seconds)
    if whole < 60:
        return _("%(n)d s") % {"n": whole}
    if whole < 3600:
        return _("%(m)d min %(s)d s") % {"m": whole // 60, "s": whole % 60}
    if whole < 48 * 3600:
        return _("%(h)d h %(m)d min") % {"h": whole // 3600, "m": whole % 3600 // 60}
    return _("%(d)d days") % {"d": whole // 86_400}


def in_order(counts: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    """States and numbers, trouble first, those of none left out; states of later releases at the end."""
    known = [(name, counts[name]) for name in STATES if counts.get(name)]
    return known + [(name, number) for name, number in counts.items() if number and name not in STATES]


def accepted_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """As `in_order`, with what was accepted in front, as a bar is read."""
    return sorted(in_order(counts), key=lambda pair: pair[0] != Run.ACCEPTED)


def counted(counts: Mapping[str, int], address: str, **query: object) -> list[Count]:
    """Counts for `{% statebar %}` and rows of outcomes; each leads to *address* with its state."""
    from django.http import QueryDict

    shown = []
    for name, number in accepted_first(counts):
        asked = QueryDict(mutable=True)
        asked.update({**{key: str(value) for key, value in query.items() if value}, "state": name})
        label = f"{number:,} {state_of(name).word}"
        shown.append({"state": name, "count": number, "label": label, "href": f"{address}?{asked.urlencode()}"})
    return shown


def cut(text: str, length: int = 140) -> str:
    """*text* on one line, at most *length* characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"

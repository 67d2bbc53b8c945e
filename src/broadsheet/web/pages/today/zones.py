"""The day across the zones: where recipients live, what reached them today and what is still to come.

How many a coming firing will reach is not known before it runs: the number is that of the schedule's last run, and the
words say so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.runs.models import Occurrence
from broadsheet.web import telling
from broadsheet.web.pages.shell.clocks import wall

from .agenda import Coming

Shown = dict[str, Any]
Spread = Mapping[UUID, Mapping[str, Mapping[str, int]]]  # deliveries by run, zone and state
MOST_ROWS = 8
NEAR = 3  # percent of the day: marks closer than this would cover each other
OFFICE = (time(9), time(17))


def day(
    runs: Iterable[Occurrence],
    spread: Spread,
    later: list[Coming],
    last: Mapping[int, UUID],
    *,
    now: datetime,
    begin: datetime,
) -> Shown | None:
    """The variables of `partials/day.html`; None when there is nothing to show. *begin*: the day's first instant."""
    rows: defaultdict[str, list[Shown]] = defaultdict(list)
    for run in runs:
        for zone, counts in spread.get(run.pk, {}).items():
            rows[zone].append(_past(run, counts, begin))
    for one in later:
        expected = spread.get(last.get(one.schedule.pk, UUID(int=0)), {}) or {one.firing.local.tzinfo.key: {}}  # type: ignore[union-attr]
        for zone, counts in expected.items():
            rows[zone].append(_future(one, sum(counts.values()), begin))
    if not rows:
        return None
    busiest = sorted(rows, key=lambda zone: -sum(mark["weight"] for mark in rows[zone]))[:MOST_ROWS]
    others = [zone for zone in rows if zone not in busiest]
    home = timezone.get_current_timezone_name()

    def shown(zones: Iterable[str]) -> list[Shown]:
        eastmost_first = sorted(zones, key=lambda zone: (-_offset(zone, now), zone))
        return [_row(zone, rows[zone], now=now, begin=begin, home=home) for zone in eastmost_first]

    return {
        "zone": telling.city(home),
        "now": {"x": _percent(now, begin), "text": _("%(time)s now") % {"time": telling.clock(now)}},
        "rows": shown(busiest),
        "others": shown(others),
        "list": [_listed(one, spread, last) for one in later],
    }


def _row(zone: str, marks: list[Shown], *, now: datetime, begin: datetime, home: str) -> Shown:
    return {
        "label": telling.city(zone),
        "time": wall(now, zone, home=home),
        "hours": _hours(zone, begin),
        "marks": _apart(marks),
    }


def _past(run: Occurrence, counts: Mapping[str, int], begin: datetime) -> Shown:
    return {
        "at": run.fire_at,
        "x": _percent(run.fire_at, begin),
        "state": run.state,
        "counts": Counter(counts),
        "weight": sum(counts.values()),
        "text": "",
    }


def _future(one: Coming, number: int, begin: datetime) -> Shown:
    state = one.state if one.chosen in ("skip", "hold") else "due"
    return {
        "at": one.firing.at,
        "x": _percent(one.firing.at, begin),
        "state": state,
        "counts": Counter({state: number}),
        "weight": number or 1,
        "text": telling.cut(one.schedule.title, 32),
    }


def _apart(marks: list[Shown]) -> list[Shown]:
    """Marks in order of time; those that would cover each other become one, with all their counts."""
    shown: list[Shown] = []
    for mark in sorted(marks, key=lambda one: one["at"]):
        before = shown[-1] if shown else None
        if before is None or float(mark["x"][:-1]) - float(before["x"][:-1]) > NEAR:
            shown.append(dict(mark))
            continue
        before["counts"] = before["counts"] + mark["counts"]
        before["state"] = min(before["state"], mark["state"], key=_rank)
        if mark["text"]:  # two things at one time: the first by name, the others by number
            before["more"] = before.get("more", 0) + bool(before["text"])
            before["text"] = before["text"] or mark["text"]
    for mark in shown:
        mark["text"] += f" +{mark['more']}" if mark.get("more") else ""
    return [{**mark, **_worst(mark["counts"], otherwise=mark["state"])} for mark in shown]


def _worst(counts: Mapping[str, int], *, otherwise: str) -> Shown:
    """The worst state that there is, and of how many: "2/40"; *otherwise* where nothing is counted."""
    there = {state: number for state, number in counts.items() if number}
    if not there:
        return {"state": otherwise, "count": ""}
    state, total = min(there, key=_rank), sum(there.values())
    return {"state": state, "count": f"{there[state]:,}/{total:,}" if len(there) > 1 else f"{total:,}"}


def _rank(state: str) -> int:
    from broadsheet.web.templatetags.states import STATES

    names = list(STATES)
    return names.index(state) if state in names else len(names)


def _listed(one: Coming, spread: Spread, last: Mapping[int, UUID]) -> Shown:
    reached = spread.get(last.get(one.schedule.pk, UUID(int=0)), {})
    number = sum(sum(counts.values()) for counts in reached.values())
    words = ngettext("%(n)s recipient last time", "%(n)s recipients last time", number) % {"n": f"{number:,}"}
    return {
        "state": one.state,
        "text": f"{telling.clock(one.firing.at)} {one.schedule.title}",
        "under": words if number else one.reason,
        "href": reverse("web:schedule", args=[one.schedule.name]),
    }


def _percent(at: datetime, begin: datetime) -> str:
    """Where an instant of the day stands on the reader's wall clock, which is what the axis shows."""
    there = at.astimezone(begin.tzinfo)
    minutes = (there.date() - begin.date()).days * 1440 + there.hour * 60 + there.minute
    return f"{min(max(minutes / 14.4, 0), 100):.2f}%"


def _hours(zone: str, begin: datetime) -> list[Shown]:
    """Nine to five there, on the reader's day: up to two pieces."""
    end = begin + timedelta(days=1)
    there = ZoneInfo(zone)
    first = begin.astimezone(there).date()
    spans = []
    for ahead in range(3):
        date = first + timedelta(days=ahead)
        opened, closed = (datetime.combine(date, moment, there) for moment in OFFICE)
        opened, closed = max(opened, begin), min(closed, end)
        if opened < closed:
            x, to = _share(opened, begin), _share(closed, begin)
            spans.append({"x": f"{x:.2f}%", "width": f"{to - x:.2f}%"})
    return spans


def _share(at: datetime, begin: datetime) -> float:
    return (at - begin).total_seconds() / 864


def _offset(zone: str, now: datetime) -> float:
    return (now.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()).total_seconds()

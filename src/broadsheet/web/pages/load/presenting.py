"""The load to come in words, as a map of hours, and as lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.core.planning import STEP, Cell, Spread, peak
from broadsheet.schedules.planning.foreseeing import Foresight, Seen
from broadsheet.web import telling

Shown = dict[str, Any]
LEVELS = 5  # of the map's shades, above none
SHARES = (0.1, 0.3, 0.6, 0.9)  # of all places, in the mean of an hour, at which the shade gets darker
WAITS = 12
MOVES = 40
HOURS = range(24)


def sentence(found: Foresight) -> str:
    """The headline's truth: what comes, and who would wait."""
    facts = found.now.facts()
    runs = ngettext("%(n)s run", "%(n)s runs", facts["runs"]) % {"n": f"{facts['runs']:,}"}
    if not facts["runs"]:
        return _("Nothing fires in this time.")
    if not facts["waited"]:
        return _("%(runs)s; none would wait for a place.") % {"runs": runs}
    return _("%(runs)s; %(n)s would wait for a place, the longest %(time)s.") % {
        "runs": runs, "n": f"{facts['waited']:,}", "time": telling.span(facts["longest_wait_seconds"]),
    }  # fmt: skip


def totals(found: Foresight) -> list[Shown]:
    """A row for how it is, and one for how it would be."""
    rows = [(_("As it is"), found.now)]
    if found.then is not None:
        rows.append((_("As asked"), found.then))
    return [_total(label, seen) for label, seen in rows]


def _total(label: str, seen: Seen) -> Shown:
    facts, busiest = seen.facts(), ""
    if facts["busiest"]:
        day, hour = facts["busiest"]["day"], facts["busiest"]["hour"]
        busiest = f"{telling.day(day)} {hour:02}:00"
    return {
        "label": label, "runs": f"{facts['runs']:,}", "places": f"{facts['workers']:,}",
        "most": f"{facts['most_at_once']:,}", "busiest": busiest, "waited": f"{facts['waited']:,}",
        "longest": telling.span(facts["longest_wait_seconds"]) if facts["waited"] else "–",
    }  # fmt: skip


def days(found: Foresight, seen: Seen) -> list[Shown]:
    """The map: a row a day, a cell an hour. ``say`` holds the same in words."""
    first, last = found.since.date(), found.until.date()
    return [_day(day, seen) for day in (first + timedelta(days=n) for n in range((last - first).days))]


def _day(day: date, seen: Seen) -> Shown:
    cells = [_cell(seen.cells.get((day, hour)), seen.limits.workers) for hour in HOURS]
    return {"label": telling.day(day), "off": day.weekday() > 4, "cells": cells}


def _cell(cell: Cell | None, places: int) -> Shown:
    if cell is None:
        return {"level": 0, "runs": "", "say": ""}
    say = ngettext("%(n)s run", "%(n)s runs", cell.runs) % {"n": f"{cell.runs:,}"}
    say = _("%(runs)s, at most %(most)s at once") % {"runs": say, "most": f"{cell.most:,}"}
    if cell.waited:
        say = _("%(what)s; the longest waits %(time)s") % {"what": say, "time": telling.span(cell.waited)}
    return {
        "level": level(cell, places),
        "runs": f"{cell.runs:,}" if cell.runs else "",
        "say": say,
        "waits": cell.waited > 0,
    }


def level(cell: Cell, places: int) -> int:
    """1 to 5: how much of the hour all places are busy. One in which something waits is never among the lightest."""
    share = cell.busy / (3600 * places)
    found = 1 + sum(share >= one for one in SHARES)
    return max(found, 3) if cell.waited else found


def waits(found: Foresight, seen: Seen) -> Shown:
    """The runs that would wait longest."""
    all_of_them = seen.waits
    rows = [
        {
            "title": found.titles.get(_name(one.key), one.key) + one.key[len(_name(one.key)) :],
            "href": reverse("web:schedule", args=[_name(one.key)]),
            "at": datetime.fromtimestamp(one.at, UTC),
            "waits": telling.span(one.waited),
        }
        for one in all_of_them[:WAITS]
    ]
    return {"rows": rows, "more": max(0, len(all_of_them) - WAITS)}


def _name(key: str) -> str:
    """The schedule's; one that was only asked for is called after the one that it is like."""
    return key.partition(" ")[0]


def spreading(found: Spread, titles: Mapping[str, str], *, zone: str) -> Shown:
    """The planner's proposal: the fullest day before and after as lines, and the list of what moves."""
    before, after = peak(found.before), peak(found.after)
    moves = [
        {
            "title": titles.get(one.key, one.key), "href": reverse("web:schedule", args=[one.key]),
            "was": _after(one.was), "now": _after(one.now),
        }
        for one in found.moves
    ]  # fmt: skip
    return {
        "moves": moves[:MOVES], "more": max(0, len(moves) - MOVES), "before": before, "after": after,
        "lines": lines(found, zone=zone) if found.before else None,
    }  # fmt: skip


def _after(seconds: int) -> str:
    return _("%(n)d min after") % {"n": seconds // 60} if seconds else _("at its firing")


WIDTH, HEIGHT, TOP = 960, 150, 12  # of the drawing, in its own units; 40 an hour


def lines(found: Spread, *, zone: str) -> Shown:
    """The load of the day on which it is highest now, as it is and spread, in steps on the clock of *zone*."""
    highest = max(found.before, key=lambda step: (found.before[step], -step))
    local = telling.local(datetime.fromtimestamp(highest * STEP, UTC), zone=zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    first = int(midnight.timestamp() // STEP)
    steps = range(first, int((midnight + timedelta(days=1)).timestamp() // STEP))
    most = max(peak(found.before), 1)

    def points(load: Mapping[int, int]) -> list[tuple[float, float]]:
        wide = WIDTH / len(steps)
        found = []
        for index, step in enumerate(steps):
            y = round(HEIGHT - (HEIGHT - TOP) * load.get(step, 0) / most, 1)
            found += [(round(index * wide, 1), y), (round((index + 1) * wide, 1), y)]
        return found

    ticks = [{"x": hour * WIDTH // 24, "label": f"{hour:02}"} for hour in range(0, 24, 3)]
    return {
        "day": format_date(midnight, "l j F"), "width": WIDTH, "height": HEIGHT, "foot": HEIGHT + 18,
        "before": _path(points(found.before), closed=True), "after": _path(points(found.after), closed=False),
        "ticks": ticks, "most": most,
    }  # fmt: skip


def _path(points: Sequence[tuple[float, float]], *, closed: bool) -> str:
    drawn = [points[0]]
    for one in points[1:]:
        if len(drawn) > 1 and drawn[-1][1] == one[1] == drawn[-2][1]:
            drawn[-1] = one  # a level stretch is one line
        else:
            drawn.append(one)
    text = "M" + "L".join(f"{x:g} {y:g}" for x, y in drawn)
    return f"{text}L{WIDTH} {HEIGHT}L0 {HEIGHT}Z" if closed else text

"""Filters that single out: which groups of a filtered answer, taken from the answer without the filter, would tell of too few.

Whoever has both answers has their difference in every group and every total. So what a filter keeps out of a group, or of
all groups of a line together, is nothing or enough units; and what is left out of the answer without the filter is left
out of this one, since a filter that changes nothing there would show it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from broadsheet.core.document.tables import Value

from .suppressing import left_out, lines_of, together

Key = tuple[Value, ...]
Counts = Mapping[Key, Sequence[int]]
"""By group, those included that the filters keep out whole: what each way of leaving filters away would add."""


@dataclass(frozen=True, slots=True)
class _Without:
    """One answer with fewer filters. ``places`` are those of the shown answer's groups, None for what is not in it;
    ``more`` is what comes in each; ``there`` are those that are too small even then, which no one is shown."""

    places: Sequence[int | None]
    more: Sequence[int]
    lines: Sequence[Sequence[int]]
    there: frozenset[int]


def held_back(
    keys: Sequence[Key], units: Sequence[int], counts: Counts, *, least: int, distinct: bool
) -> frozenset[int]:
    """Positions of the groups that must not be shown: of too few (`left_out`), or told of by what *counts* says. *keys* and
    *units* are the filtered answer's."""
    out = set(left_out(keys, units, least=least, distinct=distinct))
    if not counts:
        return frozenset(out)
    out |= {place for place, key in enumerate(keys) if key not in counts}  # not to be compared, so not to be shown
    others = _without(keys, units, counts, least=least, distinct=distinct)
    before = -1
    while len(out) != before:
        before = len(out)
        for one in others:
            out |= _told(one, out, least=least, distinct=distinct)
        out |= left_out(keys, units, least=least, distinct=distinct, out=out)
    return frozenset(out)


def _without(
    keys: Sequence[Key], units: Sequence[int], counts: Counts, *, least: int, distinct: bool
) -> list[_Without]:
    places = {key: place for place, key in enumerate(keys)}
    found = []
    for number in range(len(next(iter(counts.values())))):
        more = {key: one[number] for key, one in counts.items()}
        both = {
            key: together((units[places[key]] if key in places else 0, more[key]), distinct=distinct) for key in more
        }
        there = [key for key in more if both[key]]
        small = left_out(there, [both[key] for key in there], least=least, distinct=distinct)
        found.append(
            _Without([places.get(key) for key in there], [more[key] for key in there], _with_each(there), small)
        )
    return found


def _with_each(keys: Sequence[Key]) -> list[list[int]]:
    """Every line, and every group by itself."""
    return [*([place] for place in range(len(keys))), *(lines_of(keys) if keys else ())]


def _told(one: _Without, out: set[int], *, least: int, distinct: bool) -> set[int]:
    """What more must not be shown, because *one* and the groups that are not *out* would tell of it."""
    found = {place for number in one.there if (place := one.places[number]) is not None}
    for line in one.lines:
        if 0 < together((one.more[number] for number in line), distinct=distinct) < least:
            found |= {place for number in line if (place := one.places[number]) is not None}
            continue
        hidden = [number for number in line if number in one.there or one.places[number] in (out | found)]
        held = together((one.more[number] for number in hidden), distinct=distinct)
        for number in sorted(set(line) - set(hidden), key=lambda number: (not one.more[number], one.more[number])):
            place = one.places[number]
            if 0 < held < least and place is not None:
                held = together((held, one.more[number]), distinct=distinct)
                found.add(place)
    return found

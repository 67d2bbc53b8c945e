"""Groups too small to be shown, and which others must go with them so that none can be had by subtraction.

Whoever knows a total and all groups but one knows that one too. So in every line of the table that has a total of its
own, those that are left out must be two groups or more and hold enough units together; else the smallest that is still
there goes as well (complementary suppression). What this does not stop is told in docs/explanation/small-groups.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import combinations

from broadsheet.core.document.tables import Value

Keys = Sequence[tuple[Value, ...]]
MOST_WAYS = 6  # groupings whose totals are looked at one by one; with more, only the whole is


def left_out(
    keys: Keys, units: Sequence[int], *, least: int, distinct: bool = False, out: Iterable[int] = ()
) -> frozenset[int]:
    """Positions of the groups that must not be shown. *keys* are the groups' values, *units* how many each holds; where they
    are *distinct*, a unit may be in several groups. *out* are positions that are not shown anyway."""
    hidden = {place for place, number in enumerate(units) if number < least} | set(out)
    if not hidden:
        return frozenset()
    lines = list(lines_of(keys))
    changed = True
    while changed:
        changed = False
        for line in lines:
            changed |= _closed(line, hidden, units, least=least, distinct=distinct)
    return frozenset(hidden)


def together(units: Iterable[int], *, distinct: bool) -> int:
    """How many units groups hold at least, taken together: the same person may be in each of them."""
    return max(units, default=0) if distinct else sum(units)


def lines_of(keys: Keys) -> list[list[int]]:
    """The groups that add up to one total, for every total that could be asked: over all groupings but some."""
    width = len(keys[0])
    ways = [kept for many in range(width) for kept in combinations(range(width), many)]
    if width > MOST_WAYS:
        ways = [()]
    lines: list[list[int]] = []
    for kept in ways:
        found: defaultdict[Hashable, list[int]] = defaultdict(list)
        for place, key in enumerate(keys):
            found[tuple(key[index] for index in kept)].append(place)
        lines += found.values()
    return lines


def _closed(line: Sequence[int], out: set[int], units: Sequence[int], *, least: int, distinct: bool) -> bool:
    """Leave out more of *line* until what is left out of it cannot be told apart. Whether that was needed."""
    hidden = [place for place in line if place in out]
    if not hidden:
        return False
    there = sorted((place for place in line if place not in out), key=lambda place: units[place])
    held, changed = together((units[place] for place in hidden), distinct=distinct), False
    while there and (len(hidden) < 2 or held < least):
        place = there.pop(0)
        out.add(place)
        hidden.append(place)
        held = together((held, units[place]), distinct=distinct)
        changed = True
    return changed

"""In which order documents are kept that name each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from broadsheet.core.document.loading import Loaded

DEEPEST = 50  # levels; so many are refused when they are built
JOINS = ("all_of", "union", "except")


def named_first(documents: Sequence[Loaded]) -> list[Loaded]:
    """Calendars, each after those that it is joined from; else in the order given. Circles are left as they are: the
    first of them is refused when it is built."""
    by_name = {one.name: one for one in documents}
    done: dict[int, Loaded] = {}
    waiting: set[str] = set()

    def put(loaded: Loaded) -> None:
        if id(loaded) in done or loaded.name in waiting or len(waiting) > DEEPEST:
            return
        waiting.add(loaded.name)
        for name in _names(loaded):
            if name in by_name:
                put(by_name[name])
        waiting.discard(loaded.name)
        done[id(loaded)] = loaded

    for one in documents:
        put(one)
    return list(done.values())


def _names(loaded: Loaded) -> Iterator[str]:
    for key in JOINS:
        value = loaded.data.get(key)
        if isinstance(value, list):
            yield from (one for one in value if isinstance(one, str))

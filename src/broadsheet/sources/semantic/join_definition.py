"""Relationships to other datasets and the smallest groups, as dataset files define them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import Field

from broadsheet.core.document.definition.reading import Frozen, near
from broadsheet.core.document.loading import Loaded, Path, Problem

from ..dataset import Dataset, Smallest


class JoinSpec(Frozen):
    """Many rows here to one of another dataset of the same source."""

    dataset: str
    """Name of the other dataset."""
    on: Mapping[str, str] = Field(min_length=1, examples=[{"buyer_id": "id"}])
    """Dimensions here: the dimensions there that they equal; there they tell rows apart."""


class SmallestSpec(Frozen):
    """Groups of fewer units are not shown to readers who do not see everything, and single rows never."""

    least: int = Field(ge=2, le=1000)
    """How many units a group has at least."""
    count: str = ""
    """The dimension whose different values are the units, such as a person; by default rows."""

    def built(self) -> Smallest:
        return Smallest(self.least, self.count)


def own_join_problems(
    joins: Mapping[str, JoinSpec], loaded: Loaded, *, name: str, dimensions: Mapping[str, object]
) -> Iterator[Problem]:
    """What the file alone shows to be wrong with its joins."""
    for join, spec in joins.items():
        path: Path = ("joins", join)
        if not join.isidentifier():
            yield loaded.problem(path, f"“{join}” cannot be a join’s name.", "Use letters, digits and _.")
        if spec.dataset == name:
            yield loaded.problem((*path, "dataset"), "A dataset cannot join itself.", "Name another dataset.")
        for here in spec.on:
            if here not in dimensions:
                message = f"There is no dimension “{here}” here."
                yield loaded.problem((*path, "on", here), message, near(here, dimensions))


def joined_first(documents: Sequence[Loaded]) -> list[Loaded]:
    """Datasets in an order in which each comes after those that it joins; circles stay as they are."""
    by_name = {one.name: one for one in documents}
    found: dict[str, Loaded] = {}

    def put(one: Loaded, above: frozenset[str]) -> None:
        joins = one.data.get("joins")
        for spec in joins.values() if isinstance(joins, Mapping) else ():
            there = by_name.get(str(spec.get("dataset"))) if isinstance(spec, Mapping) else None
            if there is not None and there.name not in above:
                put(there, above | {there.name})
        found.setdefault(one.name, one)

    for one in documents:
        put(one, frozenset({one.name}))
    return list(found.values())


def join_problems(
    joins: Mapping[str, JoinSpec], loaded: Loaded, *, known: Mapping[str, tuple[str, Dataset, frozenset[str]]], source: str
) -> Iterator[Problem]:  # fmt: skip
    """What is wrong with them beside the organization's datasets. *known*: by name the source, the dataset, and the names
    of the datasets that it joins itself."""
    for join, spec in joins.items():
        path: Path = ("joins", join)
        if spec.dataset not in known:
            others = [name for name in known if name != loaded.name]
            message = f"There is no dataset “{spec.dataset}”."
            yield loaded.problem((*path, "dataset"), message, near(spec.dataset, others))
            continue
        where, there, _ = known[spec.dataset]
        if where != source:
            message = f"“{spec.dataset}” reads from “{where}”, this from “{source}”."
            yield loaded.problem((*path, "dataset"), message, "Only datasets of one source can be joined.")
        if loaded.name in _reached(spec.dataset, known):
            message = f"“{spec.dataset}” joins “{loaded.name}” itself."
            yield loaded.problem((*path, "dataset"), message, "Take one of the two joins out.")
        for here, field in spec.on.items():
            if field not in there.dimensions:
                message = f"Dataset “{spec.dataset}” has no dimension “{field}”."
                yield loaded.problem((*path, "on", here), message, near(field, there.dimensions))


def _reached(start: str, known: Mapping[str, tuple[str, Dataset, frozenset[str]]]) -> set[str]:
    """Every dataset that *start* joins, over others too."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        joined = known[name][2] if (name := waiting.pop()) in known else frozenset[str]()
        waiting += joined - found
        found |= joined
    return found

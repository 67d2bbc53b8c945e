"""A machine of states: the ways from one to another, each named by the event that causes it, and nothing else is possible.

Pure. Whoever writes states asks `before` which ones a change may come from, so that a late word changes nothing; the
documentation's diagrams are drawn from the same ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Literal, TypeVar

S = TypeVar("S", bound=StrEnum)
By = Literal["worker", "scheduler", "person"]


class InvalidTransition(ValueError):
    """A change that must not happen: a fault of ours, or a stale worker's late word that is rightly refused."""


@dataclass(frozen=True, slots=True)
class Way(Generic[S]):
    """``event`` takes it from one of ``sources`` to one of ``targets``, caused by ``by``. Where there are several targets,
    ``chosen`` says what decides among them."""

    event: str
    sources: frozenset[S]
    targets: frozenset[S]
    by: By
    chosen: str = ""


def way(event: str, sources: set[S], targets: set[S], by: By, *, chosen: str = "") -> Way[S]:
    return Way(event, frozenset(sources), frozenset(targets), by, chosen)


class Machine(Generic[S]):
    """``noun`` is what has the states, such as "delivery"; ``starts`` are those that a row may be written in."""

    def __init__(self, noun: str, states: type[S], *, starts: set[S], ways: tuple[Way[S], ...]) -> None:
        self.noun = noun
        self.states = states
        self.starts = frozenset(starts)
        self.ways = ways
        self._after = {state: frozenset(self._targets(state)) for state in states}
        self._before = {to: frozenset(one for one in states if to in self._after[one]) for to in states}

    def after(self, state: S) -> frozenset[S]:
        """What may follow *state*; empty where it is final."""
        return self._after[state]

    def before(self, to: S) -> frozenset[S]:
        """What *to* may follow."""
        return self._before[to]

    @property
    def finals(self) -> frozenset[S]:
        return frozenset(state for state in self.states if not self._after[state])

    def between(self, state: S, to: S) -> tuple[Way[S], ...]:
        """The ways that lead from *state* to *to*, in their order."""
        return tuple(one for one in self.ways if state in one.sources and to in one.targets)

    def moved(self, state: S, to: S) -> S:
        """*to*, when it may follow *state*. Raises InvalidTransition."""
        if to not in self._after[state]:
            raise InvalidTransition(f"A {self.noun} that is {state or 'new'} cannot become {to or 'new'}.")
        return to

    def _targets(self, state: S) -> Iterator[S]:
        for one in self.ways:
            if state in one.sources:
                yield from one.targets

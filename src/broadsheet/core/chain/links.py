"""Each record's hash is over the record and the hash before it: whoever changes one changes all that follow."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .canonical import canonical

GENESIS = "0" * 64  # before the first record


@dataclass(frozen=True, slots=True)
class Link:
    """A record in its place. ``seq`` counts from 1; ``hash`` is in 64 lower-case hex digits; ``record`` is plain data."""

    seq: int
    record: Mapping[str, object]
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a chain holds. ``count`` links were found good, the last with the hash ``head``. ``fault``: what is wrong
    with the one behind them, in a sentence; empty when all is well."""

    count: int
    head: str
    fault: str = ""

    @property
    def whole(self) -> bool:
        return not self.fault


def link(before: str, seq: int, record: Mapping[str, object]) -> str:
    """The hash of *record* as number *seq* behind the hash *before*."""
    return hashlib.sha256(b"\n".join([before.encode(), str(seq).encode(), canonical(record)])).hexdigest()


def verify(links: Iterable[Link], *, before: str = GENESIS, known: str = "") -> Verdict:
    """Walk *links* from number 1 behind the hash *before*, as far as they hold.

    known: a hash that somebody noted down earlier. A chain whose end was cut off is whole in itself; that the known
    hash is missing shows it.
    """
    count, head, seen = 0, before, not known or known == before
    for one in links:
        fault = _fault(one, count=count, head=head)
        if fault:
            return Verdict(count, head, fault)
        count, head = one.seq, one.hash
        seen = seen or head == known
    if not seen:
        return Verdict(
            count, head, f"The hash {known[:12]}… that was noted is not among them: the chain was cut or made anew."
        )
    return Verdict(count, head)


def _fault(one: Link, *, count: int, head: str) -> str:
    if one.seq != count + 1:
        return f"Number {count + 1} is missing; {one.seq} follows {count}."
    try:
        fits = link(head, one.seq, one.record) == one.hash
    except (ValueError, TypeError, RecursionError):  # no plain data
        fits = False
    if not fits:
        return f"Number {one.seq} is not what it was, or what stands before it is not: its hash does not fit."
    return ""

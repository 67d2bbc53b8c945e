"""Whose fault it is that processes die: what ends whoever works on it is found out, and its neighbours are not blamed for it.

A run whose processes died twice without its getting further is suspect. A process has one suspect in hand at most, so that of
several that were in one process each is tried apart from the others. Whether it was the run at all is told by the processes
that died without it: where something else ends them, such as a machine that is short of memory, the run is tried longer.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from broadsheet.runs.models import Node, Occurrence

DEATHS = 3  # processes that may die over a run before a person must look
SURELY = 9  # or so many, where others die as well: two such runs at one time hide each other
CHANCE = 2  # others that died meanwhile: then it is not said that it was the run
RECENT = timedelta(seconds=10 * settings.LEASE_SECONDS)  # three deaths take three leases and a little


def suspects() -> Q:
    """Runs that are suspect once they are claimed. Whoever gives a lease back takes the name off, so a name is a death."""
    return Q(deaths__gte=DEATHS - 1) | (Q(deaths=DEATHS - 2) & ~Q(owner=""))


def is_suspect(claimed: Occurrence) -> bool:
    """Whether a run that was claimed is one."""
    return claimed.deaths >= DEATHS - 1


def note_death(owner: str) -> None:
    """The process let go of a run without a word. One that was frozen and wakes says itself that it is there."""
    Node.objects.filter(name=owner, died_at__isnull=True).update(died_at=Now())


def is_poison(candidate: Occurrence) -> bool:
    """Whether a run whose last holder died is to be put aside; after `note_death` of that holder."""
    deaths = candidate.deaths + 1
    if deaths < DEATHS or candidate.stop_asked_at is not None:  # one that was stopped only ends
        return False
    without = Node.objects.filter(died_at__gt=Now() - RECENT).count() - deaths
    return without < CHANCE or deaths >= SURELY

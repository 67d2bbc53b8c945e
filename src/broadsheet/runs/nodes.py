"""The processes of an installation: each says every few seconds that it is there; one that does not is gone.

Nothing hangs on it: leases say who works. It is for people who look, and for the metrics.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from uuid import uuid4

from django.db import DatabaseError
from django.db.models import Count, DurationField, ExpressionWrapper, F
from django.db.models.functions import Now

from broadsheet import instruments, tracing
from broadsheet.runs import claims
from broadsheet.runs.loops import Loops
from broadsheet.runs.models import Node, Occurrence

BEAT_SECONDS = 20.0
GONE = timedelta(seconds=90)  # four beats and a half
KEPT = timedelta(days=1)  # one that ended without a word stays to be seen for so long


@dataclass(frozen=True, slots=True)
class Seen:
    """A process with how long ago it was seen, on the database's clock, and how many runs it has ``in_hand``."""

    node: Node
    ago: timedelta
    in_hand: int

    @property
    def gone(self) -> bool:
        return self.ago > GONE


class Presence:
    """One process's row; `leave` says that it takes nothing new."""

    def __init__(self, name: str, kind: str, places: int) -> None:
        self._name, self._kind, self._places = name, kind, places
        self._draining = False

    def beat(self) -> bool:
        """Say that it is there; written anew where somebody tidied it away. False: nothing more to do at once."""
        said = {"seen_at": Now(), "places": self._places, "draining": self._draining, "died_at": None}
        first = {
            "kind": self._kind, "host": socket.gethostname()[:200], "pid": os.getpid(), "version": version("broadsheet"),
            "started_at": Now(),
        }  # fmt: skip
        if not Node.objects.filter(name=self._name).update(**said):
            Node.objects.update_or_create(name=self._name, defaults=said, create_defaults={**first, **said})
        return False

    def leave(self) -> None:
        """What it has in hand is finished or left for the next."""
        self._draining = True
        self._guarded(self.beat)

    def end(self) -> None:
        """It ended as it should, so nobody need look for it, and what it could not finish in time is no death of its."""
        self._guarded(lambda: claims.give_back(self._name))
        self._guarded(Node.objects.filter(name=self._name).delete)

    @staticmethod
    def _guarded(act: Callable[[], object]) -> None:
        with suppress(DatabaseError):  # the row says by its age what this would have said
            act()


def own_name() -> str:
    """What this process is called on leases: host, process, and a word of its own."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


@contextmanager
def present(name: str, *, kind: str, places: int = 0) -> Iterator[Presence]:
    """This process is there until the block ends. *kind*: all, web, scheduler or worker."""
    stopping = threading.Event()
    one = Presence(name, kind, places)
    loops = Loops(stopping)
    loops.add("presence", one.beat, seconds=BEAT_SECONDS)
    tracing.start(kind)
    instruments.start(kind)
    loops.start()
    try:
        yield one
    finally:
        tracing.stop()
        instruments.stop()
        stopping.set()
        loops.join(seconds=5)
        one.end()


def nodes() -> list[Seen]:
    """Those that are there, and those that went without a word since yesterday."""
    ago = ExpressionWrapper(Now() - F("seen_at"), output_field=DurationField())
    busy = dict(
        Occurrence.objects.filter(finished_at__isnull=True, lease_until__gt=Now())
        .exclude(owner="")
        .values_list("owner")
        .annotate(Count("pk"))
        .order_by()
    )
    found = [Seen(one, one.ago, busy.get(one.name, 0)) for one in Node.objects.annotate(ago=ago)]
    return [one for one in found if one.ago < KEPT]


def someone_works() -> bool:
    """Whether there is a process that takes runs, and stays: one that runs a schedule by hand ends with its own run."""
    return any(one.node.places and one.node.kind != "run" and not one.node.draining and not one.gone for one in nodes())


def tidy_nodes(*, now: datetime) -> int:
    """Forget those that were not seen for a day. *now* is not asked: the database's clock counts."""
    del now
    return Node.objects.filter(seen_at__lt=Now() - KEPT).delete()[0]

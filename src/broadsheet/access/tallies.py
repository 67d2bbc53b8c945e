"""Counts of tries, in the database: who guesses gains nothing by there being several web processes.

A process remembers by itself who is over a limit, so that a flood is refused without a question to the database.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import F

from broadsheet.access.models import Tally


def count(*what: str, seconds: int, now: datetime) -> int:
    """Count *what* once more; how often it happened in its window, which lasts *seconds* from the first."""
    key = _key(what)
    number = _counted(key, seconds=seconds, now=now)
    cache.set(f"tally:{key}", number, timeout=seconds)
    return number


def known(*what: str) -> int:
    """How often, as far as this process knows; never more than there were. Asks nothing of the database."""
    return int(cache.get(f"tally:{_key(what)}", 0))


def forget(*what: str) -> None:
    """Begin anew."""
    cache.delete(f"tally:{_key(what)}")
    Tally.objects.filter(pk=_key(what)).delete()


def forget_old(*, now: datetime) -> int:
    """Forget windows that have ended; how many."""
    return Tally.objects.filter(until__lte=now).delete()[0]


def _counted(key: str, *, seconds: int, now: datetime) -> int:
    mine, until = Tally.objects.filter(pk=key), now + timedelta(seconds=seconds)
    if not mine.filter(until__gt=now).update(number=F("number") + 1):
        if mine.filter(until__lte=now).update(number=1, until=until):
            return 1
        try:
            with transaction.atomic():
                Tally.objects.create(key=key, number=1, until=until)
            return 1
        except IntegrityError:  # another process was first
            mine.update(number=F("number") + 1)
    return mine.values_list("number", flat=True).first() or 1


def _key(what: tuple[str, ...]) -> str:
    return hashlib.sha256("|".join(what).encode()).hexdigest()

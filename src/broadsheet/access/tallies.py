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
    number, until = _counted(key, seconds=seconds, now=now)
    cache.set(f"tally:{key}", number, timeout=(until - now).total_seconds())  # as long as the window, and no longer
    return number


def over(*what: str, most: int, seconds: int, now: datetime) -> bool:
    """Count *what* once more; whether it happened more than *most* times. Where this process knows that it has, nothing is
    counted or written."""
    return known(*what) >= most or count(*what, seconds=seconds, now=now) > most


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


def _counted(key: str, *, seconds: int, now: datetime) -> tuple[int, datetime]:
    """How often, and until when it is counted."""
    mine, until = Tally.objects.filter(pk=key), now + timedelta(seconds=seconds)
    if not mine.filter(until__gt=now).update(number=F("number") + 1):
        if mine.filter(until__lte=now).update(number=1, until=until):
            return 1, until
        try:
            with transaction.atomic():
                Tally.objects.create(key=key, number=1, until=until)
            return 1, until
        except IntegrityError:  # another process was first
            mine.update(number=F("number") + 1)
    return mine.values_list("number", "until").first() or (1, until)


def _key(what: tuple[str, ...]) -> str:
    return hashlib.sha256("|".join(what).encode()).hexdigest()

"""What keeping a definition would do, without doing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from broadsheet.core.document.loading import Loaded
from broadsheet.core.policy import Actor


def tried(save: Callable[..., str], actor: Actor, loaded: Loaded, *, now: datetime) -> str:
    """What *save* says of *loaded*; nothing is kept or journalled. Raises as *save* does."""
    with transaction.atomic():
        effect = save(actor, loaded, now=now)
        transaction.set_rollback(True)
    return effect

"""How it stands with the copy of a source that has one."""

from __future__ import annotations

import shutil
from functools import partial

from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from broadsheet.sources.copying import folder_of

from .source import Source


class SourceCopy(models.Model):
    """``tried_at`` is when it was last looked after, ``synced_at`` when that last went well; ``due_at`` is when it is looked
    after next. ``said`` is what went wrong, in words for people; empty: nothing did. ``rows``, ``first_at``, ``last_at``
    and ``size`` (bytes) are what the copy held then."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="copy")
    due_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    synced_at = models.DateTimeField(null=True)
    said = models.TextField(blank=True)
    rows = models.PositiveBigIntegerField(default=0)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"copy of {self.source}"


@receiver(post_delete, sender=Source)
def remove_files(instance: Source, **_: object) -> None:
    """What a source that is gone has left on the disk goes with it."""
    folder = folder_of(instance.organization_id, instance.pk)
    transaction.on_commit(partial(shutil.rmtree, folder, ignore_errors=True))

"""What tells that a database was restored from a backup, and which hours it does not remember."""

from __future__ import annotations

from django.db import models


class Beat(models.Model):
    """A minute of the database's own clock in which a process of the installation was at work. ``line`` is the database's
    identity: it stays with every copy and every backup of it."""

    minute = models.DateTimeField(unique=True)
    line = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.minute:%Y-%m-%d %H:%M}"


class LostTime(models.Model):
    """From ``begin`` to ``end`` (both aware, inclusive) something may have run that this database knows nothing of. ``told_by``:
    the machine that noticed, or who declared it."""

    begin = models.DateTimeField(unique=True)
    end = models.DateTimeField()
    noticed_at = models.DateTimeField()
    told_by = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["end"], name="lost_time_end")]

    def __str__(self) -> str:
        return f"{self.begin:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M}"

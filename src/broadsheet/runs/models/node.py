"""The processes of an installation, as each of them says that it is there."""

from __future__ import annotations

from django.db import models


class Node(models.Model):
    """``name`` is the owner's name on leases. ``kind``: all (everything in one), web, scheduler or worker. ``started_at`` and
    ``seen_at`` are on the database's clock. ``places``: runs that it works on at once, at most. ``draining``: it finishes what
    it has and takes nothing new. ``died_at``: when a run was found in its hand that it had let go of without a word."""

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=16)
    host = models.CharField(max_length=200)
    pid = models.PositiveIntegerField()
    version = models.CharField(max_length=32)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    places = models.PositiveIntegerField(default=0)
    draining = models.BooleanField(default=False)
    died_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["seen_at"], name="node_seen")]
        ordering = ["host", "kind", "pid"]

    def __str__(self) -> str:
        return self.name

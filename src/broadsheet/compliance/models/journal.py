"""One act, as it was done."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """Who (``actor``, ``user_id`` None for the system) did ``action`` to ``object`` by which way (page, api, cli …).

    Rows are only ever added.
    """

    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    user_id = models.BigIntegerField(null=True)
    via = models.CharField(max_length=16)
    action = models.CharField(max_length=64)
    object = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["organization", "-at"], name="journal_newest")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor}: {self.action} {self.object}"

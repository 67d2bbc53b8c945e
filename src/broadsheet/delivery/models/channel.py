"""A configured destination."""

from __future__ import annotations

from django.db import models


class StoredChannel(models.Model):
    """``kind`` is the id of an installed channel; ``sealed`` holds its secrets, encrypted by the keyring. ``limits``
    and ``breaker`` are as `delivery.limits` has them; what they are told by, see `Gate` and `Meter`."""

    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    name = models.SlugField(max_length=100)
    label = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=64)
    settings = models.JSONField(default=dict)
    sealed = models.TextField(blank=True)
    limits = models.JSONField(default=dict)
    breaker = models.JSONField(default=dict)
    checked_at = models.DateTimeField(null=True)
    ok = models.BooleanField(null=True)
    verdict = models.TextField(blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="one_channel_of_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label or self.name

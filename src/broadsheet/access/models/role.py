"""A role that an organization made for itself."""

from __future__ import annotations

from django.db import models

from .organization import Organization


class Role(models.Model):
    """``permissions`` are names of `core.policy`; ``conditions`` are what `access.definitions` writes. ``name`` is never one
    of the built-in roles'."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    name = models.SlugField(max_length=32)
    label = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    permissions = models.JSONField(default=list)
    conditions = models.JSONField(default=list)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="one_role_of_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label or self.name

"""Members, and people without an account, who are reached and given rights together."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .organization import Organization


class Team(models.Model):
    """Roles are granted to its ``members``; reports can be sent to its ``contacts``."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    name = models.SlugField(max_length=100)
    label = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="teams")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="one_team_of_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label or self.name


class Contact(models.Model):
    """Somebody who gets reports and has no account. ``name`` is the key that the ledger knows them by; ``attributes`` are what
    row rules and masks compare. What is empty is as the schedule says."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    name = models.SlugField(max_length=100)
    label = models.CharField(max_length=200)
    address = models.CharField(max_length=320)
    language = models.CharField(max_length=35, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    formats = models.JSONField(default=list)
    attributes = models.JSONField(default=dict)
    teams = models.ManyToManyField(Team, related_name="contacts")
    active = models.BooleanField(default=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="one_contact_of_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label

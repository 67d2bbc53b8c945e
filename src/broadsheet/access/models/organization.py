"""A tenant, and who belongs to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Organization(models.Model):
    """Every row of the product belongs to one. ``zone`` (IANA) and ``language`` are what its people see by default."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=35, default="en")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in an organization; roles are the keys of ``core.policy.roles.ROLES``."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=32)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="one_membership_each")]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.organization}"

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
    """A person's or a service's place in an organization. ``role`` is a key of ``core.policy.roles.ROLES`` or the name of a
    role of the organization's own; ``attributes`` are what row rules and masks compare when they look at reports. Who is
    not ``active`` can do nothing. A ``service`` never signs in: it has tokens alone.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=32)
    since = models.DateTimeField()
    attributes = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    service = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="one_membership_each")]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.organization}"

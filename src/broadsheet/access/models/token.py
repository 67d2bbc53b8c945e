"""A token for machines: only its hash is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .organization import Organization


class Token(models.Model):
    """``prefix`` are the first letters, for people to tell tokens apart; ``digest`` is the SHA-256 of the whole.

    ``scopes`` limits it to permissions of its owner's role; it ends at ``expires_at`` (None: never) or when revoked.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="tokens")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

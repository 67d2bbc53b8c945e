"""The secret address under which a person's calendar program finds their feed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .organization import Organization


class FeedAddress(models.Model):
    """One at most of each member. ``digest`` is the SHA-256 of its secret, and finds it; ``sealed`` is the secret for
    its owner to look at again, opened by the installation's keyring alone.

    It is the right of its owner to read schedules, as long as they are a member: see `queries.actor_of_feed`.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.TextField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="one_feed_address_each")]

    def __str__(self) -> str:
        return f"feed of {self.user}"

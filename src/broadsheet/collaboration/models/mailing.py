"""How a notification goes by mail."""

from __future__ import annotations

from typing import Final

from django.db import models

from .notification import Notification

DUE: Final = "due"
SENDING: Final = "sending"
ACCEPTED: Final = "accepted"
FAILED: Final = "failed"
UNCONFIRMED: Final = "unconfirmed"
SKIPPED: Final = "skipped"


class Mailing(models.Model):
    """Claimed before it is sent, settled after, as a delivery is: ``lease_until`` and ``fence`` let one process have it,
    ``handed_over_at`` is set right before the other side could accept, and what was cut after that is ``unconfirmed``:
    never sent again by itself.

    ``state``: due, sending, accepted, failed, unconfirmed or skipped. ``proof`` is the other side's word, or why not.
    ``message_id`` stays the same over all tries.
    """

    notification = models.OneToOneField(Notification, on_delete=models.CASCADE, related_name="mailing")
    state = models.CharField(max_length=16, default=DUE)
    message_id = models.CharField(max_length=255)
    next_try_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveBigIntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    proof = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_try_at"], name="mailing_due", condition=models.Q(state="due"))]

    def __str__(self) -> str:
        return f"{self.notification} ({self.state})"

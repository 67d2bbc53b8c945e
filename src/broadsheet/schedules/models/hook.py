"""The address under which another system starts a schedule, and the calls that came."""

from __future__ import annotations

import uuid

from django.db import models


class Hook(models.Model):
    """One open one at most of each schedule. ``id`` stands in its address and is no secret. ``sealed`` is its signing
    secret, which the installation's keyring alone opens, since a signature can only be checked with the key itself;
    ``sealed_before`` the one before, which holds until ``before_until``. ``ended_at``: nothing opens it any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    schedule = models.ForeignKey("schedules.Schedule", on_delete=models.CASCADE, related_name="hooks")
    sealed = models.TextField()
    sealed_before = models.TextField(blank=True)
    before_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200, blank=True)
    renewed_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["schedule"], condition=models.Q(ended_at__isnull=True), name="one_open_hook_of_a_schedule"
            )
        ]

    def __str__(self) -> str:
        return f"hook of {self.schedule_id}"


class HookCall(models.Model):
    """A call that was genuine: the same id signed at the same second is no second try, but somebody who repeats what
    they overheard. Kept for some days."""

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="calls")
    message = models.CharField(max_length=200)
    signed_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hook", "message", "signed_at"], name="one_call_of_a_signature")]
        indexes = [models.Index(fields=["received_at"], name="hook_call_age")]

    def __str__(self) -> str:
        return f"{self.message} at {self.signed_at:%Y-%m-%d %H:%M:%S}"

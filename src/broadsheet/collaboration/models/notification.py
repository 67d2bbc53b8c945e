"""Something that a person should know."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Notification(models.Model):
    """``kind`` is a key of `wording.KINDS`, and ``data`` what that kind keeps: words are made of it when it is read, in
    the reader's language. ``link`` is the path of the page that it is about. ``read_at`` None: not read yet.

    Whether it also went by mail is in its `Mailing`, if the person wants that.
    """

    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=64)
    data = models.JSONField()
    link = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organization", "person", "-created_at"], name="notification_newest"),
            models.Index(
                fields=["organization", "person"], name="notification_unread", condition=models.Q(read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person}"

"""A message that the built-in mail catcher took in place of the world."""

from __future__ import annotations

from django.db import models


class CaughtMail(models.Model):
    """``content`` are the bytes as they came. ``organization`` is known by the Message-ID of the delivery; else None."""

    organization = models.ForeignKey("access.Organization", null=True, on_delete=models.CASCADE, related_name="+")
    message_id = models.CharField(max_length=255)
    sender = models.CharField(max_length=320)
    recipient = models.CharField(max_length=320)
    subject = models.CharField(max_length=500)
    content = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message_id", "recipient"], name="each_message_once")]
        indexes = [models.Index(fields=["organization", "-received_at"], name="mail_newest")]
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.subject} to {self.recipient}"

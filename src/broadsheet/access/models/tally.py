"""How often something happened lately, over all processes."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """``number`` times since a window began that ends at ``until``. ``key`` is the SHA-256 of what is counted, so that no
    address and no secret can be read here."""

    key = models.CharField(max_length=64, primary_key=True)
    number = models.PositiveIntegerField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="tally_age")]

    def __str__(self) -> str:
        return f"{self.number} until {self.until:%Y-%m-%d %H:%M:%S}"

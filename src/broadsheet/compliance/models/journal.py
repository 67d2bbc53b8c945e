"""One act, as it was done, and the end of each organization's chain of them."""

from __future__ import annotations

from typing import Any

from django.db import models


class AppendOnly(RuntimeError):
    """Somebody tried to change or take out what is in the journal."""


class Entries(models.QuerySet["Entry"]):
    """Rows are only ever added; sealing (`actions.seal`) is the one that writes into them, and does so by the base manager."""

    def update(self, **fields: Any) -> int:
        raise AppendOnly("Entries of the journal are not changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnly("Entries of the journal are not taken out.")


class Entry(models.Model):
    """Who (``actor``, ``user_id`` None for the system) did ``action`` to ``object`` by which way (page, api, cli …)
    and from where (``address``, of the network; empty where there is none).

    Rows are only ever added. ``seq`` counts an organization's from 1 in the order in which they were sealed, ``hash``
    links each to the one before (`core.chain`); both are empty until it is sealed, moments after it was written.
    """

    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    user_id = models.BigIntegerField(null=True)
    via = models.CharField(max_length=16)
    action = models.CharField(max_length=64)
    object = models.CharField(max_length=200)
    address = models.CharField(max_length=64, blank=True, default="")
    detail = models.JSONField(default=dict)
    seq = models.PositiveBigIntegerField(null=True)
    hash = models.CharField(max_length=64, blank=True)

    objects = Entries.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "-at"], name="journal_newest"),
            models.Index(fields=["organization", "id"], name="journal_unsealed", condition=models.Q(seq__isnull=True)),
        ]
        constraints = [models.UniqueConstraint(fields=["organization", "seq"], name="one_entry_of_a_number")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor}: {self.action} {self.object}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly("An entry of the journal is not changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnly("An entry of the journal is not taken out.")


class JournalEnd(models.Model):
    """The last sealed entry of an organization: its number, its hash, and when it was sealed.

    ``mac`` vouches for number and hash with the secret key (`chain.mac_of`), which is not in the database; empty in one
    from before ends were signed, until the next sealing.
    """

    organization = models.OneToOneField("access.Organization", on_delete=models.CASCADE, related_name="+")
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    mac = models.CharField(max_length=64, blank=True, default="")
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"

"""The ledger: one row per occurrence, recipient and channel, and one per try."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from broadsheet.core.lifecycle import DELIVERY
from broadsheet.core.lifecycle import Delivery as State
from broadsheet.runs.models.stateful import Machines, Stateful

TAKEN_OVER = (State.FAILED, State.EXPIRED)  # what a fallback takes over from


class Delivery(Stateful):
    """Claimed before it is sent, settled after. ``handed_over_at`` is set right before the other side could accept:
    a row that was claimed and not handed over may be tried again after a crash, one that was may not (`channel`
    permitting otherwise).

    ``due_at`` is when this recipient is to get it, where that is not with the run: when their own clock shows the
    schedule's time, or their working hours begin; ``deadline_at`` is theirs then. ``hours`` and ``calendar`` are the working
    hours that every try waits for, as `schedules.own_times` has them. ``formats`` are those this recipient gets;
    ``proof`` is the other side's word; ``message_id`` stays the same over all tries. ``sent`` is the message as it went, folded (see `sealed_copy`), ``sent_sha256`` and ``sent_size`` are of
    its whole bytes. ``read_at`` is for the portal. The lease is as in `runs.Occurrence`.

    ``first_try_at``: when the first try began. ``let_through_at``: when its channel let this try through, on the database's
    clock; None while it is not let through. ``waits_for``: what keeps it, where that is its channel's: limit or breaker. ``fallback_channel`` and
    ``fallback_address`` are what takes over for this recipient, where there is another channel; ``fallback_of`` is the delivery
    that this one took over from, which had failed. ``shared_fallback``: where that recipient's delivery by another channel failed
    too, and the same fallback takes over from both, it is that of the other one.
    """

    MACHINES: ClassVar[Machines] = {"state": DELIVERY}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    occurrence = models.ForeignKey("runs.Occurrence", on_delete=models.CASCADE, related_name="deliveries")
    slice = models.ForeignKey("runs.Slice", null=True, on_delete=models.SET_NULL, related_name="deliveries")
    channel = models.ForeignKey("delivery.StoredChannel", on_delete=models.PROTECT, related_name="deliveries")
    recipient_key = models.CharField(max_length=200)
    recipient_name = models.CharField(max_length=200)
    address = models.CharField(max_length=320, blank=True)
    language = models.CharField(max_length=35)
    zone = models.CharField(max_length=64)
    formats = models.JSONField(default=list)
    state = models.CharField(max_length=16, default=State.DUE)
    reason = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)
    hours = models.CharField(max_length=200, blank=True)
    calendar = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    proof = models.TextField(blank=True)
    message_id = models.CharField(max_length=255)
    sent = models.ForeignKey("runs.Artifact", null=True, on_delete=models.PROTECT, related_name="+")
    sent_sha256 = models.CharField(max_length=64, blank=True)
    sent_size = models.PositiveBigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    first_try_at = models.DateTimeField(null=True)
    let_through_at = models.DateTimeField(null=True)
    waits_for = models.CharField(max_length=16, blank=True)
    fallback_channel = models.ForeignKey(
        "delivery.StoredChannel", null=True, on_delete=models.PROTECT, related_name="+"
    )
    fallback_address = models.CharField(max_length=320, blank=True)
    fallback_of = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="fallback")
    shared_fallback = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")
    owner = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["occurrence", "recipient_key", "channel"],
                condition=models.Q(fallback_of__isnull=True),
                name="one_delivery_each",
            ),
            models.UniqueConstraint(
                fields=["occurrence", "recipient_key", "channel"],
                condition=models.Q(fallback_of__isnull=False),
                name="one_fallback_each",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state"], name="delivery_by_state"),
            models.Index(fields=["organization", "-settled_at"], name="delivery_newest"),
            models.Index(fields=["channel", "waits_for"], name="delivery_held_back", condition=~models.Q(waits_for="")),
            models.Index(fields=["channel"], name="delivery_under_way", condition=models.Q(state=State.SENDING)),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_name} ({self.state})"

    @property
    def taken_over_by(self) -> Delivery | None:
        """What reaches the recipient in its stead, since it failed or expired; read with both fallbacks, so that nothing is asked
        for each."""
        if self.state not in TAKEN_OVER:
            return None
        try:
            return self.fallback
        except Delivery.DoesNotExist:
            return self.shared_fallback

    @property
    def ends_at(self) -> datetime | None:
        """When sending ends: with the run, or later for who is to get it later."""
        return max(filter(None, (self.occurrence.deadline_at, self.deadline_at)), default=None)


class Attempt(models.Model):
    """One try: how it ended, the other side's word, and the talk line by line."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    state = models.CharField(max_length=16)
    proof = models.TextField(blank=True)
    transcript = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="one_try_of_a_number")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"try {self.number}: {self.state}"


class Suppression(models.Model):
    """An address that is not sent to: it unsubscribed or bounced. ``schedule`` None means from everything."""

    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=320)
    schedule = models.ForeignKey("schedules.Schedule", null=True, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "address", "schedule"], name="one_suppression_each"),
            models.UniqueConstraint(
                fields=["organization", "address"],
                condition=models.Q(schedule__isnull=True),
                name="one_suppression_from_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.reason}"

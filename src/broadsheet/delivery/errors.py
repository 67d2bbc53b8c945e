"""What can go wrong with channels and deliveries."""

from __future__ import annotations


class DeliveryError(Exception):
    """What was asked for cannot be; the message says what to change."""


class UnknownChannel(DeliveryError):
    """There is no such channel in the organization."""


class UnknownDelivery(DeliveryError):
    """There is no such delivery in the organization."""


class UnknownAddress(UnknownDelivery):
    """No delivery to such an address bounced, as far as the actor reaches."""

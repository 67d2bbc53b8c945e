"""Slows down who guesses passwords, by account and by address, without telling whether an account exists.

Every try is counted before the password is looked at, so that many at once gain nothing. An account is shut for one
address soon, and for all only when very many tries come from many, so that a stranger cannot easily lock out its owner.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from django.utils import timezone

from broadsheet.access import tallies

WINDOW_SECONDS = 15 * 60
TRIES_AT_ACCOUNT_FROM_ADDRESS = 8
TRIES_FROM_ADDRESS = 40  # an office behind one address signs in on Monday morning
TRIES_AT_ACCOUNT = 100


@dataclass(frozen=True, slots=True)
class Throttle:
    """The counters of one try: *email* as it was typed, *address* of the client."""

    email: str
    address: str

    def count(self) -> bool:
        """Count this try; False when there were too many, and it must not be looked at. What is refused without a look is not
        counted: it writes nothing, and shuts nobody out elsewhere."""
        if any(tallies.known("sign-in", *what) >= most for what, most in self._limits()):
            return False
        now = timezone.now()
        within = [
            tallies.count("sign-in", *what, seconds=WINDOW_SECONDS, now=now) <= most for what, most in self._limits()
        ]  # each, also when an earlier one refuses
        return all(within)

    def forgive(self) -> None:
        """After a good sign-in: the person is no longer held to have guessed."""
        own, _address, _account = self._limits()
        tallies.forget("sign-in", *own[0])

    def _limits(self) -> tuple[tuple[tuple[str, ...], int], ...]:
        account, address = self.email.strip().lower(), network(self.address)
        return (
            (("both", account, address), TRIES_AT_ACCOUNT_FROM_ADDRESS),
            (("address", address), TRIES_FROM_ADDRESS),
            (("account", account), TRIES_AT_ACCOUNT),
        )


def network(address: str) -> str:
    """What one client can easily change within counts as one: the /64 of IPv6, the address of IPv4."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)

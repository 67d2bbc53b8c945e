"""Slows down who guesses passwords, by account and by address, without telling whether an account exists.

Every try is counted before the password is looked at, so that many at once gain nothing. An account is shut for one
address soon, and for all only when very many tries come from many, so that a stranger cannot easily lock out its owner.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass

from django.core.cache import cache

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
        """Count this try; False when there were too many, and it must not be looked at."""
        within = [_increased(key) <= most for key, most in self._limits()]  # each, also when an earlier one refuses
        return all(within)

    def forgive(self) -> None:
        """After a good sign-in: the person is no longer held to have guessed."""
        own, _address, _account = self._limits()
        cache.delete(own[0])

    def _limits(self) -> tuple[tuple[str, int], ...]:
        account, address = self.email.strip().lower(), network(self.address)
        return (
            (_key("both", account, address), TRIES_AT_ACCOUNT_FROM_ADDRESS),
            (_key("address", address), TRIES_FROM_ADDRESS),
            (_key("account", account), TRIES_AT_ACCOUNT),
        )


def network(address: str) -> str:
    """What one client can easily change within counts as one: the /64 of IPv6, the address of IPv4."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _key(*parts: str) -> str:
    # Hashed, because cache keys may hold neither blanks nor any length that a person can type.
    return f"sign-in:{hashlib.sha256('|'.join(parts).encode()).hexdigest()}"


def _increased(key: str) -> int:
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # it ended between the two
        cache.set(key, 1, WINDOW_SECONDS)
        return 1

"""The one who reads: a recipient with or without an account, or a signed-in person looking at a page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose eyes a report is made for.

    ``key`` is stable within the organization (``buyer-12``, ``user:7``); ``zone`` is an IANA name, ``language`` a
    BCP 47 tag, ``currency`` an ISO 4217 code or None. ``attributes`` are what row rules and text may refer to.
    ``unrestricted`` readers (editors looking at a page) see every row; a recipient never is.
    """

    key: str
    name: str
    address: str = ""
    language: str = "en"
    zone: str = "UTC"
    currency: str | None = None
    formats: tuple[str, ...] = ()
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    unrestricted: bool = False

    def fingerprint(self) -> str:
        """SHA-256 over all that decides what this reader sees; equal fingerprints may share a slice."""
        seen = [self.language, self.zone, self.currency, self.unrestricted, sorted(self.attributes.items())]
        return hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()

"""The one who reads: a recipient with or without an account, or a signed-in person looking at a page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

Scalar = str | int | float | bool


def is_true(value: Scalar | None) -> bool:
    """Whether an attribute says yes. Texts such as “false”, “no” and “0” do not."""
    return value.strip().lower() in {"true", "yes", "1"} if isinstance(value, str) else bool(value)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose eyes a report is made for.

    ``key`` is stable within the organization (``buyer-12``, ``user:7``); ``zone`` is an IANA name, ``language`` a
    BCP 47 tag, ``currency`` an ISO 4217 code or None. ``attributes`` are what row rules and text may refer to.
    ``unrestricted`` readers (editors looking at a page) see every row; a recipient never is. ``hidden_classes`` are the classes of
    sensitivity whose fields a person with an account may not see; what a recipient gets is for its author to say.
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
    hidden_classes: tuple[str, ...] = ()

    def fingerprint(self) -> str:
        """SHA-256 over all that decides what this reader sees; equal fingerprints may share a slice."""
        seen = [
            self.language,
            self.zone,
            self.currency,
            self.unrestricted,
            self.hidden_classes,
            sorted(self.attributes.items()),
        ]
        return hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()

"""What a delivery channel must do. Channels live in ``adapters/channels``; each registers by entry point."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from broadsheet.plugins import Descriptor, Registry


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along; ``filename`` is made by us, never taken from a user."""

    filename: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Inline:
    """A picture that the HTML part refers to as ``cid:`` + ``cid``."""

    cid: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One delivery, finished. ``message_id`` (``id@domain``) stays the same over all tries; ``made_at`` is aware."""

    message_id: str
    recipient_name: str
    recipient_address: str
    subject: str
    text: str
    html: str
    language: str
    made_at: datetime
    inline: tuple[Inline, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    unsubscribe_url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the talk with the other side; ``who`` is ``we`` or ``they``."""

    at: datetime
    who: Literal["we", "they"]
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """How a try ended.

    ``accepted``: the other side took it, ``proof`` is its word. ``retry``: not taken, may be later (after ``wait``
    seconds if it said so). ``failed``: will not be taken. ``unconfirmed``: cut after the content had gone; it may
    have been taken, and is never sent again by itself.
    """

    state: Literal["accepted", "retry", "failed", "unconfirmed"]
    proof: str
    transcript: tuple[Line, ...] = ()
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a channel's settings work, in a sentence, and how to mend them if not."""

    ok: bool
    message: str
    fix: str = ""


class Channel(Protocol):
    """A kind of destination. ``idempotent``: the same message twice has the effect of once."""

    @property
    def descriptor(self) -> Descriptor: ...

    idempotent: bool

    def check(self, settings: Mapping[str, object], *, secrets: Mapping[str, str]) -> Verdict:
        """Try the settings without sending anything."""

    def send(
        self,
        outgoing: Outgoing,
        *,
        settings: Mapping[str, object],
        secrets: Mapping[str, str],
        clock: Callable[[], datetime],
        handing_over: Callable[[], None],
    ) -> Receipt:
        """One try. ``handing_over`` is called right before the first byte that could make the other side accept, so
        that the ledger knows whether a killed process may have delivered. Never raises for what the other side does.
        """


CHANNELS: Registry[Channel] = Registry("broadsheet.channels", noun="channel")

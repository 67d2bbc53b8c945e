"""What a delivery channel must do. Channels live in ``adapters/channels``; each registers by entry point.

What a message says is composed elsewhere; the ledger, back-off and fallbacks are the delivery app's. A channel makes one
try and tells honestly how it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from broadsheet.plugins import Descriptor, Registry


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along; ``filename`` is made by us, never taken from a user. ``url`` is where the recipient can
    fetch the same bytes, for channels that refer to large files instead of carrying them; empty: nowhere."""

    filename: str
    media_type: str
    data: bytes
    url: str = ""


@dataclass(frozen=True, slots=True)
class Inline:
    """A picture that the HTML part refers to as ``cid:`` + ``cid``."""

    cid: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One delivery, finished. ``message_id`` (``id@domain``) stays the same over all tries; ``made_at`` is aware.

    The fields from ``organization`` on say what it is about, for channels whose reader is a machine or a folder:
    ``report``, ``schedule`` and ``organization`` are slugs, ``recipient_key`` is the key of the audience row (stable,
    unique in its schedule), ``fire_at`` is aware and in the zone whose calendar day names the delivery,
    ``period_text`` is the period as the recipient reads it, ``kind`` is ``report``, ``notice`` or ``test``.
    """

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
    organization: str = ""
    report: str = ""
    schedule: str = ""
    occurrence_id: str = ""
    fire_at: datetime | None = None
    recipient_key: str = ""
    period_text: str = ""
    kind: Literal["report", "notice", "test"] = "report"


def printable(text: str) -> str:
    """*text* on one line without controls, direction marks and lone surrogates, which neither a database nor a page
    should meet: what the other side says is not to be trusted."""
    return (text if text.isprintable() else "".join(mark if mark.isprintable() else " " for mark in text)).strip()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the talk with the other side; ``who`` is ``we`` or ``they``. ``text`` is made printable."""

    at: datetime
    who: Literal["we", "they"]
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", printable(self.text))


@dataclass(frozen=True, slots=True)
class Receipt:
    """How a try ended.

    ``accepted``: the other side took it, ``proof`` is its word. ``retry``: not taken, may be later (after ``wait``
    seconds if it said so). ``failed``: will not be taken. ``unconfirmed``: cut after the content had gone; it may
    have been taken, and is never sent again by itself. ``proof`` is made printable.

    ``cause`` says what kept one that was not taken: nobody could be reached or they hung up (``connection``), it took too
    long (``timeout``), they said “later” (``temporary``); empty where the channel does not tell. ``whole`` tells that the
    next message would end the same way, whoever it is for: the channel is down, full or refuses us. A channel that fails so is
    left alone for a while. ``no_such_address`` tells that the other side knows nobody of that address and never will: it is
    not sent to again by itself.
    """

    state: Literal["accepted", "retry", "failed", "unconfirmed"]
    proof: str
    transcript: tuple[Line, ...] = ()
    wait: float = 0.0
    content: bytes = b""
    cause: Literal["", "connection", "timeout", "temporary", "store", "fault"] = ""
    whole: bool = False
    no_such_address: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "proof", printable(self.proof))

    @property
    def blames_channel(self) -> bool:
        """Whether this is a failure of the channel itself, and not of this message or its recipient."""
        return self.state != "accepted" and (self.whole or self.cause in {"connection", "timeout"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a channel's settings work, in a sentence, and how to mend them if not."""

    ok: bool
    message: str
    fix: str = ""


class Sender(Protocol):
    """A channel made ready for many messages, one after another. Used by one thread."""

    def send(self, outgoing: Outgoing, *, handing_over: Callable[[], None]) -> Receipt:
        """As ``Channel.send``: one try for this message alone, whatever became of those before it."""


class Channel(Protocol):
    """A kind of destination."""

    @property
    def descriptor(self) -> Descriptor: ...

    def idempotent(self, settings: Mapping[str, object]) -> bool:
        """Whether the same ``message_id`` twice has the effect of once, so that a try whose end is unknown (a killed
        process, a cut) may be repeated by itself. Must be False when in doubt."""

    def check(self, settings: Mapping[str, object], *, secrets: Mapping[str, str]) -> Verdict:
        """Try the settings without sending anything. Never raises."""

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
        that the ledger knows whether a killed process may have delivered. Never raises for what the other side does,
        nor for settings that are wrong: those are ``failed``, with what to correct. What ``handing_over`` raises
        (the claim was lost) goes through, and nothing is handed over.
        """


@runtime_checkable
class Batching(Protocol):
    """A channel that can send many messages over one connection: an option beside ``Channel``."""

    def open(
        self, settings: Mapping[str, object], *, secrets: Mapping[str, str], clock: Callable[[], datetime]
    ) -> AbstractContextManager[Sender]:
        """Nothing is connected before the first message. Leaving says farewell and raises nothing."""


def opened(
    channel: Channel, settings: Mapping[str, object], *, secrets: Mapping[str, str], clock: Callable[[], datetime]
) -> AbstractContextManager[Sender]:
    """*channel* ready for many messages: over one connection if it can, else a try of its own for each."""
    if isinstance(channel, Batching):
        return channel.open(settings, secrets=secrets, clock=clock)
    return nullcontext(_OneByOne(channel, settings, secrets, clock))


@dataclass(frozen=True, slots=True)
class _OneByOne:
    channel: Channel
    settings: Mapping[str, object]
    secrets: Mapping[str, str]
    clock: Callable[[], datetime]

    def send(self, outgoing: Outgoing, *, handing_over: Callable[[], None]) -> Receipt:
        return self.channel.send(
            outgoing, settings=self.settings, secrets=self.secrets, clock=self.clock, handing_over=handing_over
        )


CHANNELS: Registry[Channel] = Registry("broadsheet.channels", noun="channel")

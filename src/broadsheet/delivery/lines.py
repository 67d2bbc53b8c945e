"""Open ways out: each thread of a run keeps one per channel, so that a thousand mails are not a thousand connections."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from types import TracebackType

from broadsheet.delivery.actions.channels import secrets_of
from broadsheet.delivery.models import StoredChannel
from broadsheet.delivery.ports import CHANNELS, Sender, opened


class Lines:
    """Senders by thread and channel; leaving the block closes them all, when their threads have ended."""

    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._mine = threading.local()
        self._guard = threading.Lock()
        self._stack = ExitStack()

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def sender(self, channel: StoredChannel) -> Sender:
        """This thread's way out through *channel*, opened at its first message."""
        held: dict[int, Sender] = self._mine.__dict__.setdefault("senders", {})
        if channel.pk not in held:
            way = opened(CHANNELS.get(channel.kind), channel.settings, secrets=secrets_of(channel), clock=self._clock)
            with self._guard:
                held[channel.pk] = self._stack.enter_context(way)
        return held[channel.pk]

"""A channel in memory, for tests of what uses channels: takes what it is given, or ends each try as told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from broadsheet.delivery.ports import Line, Outgoing, Receipt, Verdict
from broadsheet.plugins import Descriptor, Setting


class MemoryChannel:
    """``ends`` are the receipts of the next tries, in order; when none is left, a message is taken. ``taken`` holds what
    arrived. A setting ``deduplicates`` makes it idempotent: a message that is there already is not taken twice."""

    descriptor = Descriptor(
        id="memory",
        label="Memory",
        summary="Keeps what it is given, for tests.",
        settings=(
            Setting("deduplicates", "Drops what it already has", kind="flag", default=False),
            Setting("token", "Token", secret=True),
        ),
        capabilities=frozenset({"attachments", "inline"}),
    )

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []
        self.ends: list[Receipt] = []

    def idempotent(self, settings: Mapping[str, object]) -> bool:
        return settings.get("deduplicates") is True

    def check(self, settings: Mapping[str, object], *, secrets: Mapping[str, str]) -> Verdict:
        return Verdict(True, "Memory is always ready.")

    def send(
        self,
        outgoing: Outgoing,
        *,
        settings: Mapping[str, object],
        secrets: Mapping[str, str],
        clock: Callable[[], datetime],
        handing_over: Callable[[], None],
    ) -> Receipt:
        end = self.ends.pop(0) if self.ends else Receipt("accepted", f"taken as {outgoing.message_id}")
        if end.state in {"accepted", "unconfirmed"}:
            handing_over()
            known = self.idempotent(settings) and outgoing.message_id in {one.message_id for one in self.taken}
            if not known:
                self.taken.append(outgoing)
        return replace(end, transcript=end.transcript or (Line(clock(), "they", end.proof),))

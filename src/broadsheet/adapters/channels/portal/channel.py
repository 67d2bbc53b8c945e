"""Into the recipient's inbox on the web. The ledger's row is the inbox's entry, and the artifact store has the files,
so there is nothing to carry: this channel makes sure that there is something to read, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from broadsheet.delivery.ports import Line, Outgoing, Receipt, Verdict
from broadsheet.plugins import Descriptor


class PortalChannel:
    descriptor = Descriptor(
        id="portal",
        label="Portal",
        summary="The recipient’s inbox on the web.",
        capabilities=frozenset({"attachments", "inline"}),
    )

    def idempotent(self, settings: Mapping[str, object]) -> bool:
        return True

    def check(self, settings: Mapping[str, object], *, secrets: Mapping[str, str]) -> Verdict:
        return Verdict(True, "The inbox on the web needs no settings.")

    def send(
        self,
        outgoing: Outgoing,
        *,
        settings: Mapping[str, object],
        secrets: Mapping[str, str],
        clock: Callable[[], datetime],
        handing_over: Callable[[], None],
    ) -> Receipt:
        whose = outgoing.recipient_key or outgoing.recipient_address
        if not whose:
            return Receipt("failed", "The delivery names no recipient. Give the audience’s row a key.")
        empty = [file.filename for file in outgoing.attachments if not file.data]
        if empty:
            return Receipt("failed", f"The file “{empty[0]}” is empty. Render the report again.")
        if not (outgoing.attachments or outgoing.html.strip() or outgoing.text.strip()):
            return Receipt(
                "failed", "There is nothing to read: neither a file nor a message. Give the report a format."
            )
        handing_over()
        proof = f"In the inbox of {outgoing.recipient_name or whose}"
        return Receipt("accepted", proof, (Line(clock(), "we", f"{proof}: {_contents(outgoing)}"),))


def _contents(outgoing: Outgoing) -> str:
    files = [f"{file.filename} ({len(file.data)} bytes)" for file in outgoing.attachments]
    return ", ".join(files) or "the message alone"


CHANNEL = PortalChannel()

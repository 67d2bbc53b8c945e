"""The body of a webhook: what was delivered to whom, with the files inside or where to fetch them."""

from __future__ import annotations

import base64
import hashlib
import json

from broadsheet.delivery.ports import Attachment, Outgoing


class TooLarge(ValueError):
    """A file fits neither inside nor has it an address; the message says which and what to do."""


def body(outgoing: Outgoing, *, inline_bytes: int) -> bytes:
    """The event as JSON, the same bytes for each try. Files of up to *inline_bytes* go inside. Raises TooLarge."""
    data = {
        "organization": outgoing.organization,
        "report": outgoing.report,
        "schedule": outgoing.schedule,
        "occurrence": outgoing.occurrence_id,
        "fired_at": outgoing.fire_at.isoformat() if outgoing.fire_at else None,
        "period": outgoing.period_text,
        "recipient": {
            "key": outgoing.recipient_key,
            "name": outgoing.recipient_name,
            "address": outgoing.recipient_address,
        },
        "subject": outgoing.subject,
        "language": outgoing.language,
        "files": [_file(file, inline_bytes) for file in outgoing.attachments],
    }
    event = {"type": f"{outgoing.kind}.delivered", "timestamp": outgoing.made_at.isoformat(), "data": data}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def _file(file: Attachment, inline_bytes: int) -> dict[str, object]:
    told: dict[str, object] = {
        "name": file.filename,
        "media_type": file.media_type,
        "size": len(file.data),
        "sha256": hashlib.sha256(file.data).hexdigest(),
    }
    if len(file.data) <= inline_bytes:
        return {**told, "content": base64.b64encode(file.data).decode()}
    if file.url:
        return {**told, "url": file.url}
    raise TooLarge(
        f"“{file.filename}” has {len(file.data)} bytes; files of up to {inline_bytes} go inside, and this one has no "
        "address to fetch it from. Raise the limit in the channel’s settings, or choose a smaller format."
    )

"""The ledger's rows as CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from broadsheet.compliance.actions.record import record
from broadsheet.delivery.models import Delivery
from broadsheet.web.access_rules import member
from broadsheet.web.downloads import download

from . import ledger

MOST = 100_000  # rows; filters narrow what is more
HEAD = (
    "fired_at", "schedule", "recipient", "key", "address", "zone", "language", "channel", "formats", "state",
    "settled_at", "tries", "proof", "reason", "message_id",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for the begin of a formula (OWASP, CSV injection)


@require_safe
@member("delivery.read")
def export(request: HttpRequest) -> HttpResponse:
    """The rows that the same filters show on the page; instants in UTC (ISO 8601)."""
    actor = request.actor  # type: ignore[attr-defined]
    filters = ledger.filters_from(request.GET)
    found = ledger.rows(actor, filters)[:MOST]
    data = to_csv(found.iterator(chunk_size=2000))
    record(actor, "deliveries.exported", "ledger", now=request.now, filters=filters.query())  # type: ignore[attr-defined]
    return download(data, filename="deliveries.csv", media_type="text/csv; charset=utf-8")


def to_csv(found: Iterable[Delivery]) -> bytes:
    """UTF-8 with a mark, as spreadsheets want it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEAD)
    writer.writerows([safe(cell) for cell in _cells(one)] for one in found)
    return out.getvalue().encode("utf-8-sig")


def safe(cell: object) -> str:
    """Text that is only ever text: what could begin a formula gets an apostrophe before it."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def _cells(one: Delivery) -> Iterator[object]:
    yield one.occurrence.fire_at.isoformat()
    yield one.occurrence.schedule.name
    yield from (one.recipient_name, one.recipient_key, one.address, one.zone, one.language, one.channel.name)
    yield " ".join(one.formats)
    yield one.state
    yield one.settled_at.isoformat() if one.settled_at else ""
    yield from (one.attempts, one.proof, one.reason, one.message_id)

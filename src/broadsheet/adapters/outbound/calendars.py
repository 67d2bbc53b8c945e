"""Events of calendars, fetched from addresses that people have entered."""

from __future__ import annotations

from broadsheet.schedules.calendars.events import MOST_BYTES
from broadsheet.schedules.errors import NotFetched

from .client import Client
from .errors import OutboundError

HEADERS = {"Accept": "text/calendar, text/plain;q=0.5"}


def fetch_calendar(url: str, *, client: Client | None = None) -> str:
    """The iCalendar text at *url*, at most as large as one may be. Raises NotFetched."""
    try:
        reply = (client or Client()).request("GET", url, headers=HEADERS, most_bytes=MOST_BYTES)
    except OutboundError as error:
        raise NotFetched(str(error)) from error
    if reply.status != 200:
        raise NotFetched(f"The address answers with status {reply.status}. Check it in a browser.")
    if reply.truncated:
        raise NotFetched(f"The file is larger than {MOST_BYTES // 1000:,} kB. Ask for a shorter stretch.")
    try:
        return reply.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotFetched("The file is not UTF-8 text. Ask its owner for one that is.") from error

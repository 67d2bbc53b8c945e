"""Calls to the vendor: HTTP Basic with the API key, JSON back, and an answer that is believed only when it is whole.

Facts: `docs/reference/leadconduit.md`. Every call goes through the one outbound client, so private addresses need the
operator's leave, and no redirect is followed.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from broadsheet.adapters.outbound import Client, Denied, OutboundError, Reply
from broadsheet.sources.copying import Statistics
from broadsheet.sources.errors import Busy, QueryFailed, Unreachable

PAGE = 1000  # the most events that one call gives
SMALL_PAGE = 50
SECONDS = 30.0  # one call, from resolving to the last byte
MOST_BYTES = 24 * 1024 * 1024  # a page of 1,000 events with 24 kB each; read, it takes some ten times that in memory
MOST_WAIT_SECONDS = 60.0  # longer pauses that the vendor asks for are left to the next sync
TRIES = 5
USER = "API"

Query = Sequence[tuple[str, str]]


class TooLarge(QueryFailed):
    """The answer passes `MOST_BYTES`; a smaller page may fit."""


class Vendor:
    """One account. *until* is a moment of the monotonic clock after which nobody waits any more."""

    def __init__(
        self,
        base: str,
        key: str,
        *,
        until: float,
        client: Client | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base = base
        self._key = key
        self._until = until
        self._client = client or Client()
        self._wait = wait

    def events(self, *, after: str, start: str, limit: int = PAGE) -> list[object]:
        """At most *limit* events, oldest first: those after the id *after*, else those from *start* on, else all."""
        query = [("sort", "asc"), ("limit", str(limit))]
        if after:
            query.append(("after_id", after))
        elif start:
            query.append(("start", start))
        found = self._json("/events", query)
        if not isinstance(found, list):
            raise QueryFailed(f"LeadConduit’s answer to /events is no list of events. {_NOTHING}")
        return found

    def newest(self) -> object:
        """The newest event, or None: the smallest question that needs the right to read leads."""
        found = self._json("/events", [("limit", "1")])
        if not isinstance(found, list):
            raise QueryFailed("It answers, but not with a list of events. Check the base address.")
        return found[0] if found else None

    def statistics(self, asked: Statistics) -> list[dict[str, object]]:
        """Rows of counts, as the vendor names their fields."""
        query: list[tuple[str, str]] = []
        query += [("type", one) for one in asked.types]
        query += [("group_by", one) for one in asked.group_by]
        query += [("column", one) for one in asked.columns]
        single = (("interval", asked.interval), ("timezone", asked.zone), ("start", asked.start), ("end", asked.end))
        query += [(name, value) for name, value in single if value]
        if not asked.by_lead:
            query.append(("by_lead", "false"))
        found = self._json("/events/stats", query)
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise QueryFailed("LeadConduit’s answer to /events/stats is no list of rows. Ask for less, or later.")
        return found

    def _json(self, path: str, query: Query) -> Any:
        """What the vendor says, waiting where it asks for that. Raises Busy, Unreachable, QueryFailed."""
        for _ in range(TRIES):
            reply = self._asked(path, query)
            if reply.status != 429:
                return _read(reply)
            pause = _pause(reply.headers)
            if pause > MOST_WAIT_SECONDS or time.monotonic() + pause > self._until:
                break
            self._wait(pause)
        raise Busy(
            f"LeadConduit asks for fewer calls (429), and to wait {pause:.0f} s. It goes on later.",
            seconds=max(pause, 1.0),
        )

    def _asked(self, path: str, query: Query) -> Reply:
        if not self._key:
            raise QueryFailed("The API key is missing. Enter it in Settings; LeadConduit shows it under your account.")
        token = base64.b64encode(f"{USER}:{self._key}".encode()).decode()
        headers = {"Authorization": f"Basic {token}", "Accept": "application/json"}
        url = f"{self._base}{path}" + (f"?{urlencode(query)}" if query else "")
        try:
            return self._client.request("GET", url, headers=headers, seconds=SECONDS, most_bytes=MOST_BYTES)
        except Denied as error:
            raise QueryFailed(f"LeadConduit cannot be called. {error}") from error
        except OutboundError as error:
            raise Unreachable(f"LeadConduit did not answer. {error} It is tried again with the next sync.") from error


_NOTHING = "Nothing of it was kept; it is tried again with the next sync."
REFUSED = {
    401: "LeadConduit does not take the API key (401). Check it in Settings. The keys of free accounts may not read "
    "leads: that needs a paid one.",
    403: "LeadConduit does not let this API key read events (403). Ask your account’s administrator for one that may.",
    404: "There is no LeadConduit at the base address (404). Leave it empty for the vendor’s own.",
}


def _read(reply: Reply) -> Any:
    if reply.status in REFUSED:
        raise QueryFailed(REFUSED[reply.status])
    if 300 <= reply.status < 400:
        raise QueryFailed("The base address leads elsewhere, which is not followed. Give the address itself.")
    if reply.status >= 500:
        raise Unreachable(f"LeadConduit has trouble of its own ({reply.status}). It is tried again with the next sync.")
    if reply.status != 200:
        raise QueryFailed(f"LeadConduit does not take the question ({reply.status}). Check the source’s settings.")
    if reply.truncated:
        raise TooLarge(f"LeadConduit’s answer is larger than {MOST_BYTES // 1_048_576} MB. {_NOTHING}")
    try:
        return json.loads(reply.body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise QueryFailed(
            f"LeadConduit’s answer is not JSON. {_NOTHING}", detail=f"{type(error).__name__} in {len(reply.body)} bytes"
        ) from error


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _pause(headers: Mapping[str, str]) -> float:
    """Seconds that ``Retry-After`` asks for, as a number or a date (RFC 9110, 10.2.3); one second where it is silent."""
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return min(float(said[:9]), 86_400.0)
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return 1.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - datetime.now(UTC)).total_seconds()), 86_400.0)

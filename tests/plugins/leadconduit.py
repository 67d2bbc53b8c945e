"""A LeadConduit on loopback, as the vendor's documentation tells it: events by page, statistics, one API key.

What goes wrong there can be told to go wrong: an answer may be refused, slow, huge, cut, or not what it should be.
Leaves to others: what the connector makes of it.
"""

from __future__ import annotations

import base64
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.adapters.http_servers import Asked, Web, web

KEY = "0123456789abcdef-key"
FIRST = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # so that some hundreds come before `tests.plugins.django.NOW`
STATES = ("TX", "CA", "OH")
Reply = tuple[int, dict[str, str], bytes]


def event_id(moment: datetime, number: int) -> str:
    """A BSON id of that moment; *number* tells events of one second apart."""
    return f"{int(moment.timestamp()):08x}{'c0ffee':0>10}{number:06x}"


def event(number: int, **changes: Any) -> dict[str, Any]:
    """Event *number*, one a minute from `FIRST` on: a source's, and every second one a recipient's."""
    moment = FIRST + timedelta(minutes=number)
    began = int(moment.timestamp() * 1000)
    lead = {
        "first_name": f"Ana{number}", "last_name": "Łęcka", "email": f"ana{number}@example.com",
        "phone_1": {"raw": "(512) 555-0100", "valid": True}, "address_1": "1 Main St", "city": "Austin",
        "state": STATES[number % 3], "postal_code": "78701", "country": "US",
    }  # fmt: skip
    kind = "recipient" if number % 2 else "source"
    made = {
        "id": event_id(moment, number), "type": kind, "outcome": "failure" if number % 5 == 4 else "success",
        "reason": "Duplicate" if number % 5 == 4 else None, "host": "app", "start_timestamp": began,
        "end_timestamp": began + 250, "ms": 250, "total_ms": 260, "version": "2.1",
        "vars": {
            "lead": lead, "source": {"id": "5" * 24, "name": "Sun Compare"}, "flow": {"id": "6" * 24, "name": "Solar"},
            "price": 50, "purchase_price": "20.50",
        },
    }  # fmt: skip
    if kind == "recipient":
        made["vars"]["recipient"] = {"id": "7" * 24, "name": "Harbor Solar"}
    return made | changes


@dataclass
class LeadConduit:
    """The account. ``before`` may answer a call in its place; ``base`` is its address; ``calls`` counts them by path."""

    base: str = ""
    key: str = KEY
    events: list[dict[str, Any]] = field(default_factory=list)
    statistics: list[dict[str, Any]] = field(default_factory=list)
    before: Callable[[Asked], Reply | None] | None = None
    calls: Counter[str] = field(default_factory=Counter)
    queries: list[dict[str, list[str]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fill(self, count: int) -> None:
        """Add *count* events after those that are there."""
        with self.lock:
            have = len(self.events)
            self.events += [event(number) for number in range(have, have + count)]

    @property
    def ids(self) -> list[str]:
        return [one["id"] for one in self.events]

    def answer(self, asked: Asked) -> Reply:
        where = urlsplit(asked.path)
        query = parse_qs(where.query)
        with self.lock:
            self.calls[where.path] += 1
            self.queries.append(query)
        instead = self.before(asked) if self.before else None
        if instead is not None:
            return instead
        token = base64.b64encode(f"API:{self.key}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {token}":
            return 401, {}, b'{"message":"Unauthorized"}'
        if where.path == "/events":
            return said(self._page(query))
        if where.path == "/events/stats":
            return said(self.statistics)
        return 404, {}, b"{}"

    def _page(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        with self.lock:
            found = sorted(self.events, key=lambda one: one["id"])
        if after := query.get("after_id"):
            found = [one for one in found if one["id"] > after[0]]
        if start := query.get("start"):
            begin = datetime.fromisoformat(start[0])
            begin = begin if begin.tzinfo else begin.replace(tzinfo=UTC)
            found = [one for one in found if one["start_timestamp"] >= begin.timestamp() * 1000]
        if query.get("sort") != ["asc"]:
            found.reverse()
        return found[: min(int(query.get("limit", ["100"])[0]), 1000)]


def said(value: object) -> Reply:
    return 200, {"Content-Type": "application/json"}, json.dumps(value).encode()


@contextmanager
def serving(account: LeadConduit) -> Iterator[Web]:
    """*account* at its ``base``."""
    with web(account.answer) as server:
        account.base = f"http://127.0.0.1:{server.port}"
        yield server


@pytest.fixture
def leadconduit(monkeypatch: pytest.MonkeyPatch) -> Iterator[LeadConduit]:
    """An account without events, which the operator lets be called."""
    monkeypatch.setenv("BROADSHEET_ALLOW_PRIVATE_ADDRESSES", "127.0.0.1")
    account = LeadConduit()
    with serving(account):
        yield account


@pytest.fixture
def ads(leadconduit: LeadConduit, organization: Any) -> Any:
    """A source “ads” of the organization over the account, and nothing fetched yet."""
    return keep_source(organization, leadconduit)


def keep_source(organization: Any, account: LeadConduit, *, name: str = "ads", **settings: Any) -> Any:
    """A source over *account*, kept as its people would."""
    from tests.plugins.django import NOW

    from broadsheet.access.queries import system_actor
    from broadsheet.core.document.loading import dump, load
    from broadsheet.sources.actions.save import save_source
    from broadsheet.sources.models import Source

    given = {"base_address": account.base, **settings}
    text = dump("source", name, {"engine": "leadconduit", "settings": given, "secrets": ["api_key"]})
    [loaded] = load(text, file="test")
    save_source(system_actor(organization.pk), loaded, now=NOW, secrets={"api_key": account.key})
    return Source.objects.get(organization=organization, name=name)

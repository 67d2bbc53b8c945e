"""Events as rows: known fields typed, the rest kept whole as JSON. Any field may lack, or be of another kind than told.

An event without a proper id, or out of order, makes its page void: what cannot be counted once must not be counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa

from broadsheet.sources.errors import QueryFailed

ID = re.compile(r"[0-9a-f]{24}")
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
INSTANT = pa.timestamp("ms", tz="UTC")
MONEY = pa.decimal128(18, 6)
_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp() * 1000
_HIGHEST = Decimal(10) ** 12

TEXTS = ("type", "outcome", "reason", "host", "handler_version", "version", "module_id", "package_version")
MILLISECONDS = ("ms", "wait_ms", "overhead_ms", "lag_ms", "total_ms")
FLAGS = ("cap_reached", "ping_limit_reached")
INSTANTS = {"start_timestamp": "started_at", "end_timestamp": "ended_at", "expires_at": "expires_at"}
NAMED = ("flow", "source", "recipient")
AMOUNTS = ("price", "purchase_price", "revenue", "cost")
PERSONAL = (
    "first_name", "last_name", "email", "phone_1", "address_1", "city", "state", "postal_code", "country",
)  # fmt: skip

SCHEMA = pa.schema(
    [
        ("id", pa.string()), ("created_at", INSTANT), *((name, pa.string()) for name in TEXTS),
        *((name, INSTANT) for name in INSTANTS.values()), *((name, pa.int64()) for name in MILLISECONDS),
        *((name, pa.bool_()) for name in FLAGS), ("acceptance_criteria", pa.string()),
        *((f"{name}_{part}", pa.string()) for name in NAMED for part in ("id", "name")),
        ("lead_id", pa.string()), ("feedback", pa.string()), *((name, MONEY) for name in AMOUNTS),
        *((name, pa.string()) for name in PERSONAL), ("vars", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """``events`` that are new, in order; ``count`` is how many the vendor sent; ``held_back``: some are too young yet."""

    events: tuple[Mapping[str, Any], ...]
    count: int
    held_back: bool


def page_of(found: Sequence[object], *, after: str, settled: datetime) -> Page:
    """The events of *found* that come after the id *after* and were created before *settled*.

    Ids of one second may still come in any order, so the youngest are left for the next time. The same event twice is
    one. Raises QueryFailed for an event without an id, or one that goes back in time.
    """
    events: list[Mapping[str, Any]] = []
    last, seen = after, {after}
    for number, one in enumerate(found, start=1):
        if not isinstance(one, Mapping):
            raise QueryFailed(f"Item {number} of LeadConduit’s answer is no event. {_VOID}")
        key = id_of(one)
        if not key:
            raise QueryFailed(f"Event {number} of LeadConduit’s answer has no proper id. {_VOID}")
        if key in seen:
            continue
        if key < last:
            raise QueryFailed(f"Event {number} of LeadConduit’s answer is older than the one before it. {_VOID}")
        if created(key) >= settled:
            return Page(tuple(events), len(found), held_back=True)
        seen.add(key)
        events.append(one)
        last = key
    return Page(tuple(events), len(found), held_back=False)


_VOID = "Nothing of that page was kept. If it stays so, tell ActiveProspect’s support."


def id_of(event: Mapping[str, Any]) -> str:
    """Its id in lower case; empty where it has none of the vendor's kind."""
    key = event.get("id")
    lowered = key.lower() if isinstance(key, str) else ""
    return lowered if ID.fullmatch(lowered) else ""


def created(key: str) -> datetime:
    """When an id was made: its first four bytes are seconds (BSON specification, ObjectId)."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(key[:8], 16))


def table_of(events: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The events as rows of `SCHEMA`."""
    return pa.Table.from_pylist([dict(_row(event)) for event in events], schema=SCHEMA)


def _row(event: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    given = event.get("vars")
    variables: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    lead = variables.get("lead")
    person: Mapping[str, Any] = lead if isinstance(lead, Mapping) else {}
    key = id_of(event)
    yield "id", key
    yield "created_at", created(key)
    for name in TEXTS:
        yield name, text(event.get(name))
    for name, column in INSTANTS.items():
        yield column, instant(event.get(name))
    for name in MILLISECONDS:
        yield name, whole(event.get(name))
    for name in FLAGS:
        yield name, event[name] if isinstance(event.get(name), bool) else None
    yield "acceptance_criteria", _json(event.get("acceptance_criteria"))
    for name in NAMED:
        yield from _named(name, event, variables)
    yield "lead_id", text(person.get("id"))
    yield "feedback", _feedback(event, variables)
    for name in AMOUNTS:
        yield name, amount(event.get(name, variables.get(name)))
    for name in PERSONAL:
        yield name, text(person.get(name))
    yield "vars", _json(given)


def _named(name: str, event: Mapping[str, Any], variables: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """What has an id and a name, or one of them, as an object or as plain text."""
    found = variables.get(name, event.get(name))
    if isinstance(found, Mapping):
        yield f"{name}_id", text(found.get("id"))
        yield f"{name}_name", text(found.get("name"))
        return
    plain = text(found)
    is_id = plain is not None and ID.fullmatch(plain) is not None
    yield f"{name}_id", plain if is_id else text(event.get(f"{name}_id"))
    yield f"{name}_name", None if is_id else plain


def _feedback(event: Mapping[str, Any], variables: Mapping[str, Any]) -> str | None:
    """“return” or “conversion”, wherever the event says so."""
    found = event.get("feedback", variables.get("feedback"))
    kind = found.get("type") if isinstance(found, Mapping) else found
    for said in (kind, event.get("feedback_type"), variables.get("feedback_type"), event.get("type")):
        for known in ("return", "conversion"):
            if isinstance(said, str) and said.lower().startswith(known):
                return known
    return None


def text(value: object) -> str | None:
    """A text for what may be one; of an object that tells a value and how it was read, the value as it came."""
    if value is None or isinstance(value, str):
        return _clean(value) if value else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        for name in ("raw", "value"):
            if isinstance(value.get(name), str | int | float):
                return text(value[name])
    return _json(value)


def whole(value: object) -> int | None:
    """A whole number of 64 bits, or None."""
    if isinstance(value, float) and abs(value) < 2**53:
        value = round(value)
    usable = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    return value if usable else None  # type: ignore[return-value]


def amount(value: object) -> Decimal | None:
    """An amount of money with at most six places, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    said = str(value).strip().removeprefix("$")
    if THOUSANDS.fullmatch(said):
        said = said.replace(",", "")
    try:
        found = Decimal(said)
        return found.quantize(Decimal("0.000001")) if found.is_finite() and abs(found) < _HIGHEST else None
    except (InvalidOperation, ValueError):
        return None


def instant(value: object) -> datetime | None:
    """Milliseconds since 1970, or ISO 8601 (without a zone: UTC), as an instant in UTC; None where it is neither."""
    if isinstance(value, str) and not value.isdecimal():
        try:
            found = datetime.fromisoformat(value)
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            return None
    number = whole(int(value) if isinstance(value, str) and len(value) < 16 else value)
    if number is None or not 0 <= number < _LATEST:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=number)


def _json(value: object) -> str | None:
    return None if value is None else _clean(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _clean(value: str) -> str:
    """Half a surrogate pair is JSON, but no text that can be stored."""
    return value.encode("utf-8", "replace").decode("utf-8") if not value.isascii() else value

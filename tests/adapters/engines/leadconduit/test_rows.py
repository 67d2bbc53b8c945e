"""Fields are taken as what they are meant to be, wherever they stand, and what is not there or odd becomes nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.plugins.leadconduit import event, event_id

from broadsheet.adapters.engines.leadconduit import rows

pytestmark = pytest.mark.feature("BEY-12")
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def row(**changes: Any) -> dict[str, Any]:
    [found] = rows.table_of([{"id": event_id(AT, 1), **changes}]).to_pylist()
    return found  # type: ignore[no-any-return]


def test_an_event_as_it_is_told_fills_its_columns() -> None:
    [found] = rows.table_of([event(1)]).to_pylist()
    moment = AT.replace(minute=1)
    expected = {
        "created_at": moment, "started_at": moment, "ended_at": moment.replace(microsecond=250_000), "type": "recipient",
        "outcome": "success", "ms": 250, "source_id": "5" * 24, "source_name": "Sun Compare", "recipient_name": "Harbor Solar",
        "price": Decimal(50), "purchase_price": Decimal("20.5"), "email": "ana1@example.com", "phone_1": "(512) 555-0100",
        "last_name": "Łęcka", "cost": None, "feedback": None,
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected
    assert json.loads(found["vars"]) == event(1)["vars"]


def test_an_event_of_an_id_alone_is_one() -> None:
    found = row()
    assert {name for name, value in found.items() if value is not None} == {"id", "created_at"}


@pytest.mark.parametrize(
    ("changes", "column", "value"),
    [
        ({"start_timestamp": 1795165200000}, "started_at", datetime(2026, 11, 20, 9, 0, tzinfo=UTC)),
        ({"start_timestamp": "1795165200000"}, "started_at", datetime(2026, 11, 20, 9, 0, tzinfo=UTC)),
        ({"expires_at": "2026-12-01T10:00:00-05:00"}, "expires_at", datetime(2026, 12, 1, 15, 0, tzinfo=UTC)),
        ({"start_timestamp": "soon"}, "started_at", None),
        ({"start_timestamp": 10**30}, "started_at", None),
        ({"start_timestamp": -1}, "started_at", None),
        ({"ms": 12.0}, "ms", 12),
        ({"ms": "12"}, "ms", None),
        ({"ms": True}, "ms", None),
        ({"ms": 2**70}, "ms", None),
        ({"cap_reached": True}, "cap_reached", True),
        ({"cap_reached": "yes"}, "cap_reached", None),
        ({"vars": {"price": "$1,250.50"}}, "price", Decimal("1250.50")),
        ({"vars": {"price": "1,5"}}, "price", None),
        ({"vars": {"price": "NaN"}}, "price", None),
        ({"vars": {"price": 1e300}}, "price", None),
        ({"vars": {"price": [1]}}, "price", None),
        ({"cost": 3, "vars": {"cost": 4}}, "cost", Decimal(3)),
        ({"vars": {"source": "Sun"}}, "source_name", "Sun"),
        ({"vars": {"source": "5" * 24}}, "source_id", "5" * 24),
        ({"vars": {"lead": {"email": {"value": "a@b.example"}}}}, "email", "a@b.example"),
        ({"vars": {"lead": {"city": ["A", "B"]}}}, "city", '["A","B"]'),
        ({"vars": {"lead": "none"}}, "email", None),
        ({"vars": ["odd"]}, "vars", '["odd"]'),
        ({"vars": {"feedback": {"type": "Return"}}}, "feedback", "return"),
        ({"type": "conversion-received"}, "feedback", "conversion"),
        ({"reason": "half a \ud83d pair"}, "reason", "half a ? pair"),
    ],
)
def test_each_kind_of_value_is_taken_or_left(changes: dict[str, Any], column: str, value: object) -> None:
    assert row(**changes)[column] == value


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(
    [*rows.TEXTS, *rows.INSTANTS, *rows.MILLISECONDS, *rows.FLAGS, *rows.NAMED, *rows.AMOUNTS, "vars"]
)
inside = st.dictionaries(st.sampled_from(["lead", "feedback", *rows.NAMED, *rows.AMOUNTS]), anything, max_size=4)


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first text loads Unicode's tables
@given(st.dictionaries(names, anything, max_size=5), inside)
def test_whatever_an_event_holds_it_is_a_row(found: dict[str, Any], variables: dict[str, Any]) -> None:
    assert row(**{"vars": variables, **found})["id"] == event_id(AT, 1)

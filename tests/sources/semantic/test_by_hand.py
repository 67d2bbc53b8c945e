"""Whatever is asked, the figures are those that plain Python makes of the same rows: on every engine, in any zone, around
changes of the clocks, leap days and ends of years."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.plugins.mariadb import ZONES as LOADED

from broadsheet.core.document.tables import Ask, Filter, Grouping, Span
from broadsheet.core.policy import Reader

from .asking import EVERYTHING, dataset, rows

TEXT = """\
dataset: orders
source: shop
sql: select id, nullif(buyer_id, '-') as buyer_id, source, placed, cost, revenue from orders
time: placed
dimensions: {placed: instant, source: text, buyer_id: text, cost: number}
metrics:
  n: {expression: count(*), kind: integer}
  buyers: count(distinct buyer_id)
  cost: sum(cost)
  best: max(cost)
  web: {expression: sum(case when source = 'Web' then revenue end)}
  mean: {ratio: [cost, n]}
  turn: {ratio: [n, cost]}
  net: {derived: (web - cost) * 2 / 4 + 1}
rows: [{column: buyer_id, equals: reader.buyer}]
""".replace(", cost: number}", ", price: {kind: number, expression: cost}}")
METRICS = ("n", "buyers", "cost", "best", "web", "mean", "turn", "net")
EDGES = [
    "2026-03-08 07:59", "2026-03-08 08:00", "2026-03-08 08:30", "2026-11-01 06:30", "2026-11-01 07:30", "2026-11-01 06:59",
    "2026-03-29 00:59", "2026-03-29 01:00", "2026-10-25 00:30", "2026-10-25 01:30",
    "2028-02-28 23:59", "2028-02-29 00:00", "2028-02-29 12:00", "2028-03-01 00:00", "2026-12-31 23:59", "2027-01-01 00:00",
    "2027-01-03 23:59", "2027-01-04 00:00", "2026-10-03 15:30", "2026-10-03 15:31", "2026-04-04 15:00", "2026-06-30 18:15",
]  # fmt: skip
NAMES = ["Web", "O'Neil", 'a"b', "50%", "x\\y", "日本", "$1", "Ünal", "-- x", "n; t"]
ZONES = ["UTC", "America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]
pytestmark = pytest.mark.feature("EXT-19")


def made() -> list[tuple[object, ...]]:
    dice = random.Random(4)
    hours = [f"{datetime(2026, 1, 1) + timedelta(hours=dice.randrange(24 * 900)):%Y-%m-%d %H:%M}" for _ in range(120)]
    return [
        (number, dice.choice(["b1", "b2", "b'3", "-"]), dice.choice(NAMES), f"{at}:00", float(dice.randrange(-9, 9)), float(dice.randrange(99)))
        for number, at in enumerate([*EDGES, *EDGES, *hours])
    ]  # fmt: skip


ORDERS = made()
Order = tuple[int, str | None, str, datetime, float, float]
READ: list[Order] = [
    (row[0], None if row[1] == "-" else row[1], row[2], datetime.fromisoformat(f"{row[3]}+00:00"), row[4], row[5])  # type: ignore[misc, list-item]
    for row in ORDERS
]
CUTS: dict[str, Callable[[datetime], object]] = {
    "hour": lambda at: at.replace(minute=0, second=0, tzinfo=None),
    "day": lambda at: at.date(),
    "week": lambda at: at.date() - timedelta(days=at.weekday()),
    "month": lambda at: at.date().replace(day=1),
    "quarter": lambda at: date(at.year, (at.month - 1) // 3 * 3 + 1, 1),
    "year": lambda at: date(at.year, 1, 1),
    "weekday": lambda at: at.weekday(),
    "hour_of_day": lambda at: at.hour,
}


def worth(orders: Sequence[Order]) -> tuple[object, ...]:
    n, cost = len(orders), sum(one[4] for one in orders)
    web = [one[5] for one in orders if one[2] == "Web"]
    net = (sum(web) - cost) * 2 / 4 + 1 if web else None
    buyers = len({one[1] for one in orders if one[1] is not None})
    return (n, buyers, cost, max(one[4] for one in orders), sum(web) if web else None, cost / n, n / cost if cost else None, net)  # fmt: skip


def key_of(order: Order, by: Sequence[Grouping], zone: str) -> tuple[object, ...]:
    plain = {"source": order[2], "buyer_id": order[1]}
    local = order[3].astimezone(ZoneInfo(zone))
    return tuple(CUTS[one.grain](local) if one.grain else plain[one.dimension] for one in by)


def by_hand(ask: Ask, keep: Callable[[Order], bool]) -> dict[tuple[object, ...], tuple[object, ...]]:
    found: defaultdict[tuple[object, ...], list[Order]] = defaultdict(list)
    for order in READ:
        inside = ask.span is None or ask.span.start <= order[3] < ask.span.end
        if inside and keep(order):
            found[key_of(order, ask.by, ask.zone)].append(order)
    return {key: worth(orders) for key, orders in found.items()}


def rounded(row: Sequence[object]) -> tuple[object, ...]:
    return tuple(round(float(one), 6) if isinstance(one, int | float) else one for one in row)


FILTERS: dict[Filter | None, Callable[[Order], bool]] = {
    None: lambda one: True,
    Filter("source", "in", ("O'Neil", "50%", "$1")): lambda one: one[2] in ("O'Neil", "50%", "$1"),
    Filter("source", "!=", "x\\y"): lambda one: one[2] != "x\\y",
    Filter("source", "not in", ('a"b', "日本")): lambda one: one[2] not in ('a"b', "日本"),
    Filter("buyer_id", "is null"): lambda one: one[1] is None,
    Filter("buyer_id", "=", "b'3"): lambda one: one[1] == "b'3",
    Filter("buyer_id", "!=", "b1"): lambda one: one[1] not in ("b1", None),
    Filter("price", "<=", -3): lambda one: one[4] <= -3,
}
READERS = {
    None: EVERYTHING,
    "b1": Reader("a", "a", attributes={"buyer": "b1"}),
    "b'3": Reader("c", "c", attributes={"buyer": "b'3"}),
}


@pytest.fixture
def orders(open_shop, request):
    if "mariadb" in request.node.name:
        request.getfixturevalue("mariadb_zones")
    return open_shop({"orders": ORDERS})


def known(orders, zone: str) -> str:
    """The test's MariaDB knows few zones."""
    return zone if orders[0].dialect != "mariadb" or zone in LOADED else "Europe/Berlin"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_is_asked_is_what_plain_python_makes_of_the_rows(orders, data):
    zone, chosen = known(orders, data.draw(st.sampled_from(ZONES))), data.draw(st.sampled_from(list(FILTERS)))
    grains = data.draw(st.lists(st.sampled_from([*CUTS, "source", "buyer_id"]), unique=True, max_size=3))
    by = tuple(Grouping("placed", one) if one in CUTS else Grouping(one) for one in grains)
    span = None
    if data.draw(st.booleans()):
        start = datetime.combine(data.draw(st.dates(date(2026, 1, 1), date(2028, 3, 2))), time(), ZoneInfo(zone))
        span = Span(start, start + timedelta(days=data.draw(st.integers(1, 500))))
    buyer = data.draw(st.sampled_from(list(READERS)))
    ask = Ask("orders", METRICS, by, span, (chosen,) if chosen else (), zone=zone)
    expected = by_hand(ask, lambda one: FILTERS[chosen](one) and buyer in (None, one[1]))
    found = rows(orders, dataset(TEXT, dialect=orders[0].dialect), ask, READERS[buyer])
    if not by and not expected:
        assert not found or found[0][0] == 0
        return
    assert {row[: len(by)]: rounded(row[len(by) :]) for row in found} == {
        key: rounded(value) for key, value in expected.items()
    }
    assert len(found) == len(expected)
    kept = [[(one is None, one) for one in row[: len(by)]] for row in found if None not in row[: len(by)]]
    if not {"source", "buyer_id"} & set(grains):
        assert kept == sorted(kept)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.dates(date(2026, 3, 1), date(2026, 11, 2)), days=st.integers(1, 55), zone=st.sampled_from(ZONES),
    grain=st.sampled_from(["hour", "day", "week", "month", "quarter", "year"]), hour=st.integers(0, 23),
)  # fmt: skip
@example(first=date(2026, 3, 7), days=3, hour=0, grain="hour", zone="America/Chicago")
@example(first=date(2026, 10, 31), days=3, hour=7, grain="hour", zone="America/Chicago")
def test_filled_periods_are_every_one_of_the_span_once(orders, first, days, hour, grain, zone):
    zone = known(orders, zone)
    start = datetime.combine(first, time(hour), ZoneInfo(zone))
    span = Span(start, start + timedelta(days=min(days, 20) if grain == "hour" else days))
    ask = Ask("orders", METRICS, (Grouping("", grain),), span, zone=zone, fill=True)
    expected = by_hand(ask, lambda one: True)
    moment = span.start.astimezone(UTC)
    while moment < span.end:
        nothing = (0, 0, 0, None, 0, None, None, 1)
        expected.setdefault((CUTS[grain](moment.astimezone(ZoneInfo(zone))),), nothing)
        moment += timedelta(minutes=30)
    found = rows(orders, dataset(TEXT, dialect=orders[0].dialect), ask)
    assert [row[0] for row in found] == sorted(key[0] for key in expected)  # type: ignore[type-var]
    assert {row[:1]: row[1] for row in found} == {key: value[0] for key, value in expected.items()}

"""Look whether a dataset's data has come: up to when it goes, and how many rows it has of a period.

Asked for the house itself, unrestricted, and never shown with more than that: who may set such a probe is for its caller to
see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from broadsheet.core.document.tables import Ask, Filter, Grouping, Span, Value
from broadsheet.core.policy import Reader
from broadsheet.sources.dataset import Metric
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.queries import definition_of, stored

from .ask import answer_of

HOUSE = Reader("house", "", unrestricted=True)
FIRST = datetime(1900, 1, 1, tzinfo=UTC)
ROWS, NEWEST = "rows_of_the_probe", "newest_of_the_probe"


def newest(organization_id: int, name: str, *, now: datetime, zone: str) -> datetime | None:
    """Up to when the dataset's data goes, at most *now* (aware); None where there is none. What is dated later than now
    does not count: it is a slip, or a plan. A date counts to its end in *zone*.

    By the dataset's ``as_of`` where it says so, else by its time. Raises the errors of `sources.errors`.
    """
    kept = stored(organization_id, name)
    found = definition_of(kept)
    dataset = found.dataset
    if not dataset.time and not found.as_of:
        raise QueryRefused(f"Dataset “{name}” does not say what its time is. Name it with “time:”.")
    until = datetime.combine(now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1), time(), ZoneInfo(zone))
    dated = bool(dataset.time) and dataset.dimension(dataset.time).kind == "date"
    span = Span(FIRST, until if dated else now + timedelta(microseconds=1)) if dataset.time else None
    if found.as_of:
        dataset = replace(dataset, metrics={NEWEST: Metric(NEWEST, found.as_of, "")})
        ask = Ask(name, (NEWEST,), span=span, zone=zone)
    else:
        column = dataset.time
        ask = Ask(name, by=(Grouping(column),), span=span, order=((column, True),), limit=1, zone=zone, rows=True)
    table = answer_of(dataset, kept.source, ask, reader=HOUSE, as_of=now)
    moment = _moment(table.rows[0][0], zone) if table.rows else None
    return None if moment is None else min(moment, now)


def count(
    organization_id: int, name: str, span: Span | None, filters: Sequence[Filter], *, now: datetime, zone: str
) -> int:
    """How many rows the dataset has within *span* (None: at all) that pass *filters*. Raises the errors of
    `sources.errors`."""
    kept = stored(organization_id, name)
    dataset = replace(definition_of(kept).dataset, metrics={ROWS: Metric(ROWS, "count(*)", "")})
    filters = tuple(replace(one, value=dated(one.value, dataset.dimension(one.dimension).kind)) for one in filters)
    ask = Ask(name, (ROWS,), span=span, filters=filters, zone=zone)
    table = answer_of(dataset, kept.source, ask, reader=HOUSE, as_of=now)
    return int(table.rows[0][0] or 0) if table.rows else 0  # type: ignore[arg-type]


def dated(value: Value | tuple[Value, ...], kind: str) -> Value | tuple[Value, ...]:
    """*value* for a column of that *kind*: a schedule keeps dates as text, and they are dates again."""
    if isinstance(value, tuple):
        return tuple(dated(one, kind) for one in value)  # type: ignore[misc]
    if not isinstance(value, str) or kind not in ("date", "instant"):
        return value
    try:
        return date.fromisoformat(value) if kind == "date" else datetime.fromisoformat(value)
    except ValueError:
        return value


def _moment(value: Value, zone: str) -> datetime | None:
    """Texts are moments in UTC, as SQLite keeps them; of a date its end counts."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and len(value) > len("2026-11-24") else value
        found = date.fromisoformat(found) if isinstance(found, str) else found
    except ValueError:
        return None
    if isinstance(found, datetime):
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    if isinstance(found, date):
        return datetime.combine(found + timedelta(days=1), time(), ZoneInfo(zone))
    return None

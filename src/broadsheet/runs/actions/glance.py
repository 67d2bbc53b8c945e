"""A glance at a dataset with the asker's own rights: up to when it goes, and what stands in its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from broadsheet.core.document.tables import Ask, Grouping, Value
from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.sources.actions.ask import answer_of
from broadsheet.sources.dataset import Metric
from broadsheet.sources.models import StoredDataset
from broadsheet.sources.queries import definition_of

from .preview import as_reader

LOOKED_AT, SHOWN = 40, 3  # rows that are looked at, and different values of a field that are shown


def data_to(actor: Actor, stored: StoredDataset, *, now: datetime) -> date | None:
    """Up to when the data is complete, as the dataset says: an aware moment or a date; None where it does not say, or the
    asker sees nothing of it, or no data at all. Raises the errors of `sources.errors`."""
    found = definition_of(stored)
    if not found.as_of or not may_somewhere(actor, "report.render"):
        return None
    time = found.dataset.dimensions.get(found.dataset.time)
    metric = Metric("as_of", found.as_of, "", sensitivity=time.sensitivity if time else found.sensitivity)
    asked = replace(found.dataset, metrics={metric.name: metric})
    table = answer_of(asked, stored.source, Ask(stored.name, ("as_of",)), reader=as_reader(actor), as_of=now)
    return _moment(table.rows[0][0]) if table.rows else None


def samples(actor: Actor, stored: StoredDataset, *, now: datetime) -> Mapping[str, tuple[Value, ...]]:
    """A few values of each dimension, as the asker sees it; {} where single rows, or data at all, are not theirs to see.
    Raises the errors of `sources.errors`."""
    if not may_somewhere(actor, "report.render"):
        return {}
    dataset, reader = definition_of(stored).dataset, as_reader(actor)
    if not dataset.dimensions or (dataset.smallest is not None and not reader.unrestricted):
        return {}
    by = tuple(Grouping(name) for name in dataset.dimensions)
    table = answer_of(
        dataset, stored.source, Ask(stored.name, by=by, limit=LOOKED_AT, rows=True), reader=reader, as_of=now
    )
    return {
        name: tuple(dict.fromkeys(value for value in table.values(name) if value is not None))[:SHOWN]
        for name in dataset.dimensions
    }


def _moment(value: Value) -> date | None:
    """Texts are moments in UTC, as SQLite keeps them."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
    if isinstance(found, datetime):
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return found if isinstance(found, date) else None

"""Ask the other side of a source for its own counts, now: a few figures without its rows.

They are of the whole account: no rule on rows can be set around them. So where any rule holds over the source, they are
only for who sees every row anyway; and groupings that may tell of persons for who sees what is confidential.
"""

from __future__ import annotations

import time
from threading import Lock

import pyarrow as pa

from broadsheet.access.sealed import unseal
from broadsheet.core.policy import Actor, may
from broadsheet.core.policy.roles import Decision, Refused, require
from broadsheet.sources.copies import located
from broadsheet.sources.copying import Statistics
from broadsheet.sources.models import Source
from broadsheet.sources.queries import datasets_of, definition_of, source_definition

from .ask import purpose_of
from .sync import copied

PERSONS, EVERYTHING = "data.confidential", "data.all"
KEPT_SECONDS = 60.0  # the vendor counts its calls, and a page may be loaded anew and anew
MOST_KEPT = 200
_kept: dict[tuple[int, str, Statistics], tuple[float, pa.Table]] = {}
_lock = Lock()


def statistics(actor: Actor, name: str, asked: Statistics) -> pa.Table:
    """The counts, at most a minute old. Raises Refused, UnknownSource, QueryRefused for what the other side does not know,
    and what it may come to: Unreachable, QueryFailed."""
    require(actor, "source.read")
    source, engine = copied(actor, name)
    fields = engine.personal(asked)
    if fields and not may(actor, PERSONS):
        said = f"“{', '.join(fields)}” may tell of single persons; to group by it takes “{PERSONS}”."
        raise Refused(Decision(False, f"{said} Group by source, recipient, flow, outcome or reason."))
    if not may(actor, EVERYTHING) and _ruled(source):
        said = f"“{name}” has rules on who sees what, and its statistics count everything: they take “{EVERYTHING}”."
        raise Refused(Decision(False, f"{said} Ask its datasets instead."))
    key = (source.pk, f"{source.updated_at} {source.sealed}", asked)
    with _lock:
        found = _kept.get(key)
    if found is None or time.monotonic() - found[0] > KEPT_SECONDS:
        secrets = unseal(source.sealed, purpose=purpose_of(source.organization_id, source.name))
        found = time.monotonic(), engine.statistics(located(source), secrets=secrets, asked=asked)
        with _lock:
            while len(_kept) >= MOST_KEPT:
                _kept.pop(next(iter(_kept)))
            _kept[key] = found
    return found[1]


def _ruled(source: Source) -> bool:
    """Whether anything keeps rows or figures of it from anybody: on its tables, or on a dataset over it."""
    if source_definition(source).tables:
        return True
    for dataset in datasets_of(source):
        found = definition_of(dataset).dataset
        if found.rows or found.smallest or any(metric.mask is not None for metric in found.metrics.values()):
            return True
    return False

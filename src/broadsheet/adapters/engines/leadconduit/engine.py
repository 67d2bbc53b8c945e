"""LeadConduit as a source: queries go to the copy of its events, through DuckDB, and never to the vendor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import duckdb
import pyarrow as pa

from broadsheet.adapters.duck import Dialect, DuckDBConnection, Files, Table
from broadsheet.plugins import Descriptor, Setting
from broadsheet.sources.copying import COPY, EVERY, MINUTES, Held, Pulled, Starter, Statistics
from broadsheet.sources.errors import QueryFailed, QueryRefused, SourceError
from broadsheet.sources.ports import Limits

from .counts import counts_of, schema_of
from .plan import BASE, CURRENCY, DOLLAR, EVENTS, Plan, faults_of, plan_of, statistics_problem
from .rows import SCHEMA, created, id_of
from .starter import starter_data
from .store import Copy
from .sync import pull, until
from .vendor import MOST_WAIT_SECONDS, Vendor
from .vocabulary import IMPERSONAL

KEY = "api_key"
SETTINGS = (
    Setting(
        KEY, "API key", required=True, secret=True, help="As LeadConduit shows it; free accounts may not read leads."
    ),
    Setting("base_address", "Base address", default=BASE),
    Setting("start", "Events from", help="A date such as 2026-01-31; empty: all that LeadConduit holds."),
    Setting("include", "Only these types of event, one a line", kind="lines", help="Such as source and recipient."),
    Setting("exclude", "All types of event but these, one a line", kind="lines"),
    Setting(
        CURRENCY, "Currency of its prices", default=DOLLAR, help="For the dataset to begin with; an ISO 4217 code."
    ),
    Setting(EVERY, "Minutes between two fetches", kind="number", default=MINUTES),
    Setting(
        "statistics",
        "Statistics to keep as tables, one a line",
        kind="lines",
        help="Such as daily_by_source: {group_by: [source], interval: daily, days: 90}",
    ),
)


class LeadConduitEngine(Dialect):
    descriptor = Descriptor(
        id="leadconduit",
        label="LeadConduit",
        summary="Events of LeadConduit by ActiveProspect, fetched every quarter of an hour, and its own statistics.",
        settings=SETTINGS,
        capabilities=frozenset({COPY}),
    )

    def open(self, settings: Mapping[str, object], *, secrets: Mapping[str, str], limits: Limits) -> DuckDBConnection:
        plan = plan_of(settings)
        try:
            return DuckDBConnection(_tables(plan), limits=limits)
        except duckdb.Error as error:
            raise QueryFailed(
                "The copy of LeadConduit’s events cannot be read. Remove its folder, and sync anew.", detail=str(error)
            ) from error

    def stamp(self, settings: Mapping[str, object]) -> str:
        try:
            return _copy(plan_of(settings)).stamp()
        except SourceError:
            return ""

    def faults(self, settings: Mapping[str, object]) -> Iterable[tuple[str, str, str]]:
        return faults_of(settings)

    def try_out(self, settings: Mapping[str, object], *, secrets: Mapping[str, str]) -> str:
        newest = _vendor(plan_of(settings), secrets, seconds=0.0)[0].newest()
        if newest is None:
            return "LeadConduit takes the key. The account has no events yet."
        key = id_of(newest) if isinstance(newest, Mapping) else ""
        if not key:
            raise QueryFailed(
                "LeadConduit takes the key, but its newest event has no proper id. Check the base address."
            )
        return f"LeadConduit takes the key. Its newest event is of {created(key):%Y-%m-%d %H:%M} UTC."

    def pull(
        self, settings: Mapping[str, object], *, secrets: Mapping[str, str], now: datetime, seconds: float
    ) -> Pulled:
        plan = plan_of(settings)
        vendor, over = _vendor(plan, secrets, seconds=seconds)
        new, whole = pull(_copy(plan), plan, vendor, now=now, over=over)
        return Pulled(new, whole, self.held(settings))

    def held(self, settings: Mapping[str, object]) -> Held:
        try:
            found = _copy(plan_of(settings)).manifest()
        except SourceError:
            return Held()
        if not found.parts:
            return Held()
        first, last = min(part.first for part in found.parts), max(part.last for part in found.parts)
        return Held(found.rows, created(first), created(last), found.size)

    def starter(self, settings: Mapping[str, object], *, source: str) -> Starter:
        name = f"{source[:86]}-lead-events"
        return Starter(name, starter_data(source, name=name, currency=str(settings.get(CURRENCY) or DOLLAR)))

    def statistics(self, settings: Mapping[str, object], *, secrets: Mapping[str, str], asked: Statistics) -> pa.Table:
        if said := statistics_problem(asked):
            raise QueryRefused(said)
        found = _vendor(plan_of(settings), secrets, seconds=MOST_WAIT_SECONDS / 4)[0].statistics(asked)
        return counts_of(found, asked)

    def personal(self, asked: Statistics) -> tuple[str, ...]:
        return tuple(field for field in asked.group_by if field.lower() not in IMPERSONAL)


def _tables(plan: Plan) -> dict[str, Table]:
    """Every table is there from the beginning, without rows until the first sync, so that datasets can be written."""
    copy = _copy(plan)
    manifest = copy.manifest()
    parts = tuple(copy.folder / part.file for part in manifest.parts)
    found: dict[str, Table] = {EVENTS: Files("read_parquet", parts) if parts else SCHEMA.empty_table()}
    for table in plan.tables:
        kept = manifest.tables.get(table.name)
        fits = kept is not None and kept.digest == table.digest
        found[table.name] = (
            Files("read_parquet", (copy.folder / kept.file,)) if kept and fits else schema_of(table.asked).empty_table()
        )
    return found


def _copy(plan: Plan) -> Copy:
    return Copy(plan.folder, plan.generation)


def _vendor(plan: Plan, secrets: Mapping[str, str], *, seconds: float) -> tuple[Vendor, Callable[[], bool]]:
    end, over = until(seconds)
    return Vendor(plan.base, secrets.get(KEY, ""), until=end), over


ENGINE = LeadConduitEngine()

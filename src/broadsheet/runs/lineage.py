"""Where a dataset's fields come from and who uses them: source and tables, datasets joined either way, reports with the
blocks that show them, schedules by report or by audience. Limited to what the asker may read; what else there is is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.definition import blocks as written
from broadsheet.core.document.definition.data import DataRequest
from broadsheet.core.document.loading import Loaded, load
from broadsheet.core.document.placeholders import names_in
from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.reports import queries as reports
from broadsheet.reports.models import ReportVersion
from broadsheet.schedules.conditions.rights import asked_fields
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.queries import definition_of as schedule_definition
from broadsheet.schedules.queries import schedules
from broadsheet.sources.compile import tables_of
from broadsheet.sources.dataset import Dataset
from broadsheet.sources.models import StoredDataset
from broadsheet.sources.ports import ENGINES
from broadsheet.sources.queries import all_datasets, dataset, datasets, definition_of


@dataclass(frozen=True, slots=True)
class BlockUse:
    """A block of a report: what ``kind`` it is, its ``title``, its ``line`` in the definition, and the fields ``used``."""

    kind: str
    title: str
    line: int
    used: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequestUse:
    """A question of a report: its name and line there, the fields ``used`` by it, and the blocks that show some of them."""

    name: str
    dataset: str
    line: int
    used: tuple[str, ...]
    blocks: tuple[BlockUse, ...]


@dataclass(frozen=True, slots=True)
class ReportUse:
    name: str
    title: str
    requests: tuple[RequestUse, ...]


@dataclass(frozen=True, slots=True)
class ScheduleUse:
    """``report`` is the one that it sends; ``audience``: the columns that its audience takes from the dataset; ``conditions``:
    the fields that its conditions ask, “rows” for those that ask of no field; ``channels`` are where it sends to."""

    name: str
    title: str
    report: str
    audience: tuple[str, ...]
    channels: tuple[str, ...]
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lineage:
    """``made_of`` and ``makes`` are metrics that the field is worked out from, and those that are worked out from it; ``unseen``
    counts reports and schedules that use it and that the asker may not read."""

    dataset: str
    field: str
    source: str
    engine: str
    tables: tuple[str, ...]
    joins: tuple[str, ...]
    joined_by: tuple[str, ...]
    made_of: tuple[str, ...]
    makes: tuple[str, ...]
    reports: tuple[ReportUse, ...]
    schedules: tuple[ScheduleUse, ...]
    unseen: int


def lineage(actor: Actor, name: str, field: str = "") -> Lineage:
    """What the dataset called *name*, or one *field* of it, comes from and is used by. Raises UnknownSource, QueryRefused for
    a field that is not there, Refused."""
    stored = dataset(actor, name)
    of = definition_of(stored).dataset
    if field and field not in of.metrics:
        of.dimension(field)
    spread = _spread(of, field) if field else frozenset[str]()
    wanted = {name: spread, **_beyond(stored, of, spread, whole=not field)}
    everything = list(_reports(reports.all_latest(actor.organization_id), wanted, of=of, whole=not field))
    reads = {kind: bool(may_somewhere(actor, f"{kind}.read")) for kind in ("report", "schedule")}
    seen = set(reports.reports(actor).values_list("name", flat=True)) if everything and reads["report"] else set()
    found = [one for one in everything if one.name in seen]
    sent = list(_schedules(actor.organization_id, name, {one.name for one in everything}, spread, whole=not field))
    mine = set(schedules(actor).values_list("name", flat=True)) if sent and reads["schedule"] else set()
    shown = [one for one in sent if one.name in mine]
    return Lineage(
        name, field, stored.source.name, stored.source.engine, tables_of(of, engine=ENGINES.get(stored.source.engine)),
        tuple(join.dataset.name for join in of.joins.values()),
        tuple(one for one in _joined_by(actor, stored)),
        _made_of(of, field), tuple(sorted(spread - {field})),
        tuple(found), tuple(shown), len(everything) - len(found) + len(sent) - len(shown),
    )  # fmt: skip


def users_of(actor: Actor, name: str) -> dict[str, set[str]]:
    """The reports that use each field of the dataset called *name*, also through what is made of it or over joins, by field;
    among those that the asker may read. Raises as `lineage` does."""
    found = lineage(actor, name)
    of = definition_of(dataset(actor, name)).dataset
    by_name: dict[str, set[str]] = {}
    for report in found.reports:
        for request in report.requests:
            for used in request.used:
                own = used if request.dataset == name else used.partition(".")[2]
                by_name.setdefault(own, set()).add(report.name)
    fields = [*of.dimensions, *of.metrics]
    return {field: set().union(*(by_name.get(one, set()) for one in _spread(of, field))) for field in fields}


def _spread(of: Dataset, field: str) -> frozenset[str]:
    """*field* and every metric that is worked out from it."""
    found, before = {field}, 0
    while len(found) != before:
        before = len(found)
        found |= {one.name for one in of.metrics.values() if not found.isdisjoint(one.parts)}
    return frozenset(found)


def _made_of(of: Dataset, field: str) -> tuple[str, ...]:
    return of.metrics[field].parts if field in of.metrics else ()


def _beyond(stored: StoredDataset, of: Dataset, spread: frozenset[str], *, whole: bool) -> dict[str, frozenset[str]]:
    """The names under which datasets that join this one ask for its fields, by dataset."""
    found = {}
    for one in all_datasets(stored.organization_id).filter(source_id=stored.source_id):
        joins = [join for join in definition_of(one).dataset.joins.values() if join.dataset.name == of.name]
        fields = [name for name in of.dimensions if whole or name in spread]
        names = {f"{join.name}.{field}" for join in joins for field in fields}
        if names:
            found[one.name] = frozenset(names)
    return found


def _joined_by(actor: Actor, stored: StoredDataset) -> Iterator[str]:
    for one in datasets(actor).filter(source_id=stored.source_id).order_by("name"):
        if any(spec.dataset == stored.name for spec in definition_of(one).joins.values()):
            yield one.name


def _reports(
    versions: Iterable[ReportVersion], wanted: dict[str, frozenset[str]], *, of: Dataset, whole: bool
) -> Iterator[ReportUse]:
    """Reports that ask for one of the *wanted* fields, by dataset; of the dataset *of* itself every field if *whole*."""
    for version in versions:
        definition = reports.definition_of(version)
        if not any(request.dataset in wanted for request in definition.data.values()):
            continue
        text, uses = _text(version.definition), []
        for name, request in definition.data.items():
            time = of.time if request.dataset == of.name else ""
            asked = _fields(request, definition, time)
            all_of_it = whole and request.dataset == of.name
            used = tuple(one for one in asked if all_of_it or one in wanted.get(request.dataset, ()))
            if request.dataset in wanted and used:
                uses.append(_request(definition, text, name, request, used, time))
        if uses:
            yield ReportUse(version.report.name, version.report.title, tuple(uses))


@lru_cache(maxsize=256)
def _text(definition: str) -> Loaded:
    """A report's text with the line of each of its keys; to read it takes longer than all else here."""
    [found] = load(definition, file="report")
    return found


def _fields(request: DataRequest, definition: ReportDefinition, time: str) -> tuple[str, ...]:
    """The names of fields that *request* asks for; *time* is what its dataset's time is called."""
    named = [*(one.dimension for one in request.by), *(one.dimension for one in request.where)]
    grouped = [name or time for name in named]
    spanned = [time] if definition.period_of(request) else []
    return tuple(one for one in dict.fromkeys([*request.metrics, *grouped, *spanned]) if one)


def _request(
    definition: ReportDefinition, text: Loaded, name: str, request: DataRequest, used: tuple[str, ...], time: str
) -> RequestUse:
    columns = {group.column: group.dimension or time for group in request.by}
    blocks = []
    for path, block in definition.walk():
        shown = {columns.get(one, one) for one in _shown(block, name)} & set(used)
        if shown:
            line = text.problem(path, "").line
            title = getattr(block, "title", "") or getattr(block, "heading", "")
            blocks.append(BlockUse(_kind(block), title, line, tuple(sorted(shown))))
    line = text.problem(("data", name), "").line
    return RequestUse(name, request.dataset, line, used, tuple(blocks))


def _kind(block: written.Block) -> str:
    return next(kind for kind in written.KINDS if hasattr(block, kind))


def _shown(block: written.Block, data: str) -> set[str]:
    """Columns of the data *data* that *block* shows."""
    names = (data, f"{data}.history")
    match block:
        case written.MetricsBlock() if block.metrics in names or block.targets in names:
            return {spec.metric for spec in block.show}
        case written.ChartBlock() if block.data in names:
            few = {block.few.metric} if block.few else set[str]()
            return {block.x, block.split, *(one.metric for one in block.series)} | few
        case written.TableBlock() if block.table in names:
            few = {block.few.metric} if block.few else set[str]()
            return {block.pivot, *(one.column for one in block.columns)} | few
        case written.TextBlock():
            parts = [name.split(".") for name in names_in(block.text) if name.split(".")[0] == data]
            return {".".join(one[2:]) if one[1:2] == ["first"] else one[1] for one in parts if len(one) > 1}
        case _:
            return set()


def _schedules(
    organization_id: int, name: str, used: set[str], spread: frozenset[str], *, whole: bool
) -> Iterator[ScheduleUse]:
    """Schedules over one of the reports *used*, or whose audience or conditions ask the dataset."""
    mine = Schedule.objects.filter(organization_id=organization_id).select_related("report").order_by("title", "name")
    for schedule in mine:
        definition = schedule_definition(schedule)
        audience = definition.audience
        taken: tuple[str, ...] = ()
        if audience.dataset == name:
            columns = dict.fromkeys([*audience.fields().columns(), *audience.where])
            taken = tuple(one for one in columns if whole or one in spread)
        asked = asked_fields(definition).get(name)
        fields = () if asked is None else tuple(one for one in sorted(asked) if whole or one in spread)
        conditions = fields or (("rows",) if whole and asked is not None else ())
        if taken or conditions or schedule.report.name in used:
            channels = tuple(one.channel for one in definition.channels)
            yield ScheduleUse(schedule.name, schedule.title, schedule.report.name, taken, channels, conditions)

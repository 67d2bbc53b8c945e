"""A dataset asked by name: metrics by dimensions, now, with the asker's own rights. Nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from broadsheet.core.document.definition.reading import near
from broadsheet.core.document.periods import Period, PeriodError, parse
from broadsheet.core.document.tables import FISCAL_GRAINS, GRAINS, Ask, DataTable, Filter, Grouping, Value
from broadsheet.core.policy import Actor, Reader, require_somewhere
from broadsheet.schedules.calendars import CalendarError
from broadsheet.schedules.periods import calendars_of
from broadsheet.sources.actions.ask import Request, answer_all
from broadsheet.sources.dataset import Dataset
from broadsheet.sources.errors import QueryRefused
from broadsheet.sources.models import StoredDataset
from broadsheet.sources.queries import dataset, definition_of

from .preview import as_reader

USUAL, MOST = 1_000, 100_000  # rows of one answer
CONDITION = re.compile(
    r"\s*(?P<dimension>[\w.-]+?)\s*(?P<operator>!=|>=|<=|=|>|<|\s(?:not )?in\s|\sis (?:not )?null\s*$)\s*(?P<value>.*)", re.I
)  # fmt: skip
NUMBERS: dict[str, type[int] | type[float]] = {"integer": int, "number": float}
FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class Condition:
    """*operator* is that of `tables.Filter`; *value* a text, number or flag as somebody wrote it, or several."""

    dimension: str
    operator: str
    value: Value | tuple[Value, ...] = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """``by``: “source”, “month” (of the dataset's time) or “placed:month”. ``order``: columns, a minus in front sorts
    downwards. ``period``: as reports take it, in the zone of who asks; empty for all times."""

    metrics: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    period: str = ""
    order: tuple[str, ...] = ()
    limit: int = USUAL
    fill: bool = False


def explore(actor: Actor, name: str, wanted: Wanted, *, now: datetime) -> DataTable:
    """The answer to *wanted* from the dataset called *name*. Raises UnknownSource, the other errors of `sources.errors`
    with what to mend, and Refused."""
    found = readable(actor, name)
    reader = as_reader(actor)
    ask = ask_of(found, wanted, reader=reader, now=now)
    return answer_all(actor.organization_id, [Request("answer", ask, reader)], as_of=now)["answer"]


def readable(actor: Actor, name: str) -> StoredDataset:
    """The dataset called *name*, to be asked. Raises UnknownSource, Refused."""
    require_somewhere(actor, "report.render")
    return dataset(actor, name)


def ask_of(stored: StoredDataset, wanted: Wanted, *, reader: Reader, now: datetime) -> Ask:
    """What *wanted* asks of the dataset. Raises QueryRefused."""
    of = definition_of(stored).dataset
    if not wanted.metrics and not wanted.by:
        raise QueryRefused("This asks for nothing. Name a metric, or a dimension to group by.")
    if not 1 <= wanted.limit <= MOST:
        raise QueryRefused(f"“{wanted.limit}” rows cannot be asked for. Write 1 to {MOST:,}.")
    for metric in wanted.metrics:
        of.metric(metric)
    by = tuple(grouping(of, text) for text in wanted.by)
    period = period_of(stored.organization_id, wanted.period, zone=reader.zone, now=now)
    return Ask(
        stored.name,
        tuple(dict.fromkeys(wanted.metrics)),
        by,
        period.span if period else None,
        tuple(_filter(of, one, zone=reader.zone) for one in wanted.where),
        tuple((name.removeprefix("-"), name.startswith("-")) for name in wanted.order),
        wanted.limit,
        reader.zone,
        fill=wanted.fill,
    )


def grouping(of: Dataset, text: str) -> Grouping:
    """The group that *text* names. Raises QueryRefused."""
    grains = (*GRAINS, *FISCAL_GRAINS)
    if text in grains and text not in of.dimensions:
        if not of.time:
            raise QueryRefused(f"“{text}” is cut from the dataset's time, and it has none. Name a dimension.")
        return Grouping(of.time, text)
    name, _, grain = text.partition(":")
    if grain and grain not in grains:
        raise QueryRefused(f"“{grain}” is not a grain. {near(grain, grains)}")
    of.dimension(name)
    return Grouping(name, grain or None)


def period_of(organization_id: int, text: str, *, zone: str, now: datetime) -> Period | None:
    """The period that *text* names; None for all times. Raises QueryRefused."""
    if not text.strip():
        return None
    try:
        return parse(text, now=now, zone=zone, calendars=calendars_of(organization_id, text, now=now))
    except PeriodError as error:
        raise QueryRefused(f"{error} Write for instance last month, 2026-10 or 2026-10-01..2026-10-14.") from error
    except CalendarError as error:
        raise QueryRefused(f"{error.message} {error.fix}") from error


def conditions(texts: Iterable[str]) -> tuple[Condition, ...]:
    """Conditions as they are typed: “source = Web”, “cost >= 5”, “source in Web, Mail”, “reason is null”. Raises
    QueryRefused."""
    return tuple(_condition(text) for text in texts if text.strip())


def _condition(text: str) -> Condition:
    found = CONDITION.fullmatch(f"{text} ")
    if found is None:
        raise QueryRefused(
            f"“{text}” is not a condition. Write for instance source = Web, cost >= 5, source in Web, Mail."
        )
    operator, value = " ".join(found["operator"].lower().split()), found["value"].strip()
    if operator.startswith("is"):
        return Condition(found["dimension"], operator)
    if operator.endswith("in"):
        return Condition(found["dimension"], operator, tuple(part.strip() for part in value.split(",") if part.strip()))
    return Condition(found["dimension"], operator, value)


def _filter(of: Dataset, condition: Condition, *, zone: str) -> Filter:
    kind, value = of.dimension(condition.dimension).kind, condition.value
    operator = " ".join(condition.operator.lower().split())
    if operator.startswith("is"):
        return Filter(condition.dimension, operator)
    many = value if isinstance(value, tuple) else (value,)
    typed = tuple(_typed(one, kind, condition.dimension, zone=zone) for one in many)
    return Filter(condition.dimension, operator, typed if operator.endswith("in") else typed[0] if typed else None)


def _typed(value: Value, kind: str, name: str, *, zone: str) -> Value:
    """*value* as the dimension's kind has it."""
    text = str(value).strip()
    try:
        if kind in NUMBERS and not isinstance(value, int | float):
            return NUMBERS[kind](text)
        if kind == "flag" and not isinstance(value, bool):
            return FLAGS[text.lower()]
        if kind == "date" and not isinstance(value, date):
            return date.fromisoformat(text)
        if kind == "instant" and not isinstance(value, datetime):
            at = datetime.fromisoformat(text) if len(text) > 10 else datetime.combine(date.fromisoformat(text), time())
            return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
    except (ValueError, KeyError) as error:
        example = {"flag": "true", "date": "2026-10-14", "instant": "2026-10-14T08:00"}.get(kind, "5")
        raise QueryRefused(f"“{text}” is not {kind}, as “{name}” is. Write for instance {example}.") from error
    return text if kind == "text" else value

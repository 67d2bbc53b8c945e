"""Make a run's files: query once for all slices, render each in the pool, keep every file by its hash.

What is made already is not made again, so a run that goes on after a crash does only what is left. A slice that cannot
be drawn fails alone.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from broadsheet.access.models import Organization
from broadsheet.core.document.compose import Context, asks
from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.parameters import ParameterError, Parameters, resolve
from broadsheet.core.document.periods import PeriodCalendars
from broadsheet.core.document.tables import DataTable
from broadsheet.core.policy import Reader
from broadsheet.core.theme import Theme
from broadsheet.plugins import UnknownPart
from broadsheet.reports import queries as reports
from broadsheet.reports.ports import FORMATS, RenderError
from broadsheet.runs import claims
from broadsheet.runs.due import Moments
from broadsheet.runs.errors import RunError, TryLater
from broadsheet.runs.models import Artifact, Occurrence, Slice, SliceFile
from broadsheet.runs.ports import ArtifactStore, Unwritable
from broadsheet.runs.rendering import Job, Made, RenderLimit, RenderPool
from broadsheet.runs.slicing import reader_from
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.periods import period_calendars
from broadsheet.sources.actions.ask import Request, answer_all
from broadsheet.sources.errors import SourceError, Unreachable

FIGURES = frozenset({"integer", "number", "money", "percent"})
BATCH = 200  # slices whose answers are in memory at once
LOOK_SECONDS = 1.0  # between looks at whether the process is to end


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is the same for every slice of a run."""

    occurrence: Occurrence
    definition: ReportDefinition
    text: str
    given: dict[str, str]
    theme: Theme
    context: Context
    calendars: PeriodCalendars
    moments: Moments


@dataclass(frozen=True, slots=True)
class Order:
    """One slice to be made, with what it is made from."""

    slice: Slice
    reader: Reader
    parameters: Parameters
    fingerprint: str


def make(
    occurrence: Occurrence, *, pool: RenderPool, store: ArtifactStore, now: datetime, ending: Callable[[], bool]
) -> Generator[Slice]:
    """The slices that are still due, as they get done, made or failed; fewer when *ending* turns true.

    Raises TryLater when the data's source does not answer or the store cannot be written, RunError for what a person
    must mend, LostLease. Whoever stops taking slices closes the iterator: what is not drawn yet is cancelled then.
    """
    todo = list(occurrence.slices.filter(state="due").order_by("pk"))
    if not todo:
        return
    recipe = _recipe(occurrence, now=now)
    for start in range(0, len(todo), BATCH):
        if ending():
            return
        orders = [_order(recipe, one) for one in todo[start : start + BATCH]]
        yield from _made(recipe, orders, _answers(recipe, orders), pool=pool, store=store, now=now, ending=ending)


def _recipe(occurrence: Occurrence, *, now: datetime) -> Recipe:
    version = occurrence.report_version
    assert version is not None  # a planned run has one
    schedule = ScheduleDefinition.model_validate({**occurrence.definition, "name": occurrence.schedule.name})
    organization = Organization.objects.get(pk=occurrence.organization_id)
    definition, given = reports.definition_of(version), {**schedule.given, **occurrence.given}
    try:
        calendars = period_calendars(occurrence.organization_id, definition, given, now=occurrence.fire_at)
    except ParameterError as error:
        raise RunError(str(error)) from error
    return Recipe(
        occurrence,
        definition,
        version.definition,
        given,
        reports.theme_of(occurrence.organization_id, schedule.brand),
        # made_at is the planned instant, so that a run that goes on after a crash makes the same bytes
        Context(organization.name, occurrence.planned_at or now, occurrence.as_of or now, f"v{version.number}"),
        calendars,
        Moments(occurrence, schedule),
    )


def _order(recipe: Recipe, slice: Slice) -> Order:
    reader = reader_from(slice.reader)
    now = recipe.moments.now_in(reader.zone)
    parameters = resolve(recipe.definition, recipe.given, reader=reader, now=now, calendars=recipe.calendars)
    return Order(slice, reader, parameters, reader.fingerprint())


def rows_in(answers: dict[str, DataTable]) -> int:
    """How many rows a reader has to see in this period: 0 means that there is nothing to tell them.

    Comparisons and histories (their names hold a dot) do not count, nor a row of totals in which all is nothing.
    """
    return sum(_telling(table) for name, table in answers.items() if "." not in name)


def _telling(table: DataTable) -> int:
    figures = [index for index, column in enumerate(table.columns) if column.kind in FIGURES and not column.grain]
    return sum(not figures or any(row[index] for index in figures) for row in table.rows)


def _answers(recipe: Recipe, orders: list[Order]) -> dict[str, dict[str, DataTable]]:
    """Answers by slice key and request name, with as few queries as the asks differ."""
    requests = [
        Request(f"{order.slice.key} {name}", ask, order.reader)
        for order in orders
        for name, ask in asks(recipe.definition, order.parameters, reader=order.reader).items()
    ]
    try:
        found = answer_all(
            recipe.occurrence.organization_id, requests, as_of=recipe.occurrence.as_of or recipe.occurrence.fire_at
        )
    except Unreachable as error:
        raise TryLater(str(error)) from error
    except SourceError as error:
        raise RunError(f"The report's data cannot be read. {error}") from error
    answers: dict[str, dict[str, DataTable]] = {order.slice.key: {} for order in orders}
    for key, table in found.items():
        slice_key, name = key.split(" ", 1)
        answers[slice_key][name] = table
    return answers


def _made(
    recipe: Recipe,
    orders: list[Order],
    answers: dict[str, dict[str, DataTable]],
    *,
    pool: RenderPool,
    store: ArtifactStore,
    now: datetime,
    ending: Callable[[], bool],
) -> Iterator[Slice]:
    waiting: dict[Future[Made], Order] = {}
    for order in orders:
        job = Job(
            recipe.text, order.parameters, answers[order.slice.key], order.reader, recipe.context, recipe.theme,
            tuple(order.slice.formats),
        )  # fmt: skip
        waiting[pool.submit(job)] = order
    try:
        while waiting:
            done, _ = wait(waiting, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                if ending():  # what a pool says that is being closed is no fault of the slice
                    return
                order = waiting.pop(future)
                yield _settle(recipe, order, future, rows=rows_in(answers[order.slice.key]), store=store, now=now)
            if ending():
                return
    finally:
        for future in waiting:
            future.cancel()


def _settle(
    recipe: Recipe, order: Order, future: Future[Made], *, rows: int, store: ArtifactStore, now: datetime
) -> Slice:
    slice = order.slice
    try:
        made = future.result()
    except (RenderError, RenderLimit, UnknownPart) as error:
        slice.state, slice.error = "failed", str(error)
        with transaction.atomic():
            claims.hold(recipe.occurrence)
            slice.save(update_fields=["state", "error"])
        return slice
    try:
        kept = {name: store.put(data) for name, data in made.files.items()}
    except Unwritable as error:
        raise TryLater(str(error)) from error
    with transaction.atomic():
        claims.hold(recipe.occurrence)  # who lost the lease writes nothing, and nobody takes it before this is written
        for name, stored in kept.items():
            form = FORMATS.get(name)
            artifact, _ = Artifact.objects.get_or_create(
                organization_id=recipe.occurrence.organization_id,
                sha256=stored.sha256,
                defaults={"size": stored.size, "media_type": form.media_type, "made_at": now},
            )
            SliceFile.objects.get_or_create(
                slice=slice,
                format=name,
                defaults={
                    "artifact": artifact,
                    "filename": f"{made.filename}.{form.extension}",
                    "made_from": _provenance(recipe, order, made),
                },
            )
        slice.state, slice.rows, slice.problems = "made", rows, list(made.problems)
        slice.made_at, slice.seconds = now, made.seconds
        slice.save(update_fields=["state", "rows", "problems", "made_at", "seconds"])
    return slice


def _provenance(recipe: Recipe, order: Order, made: Made) -> dict[str, object]:
    as_of = recipe.occurrence.as_of
    return {
        "report": str(recipe.occurrence.report_version),
        "schedule_version": recipe.occurrence.schedule_version,
        "parameters": order.parameters.key(),
        "title": made.title,
        "period": made.period_text,
        "data_cut_off": as_of.isoformat() if as_of else None,
        "policy": order.fingerprint,
    }

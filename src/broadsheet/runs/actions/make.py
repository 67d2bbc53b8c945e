"""Make a run's files: query once for all slices, render each in the pool, keep every file by its hash.

What is made already is not made again, so a run that goes on after a crash does only what is left. A slice that cannot
be drawn fails alone.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from datetime import datetime

from django.db import transaction

from broadsheet.core.document.tables import DataTable
from broadsheet.plugins import UnknownPart
from broadsheet.reports.ports import FORMATS, RenderError
from broadsheet.runs import claims
from broadsheet.runs.asking import Order, Recipe, answers_of, order_of, recipe_of, rows_in
from broadsheet.runs.errors import TryLater
from broadsheet.runs.models import Artifact, Occurrence, Slice, SliceFile
from broadsheet.runs.ports import ArtifactStore, Unwritable
from broadsheet.runs.rendering import Job, Made, RenderLimit, RenderPool

BATCH = 200  # slices whose answers are in memory at once
LOOK_SECONDS = 1.0  # between looks at whether the process is to end


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
    recipe = recipe_of(occurrence, now=now)
    for start in range(0, len(todo), BATCH):
        if ending():
            return
        orders = [order_of(recipe, one) for one in todo[start : start + BATCH]]
        yield from _made(recipe, orders, answers_of(recipe, orders), pool=pool, store=store, now=now, ending=ending)


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

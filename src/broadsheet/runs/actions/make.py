"""Make a run's files: query for all slices, check what came over all of them, render each in the pool, keep every file by
its hash.

Nothing is drawn, and so nothing leaves, before the last answer has come and all are checked together. What is made
already is not made again, so a run that goes on after a crash does only what is left. A slice that cannot be drawn fails
alone.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from broadsheet.plugins import UnknownPart
from broadsheet.reports.ports import FORMATS, RenderError
from broadsheet.runs import claims
from broadsheet.runs.actions.examine import Examined, Examiner, note, settle
from broadsheet.runs.asking import Answered, Order, Recipe, order_of, recipe_of, what_answers
from broadsheet.runs.errors import OnHold, TryLater
from broadsheet.runs.kept import keep_rows
from broadsheet.runs.laying_out import BODY
from broadsheet.runs.models import Artifact, Occurrence, Slice, SliceFile
from broadsheet.runs.ports import ArtifactStore, Stored, Unwritable
from broadsheet.runs.rendering import Job, Made, RenderLimit, RenderPool
from broadsheet.runs.spool import Spool
from broadsheet.tracing import record, span

BATCH = 200  # slices whose answers are in memory at once
KEEPERS = 4  # files of a slice that are kept at once: each waits for the disk alone
LOOK_SECONDS = 1.0  # between looks at whether the process is to end

Keep = Callable[[Iterable[bytes]], Iterable[Stored]]
"""Puts files into the store, and says in their order how. Raises Unwritable."""
Clock = Callable[[], datetime]


def make(
    occurrence: Occurrence, *, pool: RenderPool, store: ArtifactStore, clock: Clock, ending: Callable[[], bool]
) -> Generator[Slice | None]:
    """The slices that are still due, as they get done, made or failed; fewer when *ending* turns true. None now and then,
    while nothing got done: whoever waits for them may look at something else.

    Raises TryLater when the data's source does not answer or the store cannot be written, RunError for what a person
    must mend, OnHold when the run looks wrong as a whole and its first batch is made to be looked at, LostLease. Whoever
    stops taking slices closes the iterator: what is not drawn yet is cancelled then.
    """
    todo = list(occurrence.slices.filter(state="due").order_by("pk"))
    if not todo:
        return
    recipe = recipe_of(occurrence, now=clock())
    examiner = Examiner(recipe)
    batches = [[order_of(recipe, one) for one in todo[start : start + BATCH]] for start in range(0, len(todo), BATCH)]
    with recipe.spent.kept(occurrence), Spool() as answered:
        for orders in batches:
            if ending():
                return
            with span("ask", run=occurrence.pk, slices=len(orders)):
                found = what_answers(recipe, orders)
            examiner.look(orders, found)
            answered.put(found)
            del found  # else the one before is in memory while the next comes
            yield None
        examined = examiner.judge()
        for number, orders in enumerate(batches):
            batch = Batch(recipe, orders, answered.take(number), examiner, examined)
            yield from _made(batch, pool=pool, store=store, clock=clock, ending=ending)
            del batch  # with its answers, before those of the next are read
            if ending():
                return
            if examined.holds_run:
                raise OnHold("content", examined.why())
            note(occurrence, orders, now=clock())


@dataclass(frozen=True, slots=True)
class Batch:
    """Slices whose answers are in memory, and what checks say of the run."""

    recipe: Recipe
    orders: list[Order]
    found: Answered
    examiner: Examiner
    examined: Examined

    @property
    def occurrence(self) -> Occurrence:
        return self.recipe.occurrence


def _made(
    batch: Batch, *, pool: RenderPool, store: ArtifactStore, clock: Clock, ending: Callable[[], bool]
) -> Iterator[Slice | None]:
    recipe, answers = batch.recipe, batch.found.answers
    waiting: dict[Future[Made], Order] = {}
    for order in batch.orders:
        job = Job(
            recipe.text, order.parameters, answers[order.slice.key], order.reader, recipe.context, recipe.theme,
            tuple(order.slice.formats), recipe.spent.of_a_drawing(),
        )  # fmt: skip
        waiting[pool.submit(job)] = order
    keepers = ThreadPoolExecutor(KEEPERS, thread_name_prefix="keep")
    try:
        while waiting:
            done, _ = wait(waiting, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
            recipe.spent.check()
            for future in done:
                if ending():  # what a pool says that is being closed is no fault of the slice
                    return
                order = waiting.pop(future)
                yield _settle(batch, order, future, lambda files: keepers.map(store.put, files), clock=clock)
            if ending():
                return
            if not done:
                yield None
    finally:
        for future in waiting:
            future.cancel()
        keepers.shutdown()


def _settle(batch: Batch, order: Order, future: Future[Made], keep: Keep, *, clock: Clock) -> Slice:
    recipe = batch.recipe
    slice = order.slice
    try:
        made = future.result()
        record("render", seconds=made.seconds, run=batch.occurrence.pk, slice=order.slice.pk)
    except (RenderError, RenderLimit, UnknownPart) as error:
        slice.state, slice.error = "failed", str(error)
        with transaction.atomic():
            claims.hold(recipe.occurrence)
            slice.save(update_fields=["state", "error"])
            recipe.spent.ended(slice, error)
        return slice
    try:
        kept = dict(zip(made.files, keep(made.files.values()), strict=True))
    except Unwritable as error:
        raise TryLater(str(error), cause="store") from error
    with transaction.atomic():
        claims.get_on(
            recipe.occurrence
        )  # who lost the lease writes nothing, and nobody takes it before this is written
        now = clock()  # this moment: what is written with an older one is counted by nobody
        artifacts = keep_rows(
            [
                Artifact(
                    organization_id=recipe.occurrence.organization_id, sha256=stored.sha256, size=stored.size,
                    media_type=FORMATS.get(name).media_type, made_at=now,
                )
                for name, stored in kept.items()
            ]
        )  # fmt: skip
        made_from = _provenance(recipe, order, made)
        files = [
            SliceFile(
                slice=slice, format=name, artifact=artifacts[stored.sha256], made_from=made_from,
                filename=f"{made.filename}.{FORMATS.get(name).extension}",
            )
            for name, stored in kept.items()
        ]  # fmt: skip
        SliceFile.objects.bulk_create(files, ignore_conflicts=True)
        slice.identity, slice.counts = batch.examined.seen[slice.key]
        slice.state, slice.rows, slice.problems = "made", sum(slice.counts.values()), list(made.problems)
        slice.made_at, slice.seconds = now, made.seconds
        recipe.spent.drawn(slice, made)
        sizes = {
            name: (f"{made.filename}.{FORMATS.get(name).extension}", stored.size)
            for name, stored in kept.items()
            if name != BODY
        }
        found = [*batch.examined.slices.get(slice.key, ()), *batch.examiner.files(slice, sizes)]
        settle(slice, found, whole=batch.examined.holds_run)
        slice.save(
            update_fields=[
                "state", "rows", "problems", "made_at", "seconds", "identity", "counts", "findings", "verdict",
            ]
        )  # fmt: skip
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

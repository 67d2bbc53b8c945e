"""What a run may use and what it has used, while it is made. Past a bound it ends, with the reason and how to mend it.

The time, rows and bytes are counted anew each time that a run is taken up: after a crash, or sent again by a person, it
has the whole of what it may use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic

from django.conf import settings
from django.db import transaction

from broadsheet.runs import claims
from broadsheet.runs.errors import RunError
from broadsheet.runs.models import Occurrence, RunUse, Slice, SliceUse
from broadsheet.runs.rendering import Bounds, Made, RenderLimit
from broadsheet.schedules.limits import LimitsDefinition
from broadsheet.sources.metering import Meter

MEGA = 1_000_000
SETTING = "BROADSHEET" + "_RUN_"  # and the name of a limit


@dataclass(frozen=True, slots=True)
class Limit:
    """The most of something (None: no bound), and ``fix``: what to raise where it is too little."""

    most: float | None
    fix: str


def limits_of(definition: LimitsDefinition, ceilings: Mapping[str, float | None]) -> dict[str, Limit]:
    """For each name in a schedule's ``limits:`` the narrower of its own and the installation's."""
    found = {}
    for name in LimitsDefinition.model_fields:
        own, ceiling = getattr(definition, name), ceilings.get(name)
        mine = own is not None and (ceiling is None or own <= ceiling)
        server = f"let the server’s keeper raise {SETTING + name.upper()}"
        found[name] = Limit(own, f"raise policies.limits.{name}") if mine else Limit(ceiling, server)
    return found


@dataclass(slots=True)
class Spending:
    """Of one run, from the moment that it is made. ``clock`` counts seconds. Used by the thread that makes the run."""

    limits: dict[str, Limit]
    clock: Callable[[], float] = monotonic
    meter: Meter = field(init=False)
    cpu_seconds: float = 0.0
    _begun: float = field(init=False)

    def __post_init__(self) -> None:
        rows, megabytes, seconds = (self.limits[name] for name in ("rows", "megabytes", "seconds"))
        self.meter = Meter(
            None if rows.most is None else int(rows.most),
            None if megabytes.most is None else int(megabytes.most * MEGA),
            most_seconds=seconds.most,
            fixes=(rows.fix, megabytes.fix),
            seconds_fix=seconds.fix,
        )
        self._begun = self.clock()

    @property
    def seconds(self) -> float:
        return self.clock() - self._begun

    def of_a_drawing(self) -> Bounds:
        """What the next slice may use: of processor time what is left of the run's."""
        cpu = self.limits["cpu_seconds"].most
        left = None if cpu is None else max(0.1, cpu - self.cpu_seconds)
        return Bounds(cpu_seconds=left, megabytes=self.limits["memory_megabytes"].most)

    def check(self) -> None:
        """Raises RunError when the run has taken more time, or more of the processors', than it may."""
        time, cpu = self.limits["seconds"], self.limits["cpu_seconds"]
        if time.most is not None and self.seconds > time.most:
            raise RunError(
                f"Making this run took more than {time.most:g} s. Show fewer rows, narrow its period, or {time.fix}."
            )
        if cpu.most is not None and self.cpu_seconds > cpu.most:
            raise self._no_cpu()

    def drawn(self, slice: Slice, made: Made) -> None:
        """Note what a slice took, in the transaction that keeps its files. Raises RunError where the run is past a bound with
        it; then it is not kept."""
        self.cpu_seconds += made.cpu_seconds
        self.check()
        used = {"cpu_seconds": round(made.cpu_seconds, 3), "peak_megabytes": made.peak_megabytes, "ended_by": ""}
        SliceUse.objects.bulk_create(
            [SliceUse(slice=slice, **used)], update_conflicts=True, unique_fields=["slice"], update_fields=[*used]
        )  # one statement, where `update_or_create` has five

    def ended(self, slice: Slice, error: Exception) -> None:
        """Note which bound ended a slice's drawing, if one did. Raises RunError where it was the run's and not the slice's."""
        if not isinstance(error, RenderLimit):
            return
        if error.kind == "cpu":
            raise self._no_cpu()
        SliceUse.objects.update_or_create(slice=slice, defaults={"ended_by": error.kind})

    @contextmanager
    def kept(self, run: Occurrence) -> Iterator[None]:
        """What is used inside is written at its end, also where a bound, a fault of the run or a person ends it."""
        try:
            yield
        except GeneratorExit:
            with suppress(claims.LostLease):
                self.keep(run)
            raise
        except RunError:
            self.keep(run)
            raise
        self.keep(run)

    @transaction.atomic
    def keep(self, run: Occurrence) -> None:
        """Write what the run used, while its lease is held. Raises LostLease."""
        claims.hold(run)
        meter = self.meter
        used = {"queries": meter.queries, "rows": meter.rows, "bytes": meter.bytes, "seconds": round(self.seconds, 3)}
        RunUse.objects.update_or_create(occurrence=run, defaults=used)

    def _no_cpu(self) -> RunError:
        cpu = self.limits["cpu_seconds"]
        return RunError(
            f"Drawing this run took more than {cpu.most:g} s of processor time. Show fewer rows or blocks, or {cpu.fix}."
        )


def spending_of(definition: LimitsDefinition) -> Spending:
    """By the schedule's limits and those of this installation."""
    return Spending(limits_of(definition, settings.RUN_LIMITS))

"""What a schedule's conditions say now: whether its data has come, and whether its figure would let a run go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any

from broadsheet.core.policy import Actor
from broadsheet.schedules import queries
from broadsheet.schedules.conditions.evaluating import Told, alarm_of, ask, told
from broadsheet.schedules.conditions.periods import zone_for
from broadsheet.schedules.conditions.readiness import look
from broadsheet.schedules.conditions.rights import may_see
from broadsheet.schedules.conditions.wording import written
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.models import AlarmState, Schedule
from broadsheet.sources.errors import SourceError


@dataclass(frozen=True, slots=True)
class Probed:
    """A probe in a sentence, and whether it holds."""

    holds: bool
    text: str


@dataclass(frozen=True, slots=True)
class Figured:
    """``verdict``: fire, skip or retry; ``because`` as `core.conditions.Answer` has it. ``text`` and ``value`` are the figure as
    text and number; ``series`` its last values by the first day of their periods. All three are empty for who may not see
    them."""

    verdict: str
    because: str
    reason: str
    text: str = ""
    value: float | None = None
    series: tuple[tuple[date, float | None], ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionsNow:
    """What the conditions of a firing at ``fire_at`` say with the data of ``asked_at``. ``probes``: () where nothing is waited
    for; ``broken``: why a probe cannot be asked at all. ``figure`` None where it depends on none."""

    fire_at: datetime
    asked_at: datetime
    probes: tuple[Probed, ...] = ()
    broken: str = ""
    otherwise: str = ""
    figure: Figured | None = None

    @property
    def any(self) -> bool:
        """Whether the schedule has conditions."""
        return bool(self.probes or self.broken or self.figure)

    @property
    def would_fire(self) -> bool:
        ready = not self.broken and all(one.holds for one in self.probes)
        return ready and (self.figure is None or self.figure.verdict == "fire")

    def facts(self) -> dict[str, Any]:
        """All of it as plain data, for programs."""
        figure = self.figure
        return {
            "fire_at": self.fire_at, "asked_at": self.asked_at, "would_fire": self.would_fire,
            "ready": [{"holds": one.holds, "text": one.text} for one in self.probes],
            "broken": self.broken, "otherwise": self.otherwise,
            "only_if": None if figure is None else {
                "verdict": figure.verdict, "because": figure.because, "reason": figure.reason, "value": figure.value,
                "series": [{"start": day.isoformat(), "value": value} for day, value in figure.series],
            },
        }  # fmt: skip


def conditions_now(actor: Actor, name: str, *, now: datetime) -> ConditionsNow:
    """Of the schedule's next firing, as if it were now. Nothing is kept. Raises UnknownSchedule, Refused."""
    schedule = queries.schedule(actor, name, "schedule.run")
    return conditions_of(actor, schedule, queries.definition_of(schedule), fire_at=now, now=now)


def conditions_of(
    actor: Actor, schedule: Schedule, definition: ScheduleDefinition, *, fire_at: datetime, now: datetime
) -> ConditionsNow:
    """What *definition*'s conditions say for a firing of *schedule* at *fire_at*, with the data of *now*; its figures for an
    *actor* who may see them."""
    place = schedule.organization_id
    probes, broken = _probes(definition, place, fire_at=fire_at, now=now)
    figure = None
    if definition.only_if is not None:
        only_if, zone = definition.only_if, zone_for(definition, place)
        alarm = alarm_of(AlarmState.objects.filter(schedule=schedule).first(), only_if)
        asked = ask(only_if, place, at=fire_at, now=now, zone=zone)
        figure = _figure(told(only_if, alarm, asked, at=fire_at, zone=zone), seen=may_see(actor, only_if))
    otherwise = definition.ready.otherwise if definition.ready else ""
    return ConditionsNow(fire_at, now, probes, broken, otherwise, figure)


def _probes(
    definition: ScheduleDefinition, organization_id: int, *, fire_at: datetime, now: datetime
) -> tuple[tuple[Probed, ...], str]:
    if definition.ready is None:
        return (), ""
    try:
        looked = look(definition, definition.ready, organization_id, fire_at=fire_at, now=now)
    except SourceError as error:
        return (), str(error)
    return tuple(Probed(holds, text) for holds, text in looked.told), ""


def _figure(found: Told, *, seen: bool) -> Figured:
    answer, figure = found.answer, found.asked.figure
    if not seen:
        return Figured(answer.verdict, answer.because, found.plainly)
    if figure is None or figure.value is None or not isfinite(figure.value):
        return Figured(answer.verdict, answer.because, found.reason, series=figure.series if figure else ())
    text = written(figure.column, figure.value)
    return Figured(answer.verdict, answer.because, found.reason, text, figure.value, figure.series)

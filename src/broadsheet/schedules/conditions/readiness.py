"""Look whether the data that a schedule needs has come; what is lacking is said in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from broadsheet.core.document.compose.asking import filters_of
from broadsheet.core.document.dates import dates_for
from broadsheet.core.document.periods import Period
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.sources.actions.arrivals import arrived, brought_up_to_date
from broadsheet.sources.actions.probe import count, newest
from broadsheet.sources.errors import LimitExceeded, UnknownSource, Unreachable
from broadsheet.sources.models import Source

from .periods import period_for, report_period, zone_for
from .readiness_definition import Probe, Readiness

USUAL_HOURS = 24.0


@dataclass(frozen=True, slots=True)
class Looked:
    """``told``: each probe in a sentence, with whether it holds. ``data_to``: up to when the oldest of the data goes that was
    found too old; None where nothing was, or that is not known."""

    told: tuple[tuple[bool, str], ...]
    data_to: datetime | None = None

    @property
    def lacking(self) -> list[str]:
        return [text for holds, text in self.told if not holds]


@dataclass(slots=True)
class _Looking:
    definition: ScheduleDefinition
    organization_id: int
    given: Mapping[str, str]
    fire_at: datetime
    now: datetime
    zone: str
    old: list[datetime] = field(default_factory=list)

    def probe(self, probe: Probe) -> tuple[bool, str]:
        """Raises the errors of `sources.errors`, but for what may be well at the next look."""
        try:
            match probe.kind:
                case "fresh":
                    moment = newest(self.organization_id, probe.of, now=self.now, zone=self.zone)
                    return self._age(f"“{probe.of}”", moment, probe)
                case "source":
                    moment = brought_up_to_date(self._source(probe.of))
                    return self._age(f"The source “{probe.of}”", moment, probe)
                case "file":
                    return self._file(probe)
                case _:
                    return self._rows(probe)
        except (Unreachable, LimitExceeded) as error:
            return False, str(error)

    def _age(self, what: str, moment: datetime | None, probe: Probe) -> tuple[bool, str]:
        most = probe.hours or USUAL_HOURS
        if moment is None:
            return False, f"{what} has no data yet."
        if self.now - moment <= timedelta(hours=most):
            return True, f"{what} goes to {self._moment(moment)}."
        self.old.append(moment)
        return False, f"{what} goes to {self._moment(moment)}; it must not be older than {_hours(most)}."

    def _rows(self, probe: Probe) -> tuple[bool, str]:
        if probe.period:
            period = period_for(probe.period, self.organization_id, at=self.fire_at, zone=self.zone)
        else:
            period = report_period(
                self.definition, self.organization_id, self.given, at=self.fire_at, zone=self.zone
            )  # fmt: skip
        least = probe.at_least or 1
        found = count(
            self.organization_id, probe.of, period.span, filters_of(probe.where), now=self.now, zone=self.zone
        )
        # How many there are is not told: it is a figure of everybody's rows.
        rows = "a row" if least == 1 else f"{least:,} rows"
        some = " with these conditions" if probe.where else ""
        if found >= least:
            return True, f"“{probe.of}” has {rows}{' or more' if least > 1 else ''} for {_text(period)}{some}."
        return False, f"“{probe.of}” has not {rows} for {_text(period)}{some} yet."

    def _file(self, probe: Probe) -> tuple[bool, str]:
        local = self.fire_at.astimezone(ZoneInfo(self.zone)).date()
        days = {"{date}": (local - timedelta(days=1)).isoformat(), "{today}": local.isoformat()}
        name = probe.name
        for sign, day in days.items():
            name = name.replace(sign, day)
        found = [one.at for one in arrived(self._source(probe.of)) if fnmatchcase(one.name, name)]
        if not found:
            return False, f"No file “{name}” has come to “{probe.of}” yet."
        return self._age(f"The file “{name}” of “{probe.of}”", max(found), probe)

    def _source(self, name: str) -> Source:
        found = Source.objects.filter(organization_id=self.organization_id, name=name).first()
        if found is None:
            raise UnknownSource(f"There is no source “{name}” any more. Choose another in the schedule.")
        return found

    def _moment(self, at: datetime) -> str:
        return dates_for("en").moment(at.astimezone(ZoneInfo(self.zone)))


def look(
    definition: ScheduleDefinition,
    readiness: Readiness,
    organization_id: int,
    *,
    fire_at: datetime,
    now: datetime,
    given: Mapping[str, str] | None = None,
) -> Looked:
    """Every probe, asked *now*. A source that does not answer, or a query that passes its limits, has no data yet.

    *given*: the run's own parameters. Raises QueryRefused and QueryFailed for what a person must mend.
    """
    looking = _Looking(
        definition, organization_id, given or {}, fire_at, now, zone_for(definition, organization_id)
    )  # fmt: skip
    told = tuple(looking.probe(one) for one in readiness.probes)
    return Looked(told, min(looking.old, default=None))


def _hours(number: float) -> str:
    if number < 1:
        return f"{number * 60:g} minutes"
    return "an hour" if number == 1 else f"{number:g} hours"


def _text(period: Period) -> str:
    return period.text(dates_for("en"))

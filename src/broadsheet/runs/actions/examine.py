"""Check what a run has made before any of it is sent.

The rows of all slices are judged together when the last have come, and the files of each when they are drawn: what is to
be held is written as held together with the slice itself, so that no crash between the two lets it go. Where a run goes on
that had made some before, those count.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from broadsheet.core.checks import Checked, Finding, Past, judge_batch, judge_files, judge_slice, judge_stale
from broadsheet.core.document.definition import ReportDefinition
from broadsheet.core.document.definition import blocks as written
from broadsheet.core.document.tables import Ask, Grouping, Value
from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.policy import Reader
from broadsheet.delivery.limits import limits_of
from broadsheet.delivery.models import Delivery, StoredChannel
from broadsheet.delivery.ports import CHANNELS
from broadsheet.runs import claims
from broadsheet.runs.asking import Answered, Order, Recipe, counts_in
from broadsheet.runs.history import Runs, earlier_runs, identity_of, past_of
from broadsheet.runs.holding import note_held
from broadsheet.runs.models import Occurrence, Slice
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.sources import queries as sources
from broadsheet.sources.actions.ask import Request, answer_all
from broadsheet.sources.errors import SourceError

log = logging.getLogger(__name__)
WHOLE = Reader("checks", "checks", unrestricted=True)  # how new data is, is asked over all of it; no row is kept
NOT_CHECKED = frozenset({"test"})


@dataclass(frozen=True, slots=True)
class Examined:
    """``slices``: findings by slice key; ``run``: those over all; ``seen``: identity and counts by slice key."""

    slices: Mapping[str, list[Finding]]
    run: tuple[Finding, ...]
    seen: Mapping[str, tuple[str, dict[str, int]]]

    @property
    def holds_run(self) -> bool:
        return any(one.holds for one in self.run)

    def why(self) -> str:
        """What holds the run, in sentences: the first of it found in a slice stands for its likes."""
        own = [one for one in self.run if one.holds and one.check != "share"]
        within = {one.check: one for found in self.slices.values() for one in reversed(found) if one.holds}
        share = [one for one in self.run if one.check == "share"]
        return " ".join(one.text() for one in [*own, *(share if len(self.slices) > 1 else ()), *within.values()][:3])


class Examiner:
    """Of one run: `look` at each batch of answers, then `judge` them all. What a person let pass is found again, and holds no
    more."""

    def __init__(self, recipe: Recipe) -> None:
        occurrence = recipe.occurrence
        self._occurrence = occurrence
        self._definition = ScheduleDefinition.model_validate(
            {**occurrence.definition, "name": occurrence.schedule.name}
        )
        self._limits = self._definition.checks.limits()
        self._off = occurrence.kind in NOT_CHECKED
        self._passed = "content" in occurrence.waived
        self._blocks = blocks_of(recipe.definition)
        self._datasets = sorted({one.dataset for one in recipe.definition.data.values()})
        self._runs: Runs | None = None
        self._seen: dict[str, tuple[str, dict[str, int]]] = {}
        self._slices: dict[str, list[Finding]] = {}
        self._checked: list[Checked] = []

    def look(self, orders: list[Order], found: Answered) -> None:
        """Judge each slice of a batch by itself, and keep of its answers how many rows they have."""
        seen = {
            one.slice.key: (identity_of(one.reader), counts_in(found.answers[one.slice.key])) for one in orders
        }  # fmt: skip
        self._seen |= seen
        if self._off:
            return
        past = past_of(self._earlier(), {identity for identity, _ in seen.values()})
        for key, (identity, counts) in seen.items():
            before = past.get(identity, ())
            findings = self._slice(counts, found, before)
            if findings:
                self._slices[key] = findings
            self._checked.append(_checked(sum(counts.values()), before, held=any(one.holds for one in findings)))

    def judge(self) -> Examined:
        """What is wrong with all that was looked at, and was made before, together; it is kept with the run. Raises LostLease."""
        if self._off:
            return Examined({}, (), self._seen)
        runs = self._earlier()
        checked = [*self._checked, *self._made_before(runs)]
        over_all = [*judge_batch(self._limits, checked, weekday=runs.weekday), *self._stale(runs)]
        run = tuple(map(self._let, over_all))
        self._keep(run)
        return Examined({key: list(map(self._let, found)) for key, found in self._slices.items()}, run, self._seen)

    def _made_before(self, runs: Runs) -> list[Checked]:
        """Those of a run that goes on, by what was written with them."""
        made = self._occurrence.slices.filter(state="made").values_list("identity", "rows", "findings")
        rows = list(made)
        past = past_of(runs, {identity for identity, _, _ in rows})
        return [
            _checked(number, past.get(identity, ()), held=any(one["do"] == "hold" for one in findings))
            for identity, number, findings in rows
        ]

    def files(self, slice: Slice, sizes: Mapping[str, tuple[str, int]]) -> list[Finding]:
        """Judge the files of a slice, for each channel those that go by it; *sizes*: name and bytes by format."""
        if self._off:
            return []
        found: list[Finding] = []
        for channel, formats in self._ways(slice):
            mine = dict(sizes[one] for one in formats if one in sizes)
            mailed = "inline" in CHANNELS.get(channel.kind).descriptor.capabilities
            most = limits_of(channel.limits).megabytes
            judged = judge_files(self._limits, mine, mailed=mailed, channel=str(channel), most=most)
            found += [one for one in judged if one not in found]
        return list(map(self._let, found))

    def _ways(self, slice: Slice) -> list[tuple[StoredChannel, list[str]]]:
        """The channels by which the slice goes, each with the formats that go by it."""
        ways: dict[int, tuple[StoredChannel, list[str]]] = {}
        for one in Delivery.objects.filter(slice=slice).select_related("channel").order_by("channel_id"):
            _, formats = ways.setdefault(one.channel_id, (one.channel, []))
            formats += [name for name in one.formats if name not in formats]
        return list(ways.values())

    def _slice(self, counts: dict[str, int], found: Answered, past: tuple[Past, ...]) -> list[Finding]:
        rows, limits = sum(counts.values()), self._limits
        if not rows and self._definition.policies.empty == "skip":  # it is not sent anyway
            limits = replace(limits, blank_block="off", collapse="off")
        return judge_slice(
            limits, counts, rows=rows, failed=found.failed, blocks=self._blocks, past=past,
            weekday=self._earlier().weekday,
        )  # fmt: skip

    def _stale(self, runs: Runs) -> list[Finding]:
        occurrence, limits = self._occurrence, self._limits
        if limits.stale == "off" or occurrence.as_of is None or occurrence.kind == "backfill":
            return []
        if not occurrence.newest:
            occurrence.newest = newest_of(occurrence, self._datasets)
            claims.write(occurrence, newest=occurrence.newest)
        ages = {name: _hours(text, occurrence.as_of) for name, text in occurrence.newest.items()}
        past = {name: [_hours(newest[name], at) for at, newest in runs.newest if name in newest] for name in ages}
        return judge_stale(limits, ages, past)

    def _earlier(self) -> Runs:
        if self._runs is None:
            self._runs = earlier_runs(self._occurrence)
        return self._runs

    def _let(self, finding: Finding) -> Finding:
        return replace(finding, do="warn") if self._passed else finding

    def _keep(self, run: tuple[Finding, ...]) -> None:
        if run:
            kept = [one for one in self._occurrence.findings if one["check"] not in {each.check for each in run}]
            self._occurrence.findings = [*kept, *(one.stored() for one in run)]
            claims.write(self._occurrence, findings=self._occurrence.findings)


def settle(slice: Slice, found: list[Finding], *, whole: bool) -> None:
    """Write into *slice*, not saved, what came of it, and hold its deliveries where it must not be sent; *whole*: the run
    is held for what was found over all. For the transaction that says that the slice is made."""
    slice.findings = [one.stored() for one in found]
    holding = [one for one in found if one.holds]
    slice.verdict = "held" if holding or whole else "warned" if found else "passed"
    if slice.verdict == "held":
        reason = " ".join(one.text() for one in holding) or "The run is held for what was found over all of it."
        Delivery.objects.filter(slice=slice, state=Sent.DUE).update(state=Sent.HELD, reason=reason)


def note(occurrence: Occurrence, orders: list[Order], *, now: datetime) -> None:
    """Tell the run's owner of what a batch of it holds back. Raises LostLease."""
    slices = [one.slice for one in orders if one.slice.verdict == "held"]
    if slices:
        held = Delivery.objects.filter(slice__in=slices, state=Sent.HELD)
        reason = held.values_list("reason", flat=True).first()
        if reason:
            note_held(occurrence, reason, deliveries=held.count(), now=now)


def _checked(rows: int, past: tuple[Past, ...], *, held: bool) -> Checked:
    """Without the counts by request, which only the slice's own checks need."""
    return Checked(rows, tuple(Past(one.rows) for one in past), held)


def blocks_of(definition: ReportDefinition) -> dict[str, str]:
    """What the first block over each request is called: its title, else the request's own name."""
    found: dict[str, str] = {}
    for _, block in definition.walk():
        name = ""
        if isinstance(block, written.MetricsBlock):
            name = block.metrics
        elif isinstance(block, written.ChartBlock):
            name = block.data
        elif isinstance(block, written.TableBlock):
            name = block.table
        if name and "." not in name:
            title = getattr(block, "title", "")
            found.setdefault(name, title if title and "{" not in title else name.replace("_", " ").capitalize())
    return found


def newest_of(occurrence: Occurrence, datasets: list[str]) -> dict[str, str]:
    """The newest moment in each dataset that knows time, ISO in UTC, by its name. One that cannot be asked is left out:
    whether it can be read is another check's affair."""
    found = {}
    for name in datasets:
        try:
            dataset = sources.definition_of(sources.stored(occurrence.organization_id, name)).dataset
            if not dataset.time:
                continue
            ask = Ask(name, by=(Grouping(dataset.time),), rows=True, order=((dataset.time, True),), limit=1)
            request = Request(name, ask, WHOLE)
            table = answer_all(occurrence.organization_id, [request], as_of=occurrence.as_of or occurrence.fire_at)[
                name
            ]
        except SourceError as error:
            log.info("how new data is cannot be asked action=examine dataset=%s error=%s", name, error)
            continue
        newest = _moment(table.rows[0][0]) if table.rows else None
        if newest is not None:
            found[name] = newest.isoformat()
    return found


def _moment(value: Value) -> datetime | None:
    """A day counts as new until it ends."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC) + timedelta(days=1)
    return None


def _hours(newest: str, at: datetime) -> float:
    return max((at - datetime.fromisoformat(newest)).total_seconds() / 3600, 0.0)

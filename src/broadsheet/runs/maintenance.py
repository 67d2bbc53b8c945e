"""What stands still for maintenance: which runs nobody may begin now, which are put down, and how those that waited go on.

Firings are written all the same. When a window is over, all that waited goes on, late, with the window's length more
until its deadline; only a schedule whose misfire policy is “skip” lets go what it could not do on time. Planning and
ending windows is `operations.actions.maintenance`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from broadsheet.core.document.loading import DefinitionError
from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.delivery.models import Delivery
from broadsheet.reports import queries as reports
from broadsheet.reports.models import ReportVersion
from broadsheet.runs.models import Maintenance, Occurrence
from broadsheet.schedules.models import Schedule
from broadsheet.sources.queries import all_datasets

NOTHING = Q(pk__in=())
PATIENCE = timedelta(seconds=90)  # who could begin so soon after its firing is on time
NOT_BEGUN = (State.DUE, State.WAITING)


def standing_still(*, now: datetime) -> Q:
    """The occurrences that nobody may take up at *now*: those that have not begun, and after its drain time also those
    that have. One that was asked to stop may always end. Lets go on, as it looks, what a window that is over held."""
    found = [_held_by(one, now=now) for one in open_windows(now=now)]
    return reduce(or_, found) & Q(stop_asked_at__isnull=True) if found else NOTHING


def put_down_of(keys: Collection[UUID], *, now: datetime) -> set[UUID]:
    """Those of the runs *keys* that are to be left for later, in one look for all that a process has in hand."""
    conditions = [concerned_by(one) for one in open_windows(now=now) if now >= one.drained_at]
    if not conditions or not keys:
        return set()
    return set(Occurrence.objects.filter(reduce(or_, conditions), pk__in=keys).values_list("pk", flat=True))


def open_windows(*, now: datetime) -> list[Maintenance]:
    """Those that hold at *now*, of all organizations; what those held that are over is let go on first."""
    begun = list(begun_windows(now=now))
    over = [one for one in begun if one.over_at is not None and one.over_at <= now]
    for one in over:
        settle(one, now=now)
    return [one for one in begun if one not in over]


def begun_windows(*, now: datetime) -> QuerySet[Maintenance]:
    """Those that hold at *now*, and those that are over and have let nothing go on yet."""
    return Maintenance.objects.filter(settled_at__isnull=True, starts_at__lte=now)


def concerned_by(window: Maintenance) -> Q:
    """The occurrences of those whom *window* concerns, whenever they are."""
    if window.organization_id is None:
        return Q()
    mine = Q(organization_id=window.organization_id)
    if not window.source:
        return mine
    return mine & Q(schedule_id__in=schedules_asking(window.organization_id, window.source).values("pk"))


def schedules_asking(organization_id: int, source: str) -> QuerySet[Schedule]:
    """The organization's schedules whose report or audience asks the source of that name."""
    there = set(all_datasets(organization_id).filter(source__name=source).values_list("name", flat=True))
    asking = {one.report_id for one in reports.all_latest(organization_id) if there & _asked(one)}
    by_audience = Q(definition__audience__dataset__in=sorted(there))
    return Schedule.objects.filter(Q(report_id__in=asking) | by_audience, organization_id=organization_id)


@transaction.atomic
def settle(window: Maintenance, *, now: datetime) -> bool:
    """Let go on what *window* held; False when another process did."""
    if not Maintenance.objects.filter(pk=window.pk, settled_at__isnull=True).update(settled_at=now):
        return False
    over = window.over_at or now
    lasted = over - window.starts_at
    if lasted <= timedelta():  # called off before it began
        return True
    waited = Occurrence.objects.filter(concerned_by(window), finished_at__isnull=True, created_at__lt=over)
    _let_go(waited, window, now=now)
    waited.filter(deadline_at__isnull=False).update(deadline_at=F("deadline_at") + lasted)
    late = Delivery.objects.filter(occurrence__in=waited, state__in=(Sent.DUE, Sent.RETRYING, Sent.HELD))
    late.filter(deadline_at__isnull=False).update(deadline_at=F("deadline_at") + lasted)
    return True


def _let_go(waited: QuerySet[Occurrence], window: Maintenance, *, now: datetime) -> None:
    """What could not run on time, of schedules that do not make up for it, ends here."""
    held = waited.filter(
        state__in=NOT_BEGUN, kind="scheduled", planned_at__isnull=True, definition__policies__misfire="skip",
        fire_at__lt=(window.over_at or now) - PATIENCE, stop_asked_at__isnull=True,
    )  # fmt: skip
    reason = f"Maintenance ({window.reason}) lasted past its time, and this schedule does not make up for it."
    held.update(state=State.SKIPPED, reason=reason, finished_at=now, lease_until=None, owner="", wake_at=None)


def _held_by(window: Maintenance, *, now: datetime) -> Q:
    concerned = concerned_by(window)
    return concerned if now >= window.drained_at else concerned & Q(state__in=NOT_BEGUN)


def _asked(version: ReportVersion) -> set[str]:
    """Names of the datasets that a report asks; none of one that cannot be read, whose runs fail by themselves."""
    try:
        return {request.dataset for request in reports.definition_of(version).data.values()}
    except DefinitionError:
        return set()

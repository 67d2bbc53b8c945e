"""Today: what went out, what waits for the reader, and what is to come."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.delivery.queries import channels, deliveries
from broadsheet.runs.models import Occurrence
from broadsheet.runs.queries import runs
from broadsheet.schedules.queries import schedules
from broadsheet.web import telling
from broadsheet.web.access_rules import member
from broadsheet.web.pages.deliveries.ledger import NOT_ACCEPTED, bounds
from broadsheet.web.pages.runs.latest import latest_runs
from broadsheet.web.pages.schedules import presenting, reading
from broadsheet.web.templatetags.states import state_of

from . import agenda, front, zones
from .health import health
from .needs import needs

Shown = dict[str, Any]
WENT_SHOWN = 12
INSTEAD = (
    ("reports", "report.read"),
    ("schedules", "schedule.read"),
    ("deliveries", "delivery.read"),
    ("data", "source.read"),
)


@require_safe
@member()
def today(request: HttpRequest) -> HttpResponse:
    """The whole page; it stands on the reader's day. Who may not read what it is made of is led to what they may open."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not all(may_somewhere(actor, one) for one in ("delivery.read", "schedule.read")):
        opened = (name for name, needed in INSTEAD if may_somewhere(actor, needed))
        return redirect(f"web:{next(opened, 'settings')}")
    now: datetime = request.now  # type: ignore[attr-defined]
    day = timezone.localtime(now).date()
    begin, end = bounds(day)
    mine = list(schedules(actor))
    ran = list(runs(actor, since=begin).filter(fire_at__lt=end).defer("definition"))
    last = {one.schedule_id: one.pk for one in latest_runs(actor)}
    spread = _spread(actor, {*(one.pk for one in ran), *last.values()})
    zone = request.organization.zone  # type: ignore[attr-defined]
    ahead = agenda.coming(mine, after=now, until=begin + timedelta(days=agenda.DAYS_AHEAD + 1), zone=zone)
    later = [one for one in ahead if one.firing.at < end]
    return render(
        request,
        "pages/today.html",
        {
            "section": "today",
            "front": _front(ran, spread, later, now=now, day=day),
            "went": _went(ran, spread, _names(actor), now=now),
            "before": _before(actor, day) if ran or last else [],
            "needs": needs(actor, now=now),
            "day": zones.day(ran, spread, agenda.few_of_each(later, agenda.DRAWN), last, now=now, begin=begin),
            "week": agenda.week(ahead, today=day) if mine else [],
            "health": health(actor, mine, now=now) if mine else [],
            "empty_acts": _first_steps(actor) if not mine else [],
        },
    )


def _names(actor: Actor) -> dict[str, str]:
    """What the channels that the reader may see are called."""
    return {one.name: str(one) for one in channels(actor)} if may_somewhere(actor, "channel.read") else {}


def _spread(actor: Actor, keys: Iterable[UUID]) -> dict[UUID, dict[str, dict[str, int]]]:
    """Deliveries by run, zone and state."""
    found: defaultdict[UUID, dict[str, dict[str, int]]] = defaultdict(dict)
    rows = deliveries(actor).filter(occurrence_id__in=set(keys)).order_by()
    for key, zone, state, number in rows.values_list("occurrence_id", "zone", "state").annotate(number=Count("pk")):
        found[key].setdefault(zone, {})[state] = number
    return dict(found)


def _by_state(spread: zones.Spread, key: UUID) -> Counter[str]:
    counts: Counter[str] = Counter()
    for states in spread.get(key, {}).values():
        counts.update(states)
    return counts


def _front(
    ran: list[Occurrence], spread: zones.Spread, later: list[agenda.Coming], *, now: datetime, day: date
) -> Shown:
    counts: Counter[str] = Counter()
    for run in ran:
        counts += _by_state(spread, run.pk)
    shown: Shown = {
        "sentence": front.sentence(counts, now=now, to_come=len(later)),
        "counts": telling.counted(counts, reverse("web:deliveries"), day=day.isoformat()),
    }
    if later and counts:
        words = ngettext(
            "%(n)d more run is due today, at %(time)s",
            "%(n)d more runs are due today, the next at %(time)s",
            len(later),
        )
        shown["later"] = words % {"n": len(later), "time": telling.clock(later[0].firing.at)}
        shown["later_href"] = reverse("web:schedules")
    return shown


def _went(ran: list[Occurrence], spread: zones.Spread, labels: Mapping[str, str], *, now: datetime) -> Shown:
    hour = timezone.localtime(now).hour
    title = _("Went out this morning") if hour < 12 else _("Went out today")
    note = ngettext("%(n)d run, your clock", "%(n)d runs, your clock", len(ran)) % {"n": len(ran)} if ran else ""
    rows = [
        _run(run, _by_state(spread, run.pk), labels) for run in sorted(ran, key=lambda one: one.fire_at)[-WENT_SHOWN:]
    ]
    return {"title": title, "note": note, "rows": rows}


def _run(run: Occurrence, counts: Mapping[str, int], labels: Mapping[str, str]) -> Shown:
    shown = telling.counted(counts, reverse("web:deliveries"), run=run.pk)
    href = reverse("web:run", args=[run.pk])
    if not shown:
        shown = [{"state": run.state, "label": str(state_of(run.state).word), "href": href}]
    definition = reading.definition(run.schedule)
    number = sum(counts.values())
    whom = ngettext("%(n)s delivery", "%(n)s deliveries", number) % {"n": f"{number:,}"} if number else ""
    by = ", ".join(labels.get(one.channel, one.channel) for one in definition.channels)
    return {
        "due": run.fire_at,
        "name": run.schedule.title,
        "href": href,
        "under": _("%(whom)s by %(channels)s") % {"whom": whom or presenting.whom(definition), "channels": by},
        "counts": shown,
        "note": _note(run),
    }


def _note(run: Occurrence) -> str:
    """What comes next, or what there is to say."""
    said = telling.cut(presenting.note(run), 120)
    if run.finished_at is None and run.wake_at is not None:
        again = _("goes on at %(time)s") % {"time": telling.clock(run.wake_at)}
        return f"{said}; {again}" if said else again[:1].upper() + again[1:]
    if run.finished_at is None:
        return said or _("Under way")
    if not said and run.planned_at is not None:
        return _("Done in %(span)s") % {"span": telling.span(run.finished_at - run.planned_at)}
    return said


def _before(actor: Actor, today: date) -> list[Shown]:
    """The seven days before: accepted of all, and the worst that happened."""
    begin, _end = bounds(today - timedelta(days=7))
    end, _next = bounds(today)
    zone = timezone.get_current_timezone()
    day = TruncDate("occurrence__fire_at", tzinfo=zone)
    sent = deliveries(actor).filter(occurrence__fire_at__gte=begin, occurrence__fire_at__lt=end).order_by()
    counted: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for on, state, number in sent.annotate(on=day).values_list("on", "state").annotate(number=Count("pk")):
        counted[on][state] = number
    ended = runs(actor, since=begin).filter(fire_at__lt=end, state__in=(State.FAILED, State.MISSED)).order_by()
    broken = dict(ended.annotate(on=TruncDate("fire_at", tzinfo=zone)).values_list("on", "state"))
    return [
        _past_day(on, counted[on], broken.get(on, ""))
        for on in (today - timedelta(days=back) for back in range(7, 0, -1))
    ]


def _past_day(on: date, counts: Mapping[str, int], broken: str) -> Shown:
    accepted, total = counts.get("accepted", 0), sum(counts.values())
    href = f"{reverse('web:deliveries')}?day={on.isoformat()}"
    label = format_date(on, "D j")
    if not total:
        return {
            "label": label,
            "state": broken or "due",
            "text": str(state_of(broken).word) if broken else _("none"),
            "href": href if broken else "",
        }
    if accepted == total:
        return {"label": label, "state": broken or "accepted", "text": f"{total:,}", "href": href}
    text = _("%(n)s of %(all)s") % {"n": f"{accepted:,}", "all": f"{total:,}"}
    state = broken or ("partial" if accepted else next(iter(dict(telling.in_order(counts)))))
    return {"label": label, "state": state, "text": text, "href": f"{href}&state={NOT_ACCEPTED}"}


def _first_steps(actor: Actor) -> list[Shown]:
    if not may_somewhere(actor, "schedule.edit"):
        return []
    return [{"label": _("Make the first schedule"), "href": reverse("web:schedule-new"), "main": True}]

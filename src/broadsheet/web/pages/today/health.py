"""How the server is, by what the database truthfully shows: nothing here is asked of the outside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor, may, may_somewhere
from broadsheet.delivery.queries import channels, deliveries
from broadsheet.runs.queries import runs
from broadsheet.schedules.models import Schedule
from broadsheet.sources.queries import sources
from broadsheet.web import telling

Shown = dict[str, Any]
LATE = timedelta(seconds=90)  # a firing that is so long overdue has been seen by no scheduler
SLOW = timedelta(minutes=5)  # a run that waits longer wants a look
ON_TIME = timedelta(minutes=10)  # accepted so soon after its firing, a delivery was on time
OVER = timedelta(days=7)
GOOD_SHARE = 0.99


def health(actor: Actor, schedules: Iterable[Schedule], *, now: datetime) -> list[Shown]:
    """Scheduler, queue, punctuality, channels and data, each with where to look."""
    parts = [_scheduler(schedules, now=now), _queue(actor, now=now), _punctual(actor, now=now)]
    if may_somewhere(actor, "channel.read"):
        parts.append(_tested(_("Channels"), list(channels(actor).values_list("ok", "checked_at")), "settings-channels"))
    if may(actor, "source.read"):
        tested = list(sources(actor).prefetch_related(None).values_list("ok", "checked_at"))
        parts.append(_tested(_("Sources"), tested, "settings-sources"))
    return parts


def _part(term: str, state: str, text: str, href: str) -> Shown:
    return {"term": term, "state": state, "text": text, "href": href}


def _scheduler(schedules: Iterable[Schedule], *, now: datetime) -> Shown:
    overdue = [one.next_fire_at for one in schedules if one.next_fire_at and now - one.next_fire_at > LATE]
    href = reverse("web:schedules")
    if overdue:
        text = _("stopped: due since %(at)s") % {"at": telling.moment(min(overdue))}
        return _part(_("Scheduler"), "failed", text, href)
    return _part(_("Scheduler"), "ok", _("nothing overdue"), href)


def _queue(actor: Actor, *, now: datetime) -> Shown:
    ready = (
        runs(actor)
        .filter(finished_at__isnull=True)
        .exclude(state=State.HELD)
        .filter(Q(wake_at__isnull=True) | Q(wake_at__lte=now))
    )
    found = ready.order_by().aggregate(
        number=Count("pk"), waiting=Count("pk", filter=Q(lease_until__isnull=True)), oldest=Min("created_at")
    )
    if not found["number"]:
        return _part(_("Queue"), "ok", _("empty"), reverse("web:deliveries"))
    waited = now - found["oldest"]
    text = ngettext("%(n)d run, oldest %(span)s", "%(n)d runs, oldest %(span)s", found["number"]) % {
        "n": found["number"], "span": telling.span(waited),
    }  # fmt: skip
    return _part(
        _("Queue"), "conflict" if found["waiting"] and waited > SLOW else "ok", text, reverse("web:deliveries")
    )


def _punctual(actor: Actor, *, now: datetime) -> Shown:
    """Of the deliveries that should have arrived; a run by hand counts from when it was asked for."""
    by_rule = Q(occurrence__kind="scheduled", settled_at__lte=F("occurrence__fire_at") + ON_TIME)
    by_hand = ~Q(occurrence__kind="scheduled") & Q(settled_at__lte=F("occurrence__created_at") + ON_TIME)
    wanted = deliveries(actor).filter(occurrence__fire_at__gte=now - OVER).order_by()
    wanted = wanted.exclude(state__in=("suppressed", "skipped", "due", "sending", "retrying", "held"))
    found = wanted.aggregate(all=Count("pk"), good=Count("pk", filter=Q(state="accepted") & (by_rule | by_hand)))
    term, href = _("On time, 7 days"), reverse("web:deliveries")
    if not found["all"]:
        return _part(term, "due", _("nothing sent yet"), href)
    share = found["good"] / found["all"]
    # Rounded down: 100 % is said only when it is all of them.
    text = f"{int(share * 1000) / 10:.1f} %".replace(".0 %", " %")
    return _part(term, "ok" if share >= GOOD_SHARE else "conflict", text, href)


def _tested(term: str, tested: list[tuple[bool | None, datetime | None]], route: str) -> Shown:
    bad = sum(ok is False for ok, _at in tested)
    good = sum(ok is True for ok, _at in tested)
    last = max((at for _ok, at in tested if at), default=None)
    href = reverse(f"web:{route}")
    if bad:
        return _part(
            term, "conflict", _("%(n)d of %(all)d failed the last test") % {"n": bad, "all": len(tested)}, href
        )
    if last is None:
        return _part(term, "due", _("%(n)d, not tested yet") % {"n": len(tested)}, href)
    text = _("%(n)d of %(all)d tested, %(at)s") % {"n": good, "all": len(tested), "at": telling.moment(last)}
    return _part(term, "ok", text, href)

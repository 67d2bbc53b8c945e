"""What happened to a run, moment by moment, and why it was late: `partials/happened.html`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.compliance.queries import entries
from broadsheet.core.lifecycle.spans import overlap
from broadsheet.core.policy import Actor, may
from broadsheet.delivery.models import Delivery
from broadsheet.runs.maintenance import concerned_by
from broadsheet.runs.models import Maintenance, Occurrence
from broadsheet.schedules.conditions.queries import wait_of
from broadsheet.schedules.models import Wait
from broadsheet.web import telling
from broadsheet.web.templatetags.states import state_of

Shown = dict[str, Any]
Moment = tuple[datetime, str]
FELT = timedelta(seconds=60)  # a shorter delay is none
ACTS_SHOWN = 30


def happened(actor: Actor, run: Occurrence, *, now: datetime) -> Shown:
    """``events``: list of at and text, oldest first; ``late``: why it was, in sentences, or nothing."""
    wait, windows, sent = wait_of(run.pk), _windows(run, now=now), _sent(run)
    found = [
        *_its_own(run), *_of_wait(wait), *_of_windows(windows, now=now), *_of_sending(run, sent), *_acts(actor, run),
    ]  # fmt: skip
    events = sorted((one for one in found if one[0] <= now), key=lambda one: one[0])
    return {
        "events": [{"at": at, "text": text} for at, text in events],
        "late": _late(run, wait, windows, sent, now=now),
    }


def _its_own(run: Occurrence) -> list[Moment]:
    found: list[Moment] = [(run.fire_at, _("due by its schedule") if run.kind == "scheduled" else _("asked for"))]
    if run.kind == "scheduled" and run.created_at > run.fire_at + FELT:
        found.append((run.created_at, _("written down only now: no scheduler ran before")))
    if run.begun_at is not None:
        found.append((run.begun_at, _("a worker began it")))
    if run.planned_at is not None:
        found.append((run.planned_at, _("the audience was read")))
    if run.made_at is not None:
        found.append((run.made_at, _("all its files were made")))
    if run.held_at is not None:
        found.append((run.held_at, _held(run)))
    if run.finished_at is not None:
        word = str(state_of(run.state).word)
        found.append((run.finished_at, _("ended: %(state)s") % {"state": f"{word}. {run.reason}" if run.made_at is None and run.reason else word}))  # fmt: skip
    return found


def _held(run: Occurrence) -> str:
    """A person's reason says that they hold it; what checks found stands in a place of its own."""
    if run.held_for == "hand" and run.held_reason:
        return run.held_reason
    return _("held: %(why)s") % {"why": run.held_reason} if run.held_for not in ("", "content") else _("held")


def _of_wait(wait: Wait | None) -> list[Moment]:
    if wait is None:
        return []
    found: list[Moment] = [(wait.since, _("its data was not there; it waits"))]
    ends = {
        "ready": ngettext("its data came, at the %(n)d. look", "its data came, at the %(n)d. look", wait.looks) % {"n": wait.looks},
        "stale": _("it went on with older data"),
    }  # fmt: skip
    if wait.settled_at is not None and wait.outcome in ends:
        found.append((wait.settled_at, ends[wait.outcome]))
    return found


def _windows(run: Occurrence, *, now: datetime) -> list[Maintenance]:
    """Maintenance that kept it: what began before the run ended, and was not over before it was due."""
    until = run.finished_at or now
    mine = Maintenance.objects.filter(
        Q(organization_id=run.organization_id) | Q(organization__isnull=True), starts_at__lt=until
    )
    near = [one for one in mine if (one.over_at or now) > max(run.fire_at, run.created_at) and one.starts_at <= now]
    return [one for one in near if Occurrence.objects.filter(concerned_by(one), pk=run.pk).exists()]


def _of_windows(windows: list[Maintenance], *, now: datetime) -> list[Moment]:
    found: list[Moment] = []
    for one in windows:
        found.append((one.starts_at, _("maintenance began (%(reason)s)") % {"reason": one.reason}))
        if one.over_at is not None and one.over_at <= now:
            found.append((one.over_at, _("maintenance was over (%(reason)s)") % {"reason": one.reason}))
    return found


def _sent(run: Occurrence) -> tuple[datetime | None, datetime | None]:
    """When the first delivery was handed over, and the last."""
    handed = Delivery.objects.filter(occurrence=run, handed_over_at__isnull=False)
    found = handed.aggregate(first=Min("handed_over_at"), last=Max("handed_over_at"))
    return found["first"], found["last"]


def _of_sending(run: Occurrence, sent: tuple[datetime | None, datetime | None]) -> list[Moment]:
    first, last = sent
    found: list[Moment] = []
    if first is not None:
        found.append((first, _("the first delivery was handed over")))
    if first != last and last is not None and run.finished_at is not None:
        found.append((last, _("the last delivery was handed over")))
    return found


def _acts(actor: Actor, run: Occurrence) -> list[Moment]:
    """What people did, for who reads the journal."""
    if not may(actor, "journal.read"):
        return []
    said = {
        "run.held": _("%(who)s held it"), "run.released": _("%(who)s released it"), "run.dropped": _("%(who)s dropped it"),
        "run.priority": _("%(who)s gave it another priority"), "run.next": _("%(who)s put it first in the queue"),
        "run.went_ahead": _("%(who)s let it go on without waiting"), "run.stopped": _("%(who)s stopped it"),
    }  # fmt: skip
    found = entries(actor, subject=str(run.pk)).filter(action__in=said)[:ACTS_SHOWN]
    return [
        (one.at, " ".join(filter(None, (said[one.action] % {"who": one.actor}, _why(one.detail))))) for one in found
    ]


def _why(detail: dict[str, Any]) -> str:
    return f"({detail['why']})" if detail.get("why") else ""


def _late(
    run: Occurrence, wait: Wait | None, windows: list[Maintenance], sent: tuple[datetime | None, datetime | None], *,
    now: datetime,
) -> str:  # fmt: skip
    """Of a scheduled run whose first delivery left late, or has not left though it is late: by how much, and where the time
    went. A run whose recipients have clocks of their own, or that did not run, is not late."""
    if run.kind != "scheduled" or run.wall or (run.finished_at is not None and sent[0] is None):
        return ""
    reached = sent[0] or now
    late = reached - run.fire_at
    if late < FELT:
        return ""
    parts = [f"{what} {telling.span(length)}" for length, what in _parts(run, wait, windows, until=reached)]  # fmt: skip
    head = (
        _("Its first delivery left %(span)s late") if sent[0] else _("It is %(span)s late so far")
    ) % {"span": telling.span(late)}  # fmt: skip
    return f"{head}: {', '.join(parts)}." if parts else f"{head}."


def _parts(
    run: Occurrence, wait: Wait | None, windows: list[Maintenance], *, until: datetime
) -> list[tuple[timedelta, str]]:
    """Where the time from its firing to *until* went, as far as it was felt."""
    start, begun = max(run.fire_at, run.created_at), min(run.begun_at or until, until)
    stood = sum((overlap(one.starts_at, one.over_at or until, start, until) for one in windows), timedelta())
    apart = sum((overlap(one.starts_at, one.over_at or until, start, begun) for one in windows), timedelta())
    queued = max(begun - start, timedelta()) - apart - run.held_within(start, begun)
    waited = overlap(wait.since, wait.settled_at or until, run.fire_at, until) if wait else timedelta()
    made = (run.made_in() if run.made_at and run.made_at <= until else None) or timedelta()
    found = [
        (start - run.fire_at, _("without a scheduler")),
        (stood, _("maintenance")),
        (queued, _("in the queue")),
        (run.held_within(start, until), _("held for a person")),
        (waited, _("waiting for data")),
        (made, _("making its files")),
    ]
    return [(length, what) for length, what in found if length >= FELT]

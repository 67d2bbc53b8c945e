"""What waits for a person: deliveries that did not arrive, rows of an audience to mend, runs that failed or never ran,
channels or sources whose last test failed, and what was told and not read yet; each with the act that mends it.

A thing leaves the list when it is mended, when a later run of its schedule did better, or after a week.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.collaboration.calendar_moved import KIND as MOVED
from broadsheet.collaboration.queries import notifications
from broadsheet.collaboration.run_held import KIND as HELD
from broadsheet.collaboration.wording import said
from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor, may, may_somewhere
from broadsheet.delivery.queries import channels, deliveries, last_of_each
from broadsheet.runs.models import Occurrence
from broadsheet.runs.queries import runs
from broadsheet.sources.queries import sources
from broadsheet.web import telling
from broadsheet.web.pages.runs.latest import latest_runs
from broadsheet.web.templatetags.states import STATES

from .held import held

Shown = dict[str, Any]
REMEMBERED = timedelta(days=7)
TOLD = 5  # notifications; the others are one press away
WAITING = (Sent.FAILED, Sent.UNCONFIRMED, Sent.EXPIRED)
ORDER = {name: rank for rank, name in enumerate(STATES)}


@dataclass(frozen=True, slots=True)
class Group:
    """Deliveries of one run that ended alike; ``reason`` is one of theirs."""

    run: UUID
    state: str
    number: int
    reason: str


def needs(actor: Actor, *, now: datetime) -> list[Shown]:
    """As `partials/needs.html` takes them, trouble first, then newest first."""
    last = list(latest_runs(actor))
    found = [*held(actor), *_sent(actor, now=now), *_runs(actor, last, now=now), *_invalid(actor, last, now=now)]
    found += [*_channels(actor), *_sources(actor), *_told(actor, now=now)]
    return sorted(found, key=lambda one: (ORDER.get(one["state"], 99), -one["at"].timestamp() if one["at"] else 0))


def _need(state: str, title: str, text: str, acts: list[Shown], *, at: datetime | None) -> Shown:
    return {"state": state, "title": title, "text": text, "acts": acts, "at": at, "by": at}


def _sent(actor: Actor, *, now: datetime) -> Iterator[Shown]:
    recent = (
        last_of_each(deliveries(actor)).filter(state__in=WAITING, occurrence__fire_at__gte=now - REMEMBERED).order_by()
    )
    grouped = recent.values_list("occurrence_id", "state").annotate(number=Count("pk"), reason=Max("reason"))
    groups = [Group(*row) for row in grouped]
    if not groups:
        return
    by_key = {one.pk: one for one in runs(actor).filter(pk__in={group.run for group in groups})}
    for group in groups:
        run = by_key[group.run]
        if run.finished_at is not None or group.state == Sent.UNCONFIRMED:
            yield _need(
                group.state,
                _sent_title(run, group),
                telling.cut(group.reason, 220),
                _sent_acts(actor, group),
                at=run.fire_at,
            )


def _sent_title(run: Occurrence, group: Group) -> str:
    name = run.schedule.title
    words = {
        Sent.FAILED: ngettext("%(name)s: %(n)d delivery failed", "%(name)s: %(n)d deliveries failed", group.number),
        Sent.EXPIRED: ngettext("%(name)s: %(n)d delivery expired", "%(name)s: %(n)d deliveries expired", group.number),
        Sent.UNCONFIRMED: ngettext(
            "%(name)s: %(n)d delivery is unconfirmed", "%(name)s: %(n)d deliveries are unconfirmed", group.number
        ),
    }
    return words[Sent(group.state)] % {"name": name, "n": group.number}


def _sent_acts(actor: Actor, group: Group) -> list[Shown]:
    rows = {"label": _("See the rows"), "href": f"{reverse('web:deliveries')}?run={group.run}&state={group.state}"}
    if group.state == Sent.UNCONFIRMED or not may_somewhere(actor, "delivery.resend"):
        return [{**rows, "outlined": True, "tight": True}]  # whether they arrived is asked first, then chosen there
    label = ngettext("Resend this one", "Resend these %(n)d", group.number) % {"n": group.number}
    action = f"{reverse('web:run-resend', args=[group.run])}?state={group.state}"
    return [{"label": label, "action": action, "main": True, "tight": True, "busy": _("Resending")}, rows]


def _runs(actor: Actor, last: list[Occurrence], *, now: datetime) -> Iterator[Shown]:
    """Schedules whose latest firing failed as a whole, or was missed."""
    for run in last:
        if run.fire_at < now - REMEMBERED or run.finished_at is None:
            continue
        if run.state == State.FAILED and run.error:
            title = _("%(name)s could not be made") % {"name": run.schedule.title}
            yield _need("failed", title, telling.cut(run.error, 220), _run_acts(actor, run), at=run.fire_at)
        elif run.state == State.MISSED:
            title = _("%(name)s was missed") % {"name": run.schedule.title}
            yield _need("missed", title, f"{run.reason}.", _run_acts(actor, run), at=run.fire_at)


def _run_acts(actor: Actor, run: Occurrence) -> list[Shown]:
    page = {"label": _("Open the run"), "href": reverse("web:run", args=[run.pk])}
    if not may_somewhere(actor, "schedule.run"):
        return [{**page, "outlined": True, "tight": True}]
    href = reverse("web:schedule-run", args=[run.schedule.name])
    return [{"label": _("Run it now"), "href": href, "outlined": True, "tight": True}, page]


def _invalid(actor: Actor, last: list[Occurrence], *, now: datetime) -> Iterator[Shown]:
    for run in last:
        if not run.invalid or run.fire_at < now - REMEMBERED:
            continue
        number, first = len(run.invalid), run.invalid[0]
        title = ngettext(
            "%(name)s: %(n)d row of its audience to mend", "%(name)s: %(n)d rows of its audience to mend", number
        ) % {"name": run.schedule.title, "n": number}
        text = _("Row %(row)s, %(who)s: %(what)s %(fix)s") % {
            "row": first["row"], "who": first["who"] or _("without a name"), "what": first["message"], "fix": first["fix"],
        }  # fmt: skip
        href = f"{reverse('web:schedule', args=[run.schedule.name])}#audience"
        acts = [{"label": _("See the rows"), "href": href, "outlined": True, "tight": True}]
        yield _need("conflict", title, text, acts, at=run.fire_at)


def _channels(actor: Actor) -> Iterator[Shown]:
    if not may_somewhere(actor, "channel.read"):
        return
    acts = [
        {"label": _("Look at the channel"), "href": reverse("web:settings-channels"), "outlined": True, "tight": True}
    ]
    for one in channels(actor).filter(ok=False):
        title = _("Channel “%(name)s” failed its last test") % {"name": one}
        yield _need("conflict", title, telling.cut(one.verdict, 220), acts, at=one.checked_at)


def _sources(actor: Actor) -> Iterator[Shown]:
    if not may(actor, "source.read"):
        return
    acts = [
        {"label": _("Look at the source"), "href": reverse("web:settings-sources"), "outlined": True, "tight": True}
    ]
    for one in sources(actor).filter(ok=False).prefetch_related(None):
        title = _("Source “%(name)s” failed its last test") % {"name": one}
        yield _need("conflict", title, telling.cut(one.verdict, 220), acts, at=one.checked_at)


def _told(actor: Actor, *, now: datetime) -> Iterator[Shown]:
    if not may(actor, "schedule.read"):
        return
    page = reverse("web:notifications")
    for one in notifications(actor, unread=True).exclude(kind=HELD).filter(created_at__gte=now - REMEMBERED)[:TOLD]:
        words = said(one, zone=timezone.get_current_timezone_name())
        titles = "; ".join(part.title for part in words.parts)
        action = f"{reverse('web:notification-read', args=[one.pk])}?to=today"
        acts = [
            {
                "label": _("See what it says") if one.kind != MOVED else _("See what moved"),
                "href": f"{page}#n{one.pk}",
                "outlined": True,
                "tight": True,
            },
            {"label": _("Mark read"), "action": action, "tight": True},
        ]
        yield _need("moved", words.subject, telling.cut(f"{words.lead} {titles}".strip(), 220), acts, at=one.created_at)

"""Why a run that has not ended does not get on just now, with what to do: as `partials/needs.html` lists it.

Conditions are `waiting`'s to tell, errors `presenting`'s, and what holds it `held`'s.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.policy import Actor, may
from broadsheet.delivery.models import Delivery, StoredChannel
from broadsheet.delivery.queries import channels
from broadsheet.delivery.standing import standings
from broadsheet.runs.admitting import in_work
from broadsheet.runs.models import Occurrence
from broadsheet.runs.nodes import someone_works
from broadsheet.runs.queue import Queued, place_of
from broadsheet.web import telling

Shown = dict[str, Any]
SHOWN = 5  # channels and kinds of waiting; the ledger has the rows


def standing(actor: Actor, run: Occurrence, *, now: datetime) -> list[Shown]:
    """What keeps the run itself, and what keeps deliveries of it."""
    place = place_of(actor, run, now=now)
    if place is None or place.why in ("held", "stop"):
        return []
    return [*_itself(actor, place), *(_deliveries(actor, run, now=now) if run.planned_at is not None else [])]


def _itself(actor: Actor, place: Queued) -> list[Shown]:
    run = place.run
    match place.why:
        case "place":
            return [_need(_("It waits for a free worker"), _turn(place), _queue_acts(actor, run))]
        case "overlap":
            return [_overlap(actor, run)]
        case "limit":
            text = ngettext(
                "%(n)s run of your organization may go on at once, and as many are in work.",
                "%(n)s runs of your organization may go on at once, and as many are in work.", int(place.text),
            ) % {"n": place.text}  # fmt: skip
            return [_need(_("It waits for a place among your organization’s runs"), text, _limit_acts(actor, run))]
        case "installation":
            text = _("As many runs are in work as this installation may do at once. Whoever runs the server sets that.")
            return [_need(_("It waits for a place in this installation"), text, _queue_acts(actor, run))]
        case "source":
            named = _("It waits for the source “%(source)s”") % {"source": place.text}
            title = named if place.text else _("It waits for another source")
            text = _("As many runs ask it now as may at once.")
            return [_need(title, text, _limit_acts(actor, run))]
        case "maintenance":
            return [_maintenance(place)]
        case "wake" if run.planned_at is None and place.at is not None:
            text = _("It begins at %(at)s.") % {"at": telling.moment(place.at)}
            return [_need(_("It waits for its time"), text, [])]
    return []


def _need(title: str, text: str, acts: list[Shown], *, state: str = "due") -> Shown:
    return {"state": state, "title": title, "text": text, "acts": acts}


def _link(label: str, address: str) -> Shown:
    return {"label": label, "href": address, "outlined": True}


def _turn(place: Queued) -> str:
    """Its number, or that nobody is there to take it."""
    if not someone_works():
        return _("No process works on runs now. Whoever runs the server starts one with “broadsheet worker”.")
    return _("It is number %(n)d in the queue; the next worker that is free takes the first.") % {"n": place.place}


def _queue_acts(actor: Actor, run: Occurrence) -> list[Shown]:
    acts = [_link(_("See the queue"), reverse("web:operations"))]
    if may(actor, "operation.steer"):
        action = f"{reverse('web:run-next', args=[run.pk])}?to=run"
        acts.insert(0, {"label": _("Take it next"), "action": action, "outlined": True})
    return acts


def _limit_acts(actor: Actor, run: Occurrence) -> list[Shown]:
    if not may(actor, "delivery.read"):
        return []
    return [_link(_("See the limits"), reverse("web:operations-limits"))]


def _overlap(actor: Actor, run: Occurrence) -> Shown:
    """The run before is of the same schedule, so who may read one may read the other."""
    before = in_work().filter(schedule_id=run.schedule_id).exclude(pk=run.pk).order_by("begun_at").first()
    title = _("It waits for the run before it")
    if before is None:
        return _need(title, _("That run is just ending."), [])
    most = run.definition.get("policies", {}).get("at_once", 1)
    text = ngettext(
        "%(n)d run of this schedule may be in work at a time; that of %(at)s is, since %(since)s.",
        "%(n)d runs of this schedule may be in work at a time; that of %(at)s is, since %(since)s.", most,
    ) % {
        "n": most, "at": telling.moment(before.fire_at),
        "since": telling.moment(before.begun_at) if before.begun_at else "",
    }  # fmt: skip
    return _need(title, text, [_link(_("See that run"), reverse("web:run", args=[before.pk]))])


def _maintenance(place: Queued) -> Shown:
    values = {"reason": place.text, "at": telling.moment(place.at) if place.at else ""}
    text = (
        _("%(reason)s. It goes on by itself at %(at)s, late, and its deadline is as much later.")
        if place.at
        else _("%(reason)s. It goes on by itself when somebody ends the maintenance.")
    ) % values
    acts = [_link(_("See what it delays"), reverse("web:operations-maintenance"))]
    return _need(_("It waits for maintenance to end"), text, acts, state="held")


def _deliveries(actor: Actor, run: Occurrence, *, now: datetime) -> list[Shown]:
    """Those that wait, by what for; the channel's own troubles first."""
    waiting = Delivery.objects.filter(
        occurrence=run, state__in=(Sent.DUE, Sent.RETRYING), next_try_at__isnull=False, next_try_at__gt=now
    )
    counted = waiting.order_by().values("channel_id", "waits_for", "state")
    found_rows = counted.annotate(number=Count("pk"), next=Min("next_try_at"), said=Max("reason"))
    rows: list[Shown] = [{**one} for one in found_rows]
    keys = {row["channel_id"] for row in rows if row["waits_for"]}
    known = {one.pk: one for one in StoredChannel.objects.filter(pk__in=keys).select_related("gate")}
    found = [_by_channel(actor, run, row, known[row["channel_id"]]) for row in rows if row["waits_for"]]
    return [*found[:SHOWN], *_by_time(run, rows)]


def _by_channel(actor: Actor, run: Occurrence, row: dict[str, Any], channel: StoredChannel) -> Shown:
    """What a breaker or a limit keeps."""
    title = ngettext(
        "%(n)d delivery waits for “%(channel)s”", "%(n)d deliveries wait for “%(channel)s”", row["number"]
    ) % {"n": row["number"], "channel": channel}  # fmt: skip
    acts = [_link(_("See the rows"), f"{reverse('web:deliveries')}?run={run.pk}&channel={channel.name}&state={row['state']}")]  # fmt: skip
    if row["waits_for"] != "breaker":
        text = _("%(reason)s The next leaves at %(at)s.") % {"reason": row["said"], "at": telling.moment(row["next"])}
        return _need(title, text, acts, state="retrying")
    now = standings([channel])[channel.pk]
    if now.since is None:
        return _need(title, _("It works again: they leave now."), acts, state="retrying")
    said = [
        _("It fails and is left alone since %(at)s.") % {"at": telling.moment(now.since)},
        _("It last said: %(word)s") % {"word": now.last_word} if now.last_word else "",
        _("It is tried again at %(at)s.") % {"at": telling.moment(now.trial_at)} if now.trial_at else "",
    ]
    if channels(actor).filter(pk=channel.pk).exists():
        address = f"{reverse('web:settings-channels')}#{channel.name}"
        acts.insert(0, _link(_("See the channel"), address))
    return _need(title, " ".join(filter(None, said)), acts, state="failed")


def _by_time(run: Occurrence, rows: list[dict[str, Any]]) -> list[Shown]:
    """Those that wait for their recipients' hours, and those that are tried again."""
    numbers, nexts = Counter[str](), dict[str, datetime]()
    for row in rows:
        if not row["waits_for"]:
            numbers[row["state"]] += row["number"]
            nexts[row["state"]] = min(row["next"], nexts.get(row["state"], row["next"]))
    found = []
    if number := numbers[Sent.RETRYING]:
        title = ngettext("%(n)d delivery is tried again", "%(n)d deliveries are tried again", number) % {"n": number}
        text = _("The next try is at %(at)s.") % {"at": telling.moment(nexts[Sent.RETRYING])}
        found.append(_need(title, text, [_rows(run, Sent.RETRYING)], state="retrying"))
    if number := numbers[Sent.DUE]:
        title = ngettext(
            "%(n)d delivery waits for its recipient’s time", "%(n)d deliveries wait for their recipients’ times", number
        ) % {"n": number}  # fmt: skip
        text = _("The next leaves at %(at)s on your clock.") % {"at": telling.moment(nexts[Sent.DUE])}
        found.append(_need(title, text, [_rows(run, Sent.DUE)]))
    return found


def _rows(run: Occurrence, state: str) -> Shown:
    return _link(_("See the rows"), f"{reverse('web:deliveries')}?run={run.pk}&state={state}")

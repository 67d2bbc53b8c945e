"""What starts a schedule beside the clock, on pages: events, calls to its trigger address, and how far a milestone is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from broadsheet.core.policy import Actor, may
from broadsheet.schedules import queries
from broadsheet.schedules.actions.hooks import end_hook, make_hook, open_hook
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.errors import NotNow
from broadsheet.schedules.events_seen import events
from broadsheet.schedules.hook_urls import hook_url
from broadsheet.schedules.models import Hook, Milestone, Schedule
from broadsheet.schedules.triggers.definition import Comparison, Condition, MilestoneDefinition, Trigger
from broadsheet.schedules.triggers.wording import number_words
from broadsheet.web import telling
from broadsheet.web.access_rules import member

from . import reading
from .events import event_row

Shown = dict[str, Any]
RECENT = 5  # events on the schedule's own page
DONE_STATE, GOING_STATE, TROUBLE_STATE = "ok", "running", "retrying"


def section(actor: Actor, schedule: Schedule, definition: ScheduleDefinition) -> Shown | None:
    """The variables of `partials/starts.html`; None where the clock alone starts it and the asker could not change that."""
    hook = open_hook(schedule)
    mine = bool(queries.may_on(actor, "schedule.edit", schedule) and queries.may_on(actor, "schedule.run", schedule))
    if not (definition.on_event or definition.on_call or definition.milestone or hook or mine):
        return None
    seen = events(actor, schedule=schedule.name)[:RECENT] if definition.on_event and may(actor, "schedule.run") else []
    return {
        "title": _("What else starts it") if definition.when else _("What starts it"),
        "rules": list(_rules(definition)),
        "milestone": _milestone(schedule, definition.milestone) if definition.milestone else None,
        "events": [event_row(one, schedule=schedule.name) for one in seen],
        "events_href": f"{reverse('web:events')}?schedule={schedule.name}" if seen else "",
        "hook": _hook(hook) if hook else None,
        "href": reverse("web:schedule-address", args=[schedule.name]) if mine else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@member("schedule.edit")
def trigger_address(request: HttpRequest, name: str) -> HttpResponse:
    """The trigger address. POST makes one, or a fresh secret; that is on this answer alone and shown nowhere again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = queries.schedule(actor, name, "schedule.edit")
    secret = ""
    if request.method == "POST":
        at_once = request.POST.get("at_once") == "yes"
        _made, secret = make_hook(actor, name, now=request.now, at_once=at_once)  # type: ignore[attr-defined]
    else:
        queries.require_on(actor, "schedule.run", found)
    hook, page = open_hook(found), reverse("web:schedule", args=[name])
    context = {
        "section": "schedules",
        "headline": _("Trigger address of %(title)s") % {"title": found.title},
        "crumbs": [
            {"label": _("Schedules"), "href": reverse("web:schedules")},
            {"label": found.title, "href": page},
        ],
        "facts": _facts(hook) if hook else [],
        "acts": [{"label": _("Back to the schedule"), "href": page}],
        "secret": {"text": secret} if secret else None,
        "hook": _hook(hook) if hook else None,
        "end": reverse("web:schedule-address-end", args=[name]) if hook else "",
        "example": _example(found, hook) if hook else "",
    }
    response = render(request, "pages/schedule_address.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@member("schedule.edit")
def end_address(request: HttpRequest, name: str) -> HttpResponse:
    """From this moment on it opens nothing."""
    try:
        end_hook(request.actor, name, now=request.now)  # type: ignore[attr-defined]
    except NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The trigger address has ended. Calls to it are refused."))
    return redirect("web:schedule-address", name=name)


def _rules(definition: ScheduleDefinition) -> Iterator[Shown]:
    for one in definition.on_event:
        yield {"lead": _("When the event “%(name)s” happens") % {"name": one.event}, "points": list(_points(one))}
    if definition.on_call is not None:
        yield {"lead": _("When another system calls its trigger address"), "points": list(_points(definition.on_call))}


def _points(one: Trigger) -> Iterator[str]:
    for path, condition in one.where.items():
        yield _("only if %(field)s %(is)s") % {"field": path, "is": condition_words(condition)}
    for parameter, path in one.given.items():
        yield _("%(field)s gives the parameter %(parameter)s") % {"field": path, "parameter": parameter}
    if one.delay_seconds:
        yield _("it begins %(span)s later") % {"span": _span(one.delay_seconds)}
    if one.debounce_seconds:
        yield _("it begins when no other has come for %(span)s") % {"span": _span(one.debounce_seconds)}
    if one.cool_down_seconds:
        yield _("at most one run with the same parameters in %(span)s") % {"span": _span(one.cool_down_seconds)}


def condition_words(condition: Condition) -> str:
    """ "is US, or CA"; "is at least 100, and below 200"."""
    if isinstance(condition, list):
        return _("is %(value)s") % {"value": _(" or ").join(map(_value, condition))}
    if not isinstance(condition, Comparison):
        return _("is %(value)s") % {"value": _value(condition)}
    said = []
    for name, words in (
        ("above", _("is above %(value)s")), ("at_least", _("is at least %(value)s")),
        ("below", _("is below %(value)s")), ("at_most", _("is at most %(value)s")),
    ):  # fmt: skip
        if (bound := getattr(condition, name)) is not None:
            said.append(words % {"value": number_words(bound, get_language() or "en")})
    if condition.is_not is not None:
        values = condition.is_not if isinstance(condition.is_not, list) else [condition.is_not]
        said.append(_("is not %(value)s") % {"value": _(" or ").join(map(_value, values))})
    if condition.present is not None:
        said.append(_("is there") if condition.present else _("is not there"))
    return _(" and ").join(said)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) if isinstance(value, str) else number_words(float(value), get_language() or "en")  # type: ignore[arg-type]


def _span(seconds: float) -> str:
    return telling.span(seconds)


def _milestone(schedule: Schedule, asked: MilestoneDefinition) -> Shown | None:
    """How far the figure is: words, and the share of the mark for the bar."""
    row = Milestone.objects.filter(schedule=schedule, fingerprint=asked.fingerprint()).first()
    if row is None:
        return None
    language = get_language() or "en"
    mark = number_words(asked.reaches, language)
    lead = _("Once, when %(metric)s of %(dataset)s reaches %(mark)s") % {
        "metric": asked.metric, "dataset": asked.dataset, "mark": mark,
    }  # fmt: skip
    shown: Shown = {"lead": lead, "over": _over(asked), "bar": None, **_standing(row)}
    if row.value is not None and asked.reaches > 0 and not row.before:
        share = max(0.0, min(row.value / asked.reaches, 1.0))
        text = _("%(value)s of %(mark)s") % {"value": number_words(row.value, language), "mark": mark}
        shown["bar"] = {"label": text, "done": int(share * 1000), "total": 1000, "text": f"{int(share * 100)} %"}
    return shown


def _over(asked: MilestoneDefinition) -> str:
    said = [f"{name}: {value}" for name, value in asked.where.items()]
    if asked.over:
        said.insert(0, asked.over)
    if asked.since:
        said.insert(0, _("since %(day)s") % {"day": asked.since.isoformat()})
    return ", ".join(said)


def _standing(row: Milestone) -> Shown:
    if row.before:
        text = _("It was reached already when it was set, so it starts nothing. Choose a higher mark.")
        return {"state": "conflict", "text": text}
    if row.reached_at is not None:
        return {"state": DONE_STATE, "text": _("Reached %(at)s. It does not start again.") % {"at": telling.moment(row.reached_at)}}  # fmt: skip
    if row.error:
        return {"state": TROUBLE_STATE, "text": _("It could not be looked at: %(why)s") % {"why": row.error}}
    if row.looked_at is None:
        return {"state": "due", "text": _("It is looked at for the first time within a minute.")}
    return {
        "state": GOING_STATE,
        "text": _("Looked at %(at)s, again at %(next)s.") % {
            "at": telling.moment(row.looked_at), "next": telling.moment(row.look_at),
        },
    }  # fmt: skip


def _hook(hook: Hook) -> Shown:
    used = telling.moment(hook.used_at) if hook.used_at else _("never")
    return {"url": hook_url(hook.pk), "used": _("Last called: %(at)s") % {"at": used}}


def _facts(hook: Hook) -> list[Shown]:
    found = [
        {"term": _("Made"), "value": telling.moment(hook.made_at)},
        {"term": _("By"), "value": hook.made_by},
        {"term": _("Last called"), "value": telling.moment(hook.used_at) if hook.used_at else _("never")},
    ]
    if hook.before_until is not None:
        found.append({"term": _("The secret before holds until"), "value": telling.moment(hook.before_until)})
    return found


def _example(schedule: Schedule, hook: Hook) -> str:
    """A call by hand, for who tries it."""
    definition = reading.definition(schedule)
    body = "{}"
    if definition.given:
        name, value = next(iter(definition.given.items()))
        body = f'{{"with": {{"{name}": "{value}"}}}}'
    return f"""body='{body}'
at=$(date +%s); id=msg_$(date +%s%N)
key=$(printf %s "${{SECRET#whsec_}}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')
mark=$(printf %s "$id.$at.$body" | openssl dgst -sha256 -mac HMAC -macopt hexkey:$key -binary | base64)
curl {hook_url(hook.pk)} -d "$body" -H "Content-Type: application/json" \\
  -H "webhook-id: $id" -H "webhook-timestamp: $at" -H "webhook-signature: v1,$mark"
"""


def started_words(definition: ScheduleDefinition) -> str:
    """What stands where a next firing would: of a schedule that goes by no clock."""
    names = list(dict.fromkeys(one.event for one in definition.on_event))
    said = []
    if names:
        words = ngettext("when the event %(names)s happens", "when one of the events %(names)s happens", len(names))
        said.append(words % {"names": ", ".join(f"“{name}”" for name in names)})
    if definition.on_call is not None:
        said.append(_("when another system calls"))
    if definition.milestone is not None:
        said.append(_("when a mark is reached"))
    return capfirst(_(" or ").join(said))

"""The queue: what is in work, what waits in which order and why, what sleeps and is held; and the processes that work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from broadsheet.core.policy import Actor, may, may_somewhere
from broadsheet.runs.actions.reprioritize import set_priority, take_next
from broadsheet.runs.errors import RunError, UnknownRun
from broadsheet.runs.models import Occurrence
from broadsheet.runs.nodes import Seen, nodes
from broadsheet.runs.queries import reached_by
from broadsheet.runs.queue import PARTS, Queue, Queued, queue
from broadsheet.schedules.definition import PRIORITIES
from broadsheet.web import telling
from broadsheet.web.access_rules import member
from broadsheet.web.paging import pager

from .subpages import frame
from .words import priority_words, why_words

Shown = dict[str, Any]
LENGTH = 50  # rows of a part on a page
LEVELS = {number: name for name, number in PRIORITIES.items()}


@require_safe
@member("delivery.read")
def page(request: HttpRequest) -> HttpResponse:
    """The whole page; the queue in it renews itself."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = _queue(request)
    return render(
        request,
        "pages/operations_queue.html",
        {
            **frame(actor, "operations"),
            **context,
            "headline": context["sentence"],
            "src": f"{reverse('web:operations-part')}?{request.GET.urlencode()}",
            "nodes": [_node(one) for one in nodes()] if may(actor, "operation.steer") else None,
        },
    )


@never_cache
@require_safe
@member("delivery.read")
def part(request: HttpRequest) -> HttpResponse:
    """What renews itself."""
    return render(request, "partials/queue.html", _queue(request))


@require_POST
@member("operation.steer")
def priority(request: HttpRequest, key: UUID) -> HttpResponse:
    """``priority`` for this run alone."""
    level = request.POST.get("priority", "")

    def act() -> str:
        run = set_priority(request.actor, key, level, now=request.now)  # type: ignore[attr-defined]
        words = {"title": run.schedule.title, "priority": priority_words(level)}
        return _("The run of “%(title)s” has the priority “%(priority)s” now.") % words

    return _steered(request, key, act)


@require_POST
@member("operation.steer")
def first(request: HttpRequest, key: UUID) -> HttpResponse:
    """The run goes before all others."""

    def act() -> str:
        run = take_next(request.actor, key, now=request.now)  # type: ignore[attr-defined]
        return _("The run of “%(title)s” is next.") % {"title": run.schedule.title}

    return _steered(request, key, act)


def _steered(request: HttpRequest, key: UUID, act: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, act())
    except UnknownRun:
        raise
    except RunError as error:
        messages.error(request, str(error))
    if request.GET.get("to") == "run":
        return redirect("web:run", key=key)
    return redirect(f"{reverse('web:operations')}#run-{key}")  # so that keys go on from its row


def _queue(request: HttpRequest) -> Shown:
    """The variables of `partials/queue.html`. ``?part=`` shows one part alone, page by page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now: datetime = request.now  # type: ignore[attr-defined]
    asked, number = request.GET.get("part", ""), _page_number(request)
    only = asked if asked in PARTS else ""
    found = queue(actor, now=now, most=LENGTH, only=only, skip=(number - 1) * LENGTH if only else 0)
    steers = bool(may(actor, "operation.steer"))
    mine = _may_run(actor, found)
    heads = (
        ("working", _("In work"), _("nothing is in work")),
        ("waiting", _("Waits for a worker"), _("nothing waits")),
        ("sleeping", _("Sleeps until a time"), ""),
        ("held", _("Held: a person decides"), ""),
    )
    parts = [
        {
            "id": name, "title": title, "empty": empty, "note": _note(found, name),
            "rows": [_row(one, name, steers=steers, runs=one.run.pk in mine, now=now) for one in getattr(found, name)],
            "rest": 0 if only else max(found.numbers[name] - len(getattr(found, name)), 0),
            "all": f"{reverse('web:operations')}?part={name}",
            "pager": pager(request, reverse("web:operations"), number, total=found.numbers[name], length=LENGTH) if only else None,
        }
        for name, title, empty in heads
        if (empty or found.numbers[name]) and only in ("", name)
    ]  # fmt: skip
    return {
        "parts": parts,
        "sentence": _sentence(found),
        "more": True,
        "whole": reverse("web:operations") if only else "",
    }


def _page_number(request: HttpRequest) -> int:
    """What ``?page=`` asks for, from 1."""
    text = request.GET.get("page", "")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _may_run(actor: Actor, found: Queue) -> set[UUID]:
    """The runs that the actor may stop and hold."""
    keys = [one.run.pk for part in (found.working, found.waiting, found.sleeping) for one in part]
    if not keys or not may_somewhere(actor, "schedule.run"):
        return set()
    mine = Occurrence.objects.filter(reached_by(actor, "schedule.run"), pk__in=keys)
    return set(mine.values_list("pk", flat=True))


def _sentence(found: Queue) -> str:
    numbers = found.numbers
    if not any(numbers.values()):
        return _("Nothing is in work and nothing waits")
    said = {
        "working": ngettext("%(n)s in work", "%(n)s in work", numbers["working"]),
        "waiting": ngettext("%(n)s waits", "%(n)s wait", numbers["waiting"]),
        "sleeping": ngettext("%(n)s sleeps", "%(n)s sleep", numbers["sleeping"]),
        "held": ngettext("%(n)s held", "%(n)s held", numbers["held"]),
    }
    return _("Runs: %(what)s") % {
        "what": ", ".join(said[name] % {"n": f"{count:,}"} for name, count in numbers.items() if count)
    }


def _note(found: Queue, name: str) -> str:
    """Of what waits, how many of each priority."""
    if name != "waiting" or len(found.depth) < 2:
        return ""
    return ", ".join(f"{priority_words(LEVELS[key])}: {count}" for key, count in sorted(found.depth.items()))


def _row(one: Queued, part: str, *, steers: bool, runs: bool, now: datetime) -> Shown:
    run = one.run
    since = {"working": run.begun_at, "held": run.held_at}.get(part) or run.created_at
    return {
        "key": run.pk,
        "href": reverse("web:run", args=[run.pk]),
        "title": run.schedule.title,
        "fired": run.fire_at,
        "state": {"working": "running", "held": "held"}.get(part, "retrying" if one.why == "retry" else "due"),
        "word": why_words(one),
        "priority": priority_words(LEVELS[run.priority]),
        "heavy": run.weight == "heavy",
        "since": telling.span(now - since) if now > since else "",
        "acts": _acts(one, part, steers=steers, runs=runs),
    }


def _acts(one: Queued, part: str, *, steers: bool, runs: bool) -> list[Shown]:
    run = one.run
    found: list[Shown] = []
    if steers and part in ("waiting", "sleeping"):
        found.append({"label": _("Take it next"), "action": reverse("web:run-next", args=[run.pk])})
        address = reverse("web:run-priority", args=[run.pk])
        for level, label in ((run.priority - 1, _("Raise")), (run.priority + 1, _("Lower"))):
            if level in LEVELS:
                found.append({"label": label, "action": address, "name": "priority", "value": LEVELS[level]})
    if runs and part == "waiting" and run.planned_at is None:
        found.append({"label": _("Hold"), "action": f"{reverse('web:run-hold', args=[run.pk])}"})
    if runs and part != "held" and run.stop_asked_at is None:
        found.append({"label": _("Stop"), "action": reverse("web:run-stop", args=[run.pk])})
    return [{**one, "about": run.schedule.title} for one in found]


def _node(one: Seen) -> Shown:
    kinds = {
        "all": _("everything in one"), "web": _("web"), "scheduler": _("scheduler"), "worker": _("worker"),
        "run": _("a run by hand"),
    }  # fmt: skip
    state, word = ("failed", _("gone")) if one.gone else ("ok", _("there"))
    if one.node.draining and not one.gone:
        state, word = "held", _("is ending")
    return {
        "name": f"{one.node.host} · {one.node.pid}",
        "kind": kinds.get(one.node.kind, one.node.kind),
        "state": state,
        "word": word,
        "hand": _("%(n)d of %(all)d") % {"n": one.in_hand, "all": one.node.places} if one.node.places else "",
        "seen": telling.span(one.ago),
        "since": one.node.started_at,
        "version": one.node.version,
    }

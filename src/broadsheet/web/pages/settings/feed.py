"""The secret address of a person's feed: shown to them, made anew, ended."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from broadsheet.access.actions.feed_address import end_feed_address, make_feed_address
from broadsheet.access.queries import feed_address, feed_secret
from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.schedules.feed_urls import feed_urls
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.queries import schedule
from broadsheet.web import telling
from broadsheet.web.access_rules import member

from .subpages import frame

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
Shown = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@member("schedule.read")
def feed(request: HttpRequest) -> HttpResponse:
    """The signed-in person's addresses; ``?schedule=``: that one's, too. POST makes a new secret; the one before ends."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    name = request.GET.get("schedule", "").replace("\0", "")
    one = schedule(actor, name) if name else None
    if request.method == "POST":
        make_feed_address(actor, now=request.now)  # type: ignore[attr-defined]
        messages.success(request, _("Your address is made. One that you had before has ended."))
        return redirect(request.get_full_path())
    kept = feed_address(actor)
    secret = feed_secret(actor, kept) if kept else ""
    context = {
        **frame(actor, "settings-account"),
        "headline": _("Follow schedules in your calendar"),
        "crumbs": [{"label": _("Your account"), "href": reverse("web:settings-account")}],
        "facts": feed_facts(actor)["facts"],
        "addresses": _addresses(secret, one) if secret else [],
        "unreadable": bool(kept and not secret and not actor.looking_as),
        "nearby": urlsplit(settings.BASE_URL).hostname in LOOPBACK,
        "base": settings.BASE_URL,
        "make": request.get_full_path(),
        "end": reverse("web:settings-feed-end") if kept else "",
    }
    response = render(request, "pages/settings_feed.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@member("schedule.read")
def end(request: HttpRequest) -> HttpResponse:
    """From this moment on it opens nothing."""
    if end_feed_address(request.actor, now=request.now):  # type: ignore[attr-defined]
        messages.success(request, _("Your address has ended. Calendars that follow it get nothing more."))
    return redirect("web:settings-feed")


def feed_facts(actor: Actor) -> Shown:
    """Whether the person has an address, as a link and facts; never the secret."""
    kept = feed_address(actor) if may_somewhere(actor, "schedule.read") else None
    facts = []
    if kept:
        used = telling.moment(kept.used_at) if kept.used_at else _("never")
        facts = [{"term": _("Made"), "value": telling.moment(kept.made_at)}, {"term": _("Last fetched"), "value": used}]
    return {"href": reverse("web:settings-feed"), "facts": facts, "kept": bool(kept)}


def _addresses(secret: str, one: Schedule | None) -> list[Shown]:
    urls = feed_urls(secret)
    found = [("mine", _("Your schedules"), urls.mine), ("all", _("All schedules that you may see"), urls.all)]
    if one is not None:
        found.insert(0, ("one", str(one), urls.of(one.name)))
    return [
        {"id": f"feed-{key}", "title": title, "url": url, "open": f"webcal://{url.partition('://')[2]}"}
        for key, title, url in found
    ]

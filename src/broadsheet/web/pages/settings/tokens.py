"""Tokens for machines: issued with the scopes that they need, shown once, ended at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from broadsheet.access.actions.tokens import issue
from broadsheet.access.actions.tokens import revoke as end
from broadsheet.access.errors import AccessError
from broadsheet.access.models import Token
from broadsheet.access.queries import people
from broadsheet.access.queries import tokens as found_tokens
from broadsheet.core.policy import Actor, may
from broadsheet.core.policy.roles import held_anywhere
from broadsheet.web.access_rules import member
from broadsheet.web.paging import sheet

from .permissions import permission_words
from .subpages import frame

DAYS = (("30", 30), ("90", 90), ("365", 365), ("never", None))


@require_http_methods(["GET", "HEAD", "POST"])
@member("token.edit")
def tokens(request: HttpRequest) -> HttpResponse:
    """The organization's tokens. POST issues one; its secret is on that answer alone and kept nowhere."""
    if request.method != "POST":
        return _page(request)
    days = dict(DAYS).get(request.POST.get("days", ""), 30)
    scopes = set(request.POST.getlist("scopes"))
    try:
        token, secret = issue(
            request.actor,  # type: ignore[attr-defined]
            name=request.POST.get("name", ""), scopes=scopes, days=days, now=timezone.now(),
            service=request.POST.get("service", ""),
        )  # fmt: skip
    except AccessError as error:
        return _page(request, error=str(error))
    return _page(request, secret={"whose": token.name, "text": secret})


@require_POST
@member("token.edit")
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """From this moment on it opens nothing."""
    found = found_tokens(request.actor).filter(pk=token_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    end(request.actor, token_id, now=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("The token “%(name)s” has ended.") % {"name": found.name})
    return redirect("web:settings-tokens")


def _page(request: HttpRequest, *, error: str = "", secret: dict[str, str] | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = request.POST if error else None
    found = sheet(request, found_tokens(actor), length=50)
    context = {
        **frame(actor, "settings-tokens"),
        "headline": _("Tokens"),
        "secret": secret,
        "tokens": [_row(one) for one in found.rows],
        "pager": found.pager,
        "error": error,
        "action": request.path,
        "fields": [
            {
                "name": "name", "label": _("What it is for"), "value": given.get("name", "") if given else "",
                "required": True, "attrs": {"maxlength": 100, "autocomplete": "off"},
            },
            *_whose(actor, given.get("service", "") if given else ""),
            {
                "name": "days", "label": _("Ends"), "kind": "select", "value": given.get("days", "90") if given else "90",
                "choices": [
                    ("30", _("after 30 days")), ("90", _("after 90 days")), ("365", _("after a year")),
                    ("never", _("never, until it is revoked")),
                ],
            },
            {
                "name": "scopes", "label": _("It may"), "kind": "checks",
                "value": given.getlist("scopes") if given else [], "choices": _scopes(actor),
            },
        ],
    }  # fmt: skip
    response = render(request, "pages/settings_tokens.html", context, status=422 if error else 200)
    response["Cache-Control"] = "no-store"
    return response


def _whose(actor: Actor, chosen: str) -> list[dict[str, Any]]:
    """A choice of services, where there are some and the actor may give them tokens."""
    if not (may(actor, "person.edit") and may(actor, "person.read")):
        return []
    services = [one.user.name for one in people(actor).filter(service=True)]
    choices = [("", _("yours")), *((name, _("of the service %(name)s") % {"name": name}) for name in services)]
    hint = _("A service’s token has at most what the service’s role carries.")
    found = {
        "name": "service",
        "label": _("Whose"),
        "kind": "select",
        "value": chosen,
        "choices": choices,
        "hint": hint,
    }
    return [found] if services else []


def _scopes(actor: Actor) -> list[tuple[str, str, str]]:
    """What the actor may give, in words, as a choice's value, label and hint; reading first."""
    said = permission_words()
    names = sorted(held_anywhere(actor), key=lambda name: (list(said).index(name) if name in said else 99, name))
    return [(name, said.get(name, name), name) for name in names]


def _row(token: Token) -> dict[str, Any]:
    ended = token.revoked_at is not None or (token.expires_at is not None and token.expires_at <= timezone.now())
    if token.revoked_at is not None:
        state, words = "skipped", _("revoked")
    elif ended:
        state, words = "expired", _("ended")
    else:
        state, words = ("ok", _("in use")) if token.used_at else ("due", _("not used yet"))
    return {
        "name": token.name, "prefix": token.prefix, "owner": str(token.user), "scopes": token.scopes,
        "issued": token.created_at, "expires": token.expires_at, "used": token.used_at, "state": state,
        "state_text": words, "action": "" if ended else reverse("web:settings-token-revoke", args=[token.pk]),
    }  # fmt: skip

"""Sign in and out. Wrong and unknown read the same; a session is new at every sign-in, and ends when the password
changes (its hash is part of the session, `django.contrib.auth`)."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from broadsheet.access.actions.view_as import end
from broadsheet.access.models import User
from broadsheet.access.queries import actor_of
from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Circumstances
from broadsheet.web.access_rules import anyone
from broadsheet.web.callers import caller

from .forms import SignInForm
from .throttle import WINDOW_SECONDS, Throttle

log = logging.getLogger(__name__)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@anyone
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form, or what became of it."""
    target = next_address(request)
    if getattr(request, "actor", None) is not None:
        return _to(target)
    if request.method != "POST":
        return render(request, "sign_in.html", {"form": SignInForm(), "next": target})
    form = SignInForm(request.POST)
    status = 200
    if form.is_valid():
        throttle = Throttle(form.cleaned_data["email"], caller(request))
        if not throttle.count():
            log.warning("too many tries action=sign_in address=%s", caller(request))
            form.add_error(None, _too_many())
            status = 429
        elif _signed_in(request, form):
            throttle.forgive()
            return _to(target)
    response = render(request, "sign_in.html", {"form": form, "next": target}, status=status)
    if status == 429:
        response["Retry-After"] = str(WINDOW_SECONDS)
    return response


@require_POST
@anyone
def sign_out(request: HttpRequest) -> HttpResponse:
    """The session ends, wherever it was read from."""
    viewer = getattr(request, "viewer", None)
    actor = viewer or getattr(request, "actor", None)
    if viewer is not None:
        end(viewer, request.user.email, now=request.now)  # type: ignore[attr-defined, union-attr]
    if actor is not None:
        record(actor, "person.signed_out", actor.name, now=request.now)  # type: ignore[attr-defined]
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("web:sign-in")


def next_address(request: HttpRequest) -> str:
    """Where to go after: an address on this server, by path alone; anything else is Today."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    plain = given.startswith("/") and given.isprintable()
    safe = plain and url_has_allowed_host_and_scheme(given, allowed_hosts=None)
    return given if safe else ""


def _to(target: str) -> HttpResponse:
    return HttpResponseRedirect(target) if target else redirect("web:today")


def _signed_in(request: HttpRequest, form: SignInForm) -> bool:
    data = form.cleaned_data
    user = authenticate(request, username=data["email"].strip().lower(), password=data["password"])
    if not isinstance(user, User):
        form.add_error(None, _("That address and password do not fit together. Type both again, letter by letter."))
        return False
    actor = actor_of(user, via="page", given=Circumstances(request.now, caller(request)))  # type: ignore[attr-defined]
    if actor is None:  # only who knows the password learns this
        form.add_error(None, _("You belong to no organization any more. Ask whoever manages its people to add you."))
        return False
    login(request, user)
    record(actor, "person.signed_in", user.email, now=request.now)  # type: ignore[attr-defined]
    return True


def _too_many() -> str:
    minutes = WINDOW_SECONDS // 60
    return _("Too many tries. Wait %(minutes)s minutes, then type the address and password again.") % {
        "minutes": minutes
    }

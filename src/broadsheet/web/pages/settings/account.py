"""What a person says about themselves: name, clock, language, mails and password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from broadsheet.access.actions.change_person import change_password
from broadsheet.access.actions.change_self import change_self
from broadsheet.access.errors import AccessError
from broadsheet.access.models import User
from broadsheet.access.queries import organization_of
from broadsheet.core.recurrence.zones import zone_names
from broadsheet.web.access_rules import member

from .feed import feed_facts
from .subpages import frame


@require_http_methods(["GET", "HEAD", "POST"])
@member()
def account(request: HttpRequest) -> HttpResponse:
    """The signed-in person's own page."""
    user: User = request.user  # type: ignore[assignment]
    if request.method != "POST":
        return _page(request)
    given = {name: request.POST.get(name, "").strip() for name in ("name", "zone", "language")}
    mailed = bool(request.POST.get("mail_notices"))
    try:
        change_self(request.actor, user, **given, mail_notices=mailed, now=timezone.now())  # type: ignore[attr-defined]
    except AccessError as error:
        return _page(request, given={**given, "mail_notices": mailed}, error=str(error))
    messages.success(request, _("Your account is kept."))
    return redirect("web:settings-account")


@sensitive_post_parameters()
@require_POST
@member()
def password(request: HttpRequest) -> HttpResponse:
    """A new password; other places where the person is signed in are signed out."""
    user: User = request.user  # type: ignore[assignment]
    current, new, again = (request.POST.get(name, "") for name in ("current", "new", "again"))
    try:
        if new != again:
            raise AccessError(_("The two new passwords differ. Type the same one twice."))
        change_password(request.actor, user, current=current, new=new, now=timezone.now())  # type: ignore[attr-defined]
    except AccessError as error:
        return _page(request, password_error=str(error))
    update_session_auth_hash(request, user)
    messages.success(request, _("Your password is changed. Everywhere else you are signed out."))
    return redirect("web:settings-account")


def _page(
    request: HttpRequest, *, given: dict[str, Any] | None = None, error: str = "", password_error: str = ""
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    actor = request.actor  # type: ignore[attr-defined]
    home = organization_of(actor)
    own = {"name": user.name, "zone": user.zone, "language": user.language, "mail_notices": user.mail_notices}
    shown = given or own
    context = {
        **frame(actor, "settings-account"),
        "headline": _("Your account"),
        "error": error,
        "password_error": password_error,
        "facts": [{"term": _("Signs in as"), "value": user.email}, {"term": _("Role"), "value": actor.role}],
        "fields": _fields(shown, zone=home.zone, language=home.language),
        "password_fields": _password_fields(),
        "action": reverse("web:settings-account"),
        "password_action": reverse("web:settings-password"),
        "zones": sorted(zone_names()),
        "feed": feed_facts(actor),
    }
    return render(request, "pages/settings_account.html", context, status=422 if error or password_error else 200)


def _fields(shown: dict[str, Any], *, zone: str, language: str) -> list[dict[str, Any]]:
    languages = dict(settings.LANGUAGES)
    usual = _("as the organization: %(name)s") % {"name": languages.get(language, language)}
    return [
        {
            "name": "name", "label": _("Name"), "value": shown["name"], "required": True,
            "attrs": {"maxlength": 200, "autocomplete": "name"},
        },
        {
            "name": "zone", "label": _("Time zone"), "value": shown["zone"],
            "hint": _("Empty: the organization’s, %(zone)s.") % {"zone": zone},
            "attrs": {"list": "zones", "autocomplete": "off", "spellcheck": "false"},
        },
        {
            "name": "language", "label": _("Language of the pages"), "kind": "select", "value": shown["language"],
            "choices": [("", usual), *languages.items()],
        },
        {
            "name": "mail_notices", "label": _("Mail me notifications"), "kind": "checkbox", "value": shown["mail_notices"],
            "hint": _("Such as: a calendar moved firings of your schedules."),
        },
    ]  # fmt: skip


def _password_fields() -> list[dict[str, Any]]:
    def one(name: str, label: str, complete: str, hint: str = "") -> dict[str, Any]:
        return {
            "name": name, "label": label, "kind": "password", "required": True, "hint": hint,
            "attrs": {"autocomplete": complete},
        }  # fmt: skip

    return [
        one("current", _("Present password"), "current-password"),
        one("new", _("New password"), "new-password", _("At least 12 signs, and not a common one.")),
        one("again", _("New password again"), "new-password"),
    ]

"""Contacts: recipients without an account, found by part of their name or address, and what each was sent lately."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from broadsheet.access import rosters
from broadsheet.access.actions.teams import contact_data, remove_contact, save_contact
from broadsheet.access.attributes import attribute_lines, attributes_from
from broadsheet.access.errors import AccessError
from broadsheet.access.models import Contact
from broadsheet.core.policy import Actor, may, may_somewhere
from broadsheet.delivery.queries import deliveries
from broadsheet.web.access_rules import member
from broadsheet.web.pages.settings.forms import Wrong
from broadsheet.web.pages.settings.presenting import form_notice
from broadsheet.web.pages.settings.subpages import frame
from broadsheet.web.paging import sheet, words_of

from .contact_form import FIELDS, Typed, contact_fields, typed, typed_of
from .keeping import keep, said

LATELY = 10  # deliveries on a contact's page; the ledger has all


@require_safe
@member("contact.read")
def contacts(request: HttpRequest) -> HttpResponse:
    """Contacts by name; ``?q=`` looks into names, labels and addresses."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    words = words_of(request)
    found = sheet(request, rosters.contacts(actor, text=words), length=50)
    new = {"label": _("New contact"), "href": reverse("web:settings-contact-new"), "outlined": True}
    counted = ngettext("%(n)s contact", "%(n)s contacts", found.total) % {"n": f"{found.total:,}"}
    context = {
        **frame(actor, "settings-contacts"),
        "headline": _("Contacts"),
        "acts": [new] if may(actor, "contact.edit") else [],
        "filters": {"action": request.path, "q": words, "placeholder": _("Filter by name or address")},
        "contacts": [_line(one) for one in found.rows],
        "counted": counted,
        "pager": found.pager,
    }
    return render(request, "pages/rights_contacts.html", context)


@require_safe
@member("contact.read")
def contact(request: HttpRequest, name: str) -> HttpResponse:
    """One contact; a form for who may change it."""
    found = rosters.contact(request.actor, name)  # type: ignore[attr-defined]
    return _page(request, found, typed_of(found))


@require_POST
@member("contact.edit")
def save(request: HttpRequest, name: str) -> HttpResponse:
    """What the form says; it stays in its teams."""
    found = rosters.contact(request.actor, name)  # type: ignore[attr-defined]
    return _keep(request, found, typed(request.POST, name=name))


@require_http_methods(["GET", "HEAD", "POST"])
@member("contact.edit")
def new(request: HttpRequest) -> HttpResponse:
    """A contact that is not there yet."""
    if request.method != "POST":
        return _page(request, None, Typed())
    given = typed(request.POST)
    if rosters.contacts(request.actor).filter(name=given.name).exists():  # type: ignore[attr-defined]
        taken = _("There is a contact “%(name)s” already. Choose another name.") % {"name": given.name}
        return _page(request, None, given, wrong=Wrong({"name": [taken]}))
    return _keep(request, None, given)


@require_POST
@member("contact.edit")
def remove(request: HttpRequest, name: str) -> HttpResponse:
    """What they got stays in the ledger."""
    rosters.contact(request.actor, name)  # type: ignore[attr-defined]
    act = partial(remove_contact, request.actor, name, now=timezone.now())  # type: ignore[attr-defined]
    said(request, act, done=_("The contact “%(name)s” is gone.") % {"name": name})
    return redirect("web:settings-contacts")


def _keep(request: HttpRequest, found: Contact | None, given: Typed) -> HttpResponse:
    try:
        attributes = attributes_from(given.attributes.splitlines())
    except AccessError as error:
        return _page(request, found, given, wrong=Wrong({"attributes": [str(error)]}))
    before = contact_data(found) if found else {}
    data = {**before, **given.texts(), "formats": given.formats, "attributes": attributes, "active": given.active}
    data = {key: value for key, value in data.items() if value or key in {"label", "address", "active"}}
    wrong = keep(request, "contact", given.name, data, save_contact, fields=FIELDS)
    if wrong is not None:
        return _page(request, found, given, wrong=wrong)
    return redirect("web:settings-contact", name=given.name)


def _line(one: Contact) -> dict[str, Any]:
    return {
        "name": str(one), "id": one.name, "href": reverse("web:settings-contact", args=[one.name]),
        "address": one.address, "teams": ", ".join(sorted(str(team) for team in one.teams.all())),
        "attributes": attribute_lines(one.attributes), "active": one.active,
    }  # fmt: skip


def _page(request: HttpRequest, found: Contact | None, shown: Typed, *, wrong: Wrong | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    editor = bool(may(actor, "contact.edit"))
    context = {
        **frame(actor, "settings-contacts"),
        "crumbs": [
            {"label": _("Settings"), "href": reverse("web:settings")},
            {"label": _("Contacts"), "href": reverse("web:settings-contacts")},
        ],
        "headline": str(found) if found else _("New contact"),
        "facts": _facts(found) if found else [],
        "known": _known(found) if found and not editor else [],
        "teams": [
            {"label": str(one), "href": reverse("web:settings-team", args=[one.name])}
            for one in (sorted(found.teams.all(), key=str) if found else ())
        ] if may(actor, "person.read") else [],
        "lately": _lately(actor, found) if found else None,
        "ledger": f"{reverse('web:deliveries')}?q={found.name}" if found else "",
        "fields": contact_fields(shown, new=found is None, wrong=wrong) if editor else [],
        "action": reverse("web:settings-contact-save", args=[found.name]) if found else request.path,
        "result": form_notice(wrong),
        "removable": reverse("web:settings-contact-remove", args=[found.name]) if found and editor else "",
        "cancel": reverse("web:settings-contacts"),
    }  # fmt: skip
    return render(request, "pages/rights_contact.html", context, status=422 if wrong else 200)


def _facts(found: Contact) -> list[dict[str, Any]]:
    facts = [{"term": _("Name"), "value": found.name}, {"term": _("Address"), "value": found.address}]
    return facts if found.active else [*facts, {"term": _("State"), "value": _("gets nothing")}]


def _known(found: Contact) -> list[dict[str, Any]]:
    rows = (
        (_("Language"), found.language), (_("Zone"), found.zone), (_("Currency"), found.currency),
        (_("Formats"), ", ".join(found.formats)), (_("Attributes"), ", ".join(attribute_lines(found.attributes))),
    )  # fmt: skip
    return [{"term": term, "value": value} for term, value in rows if value]


def _lately(actor: Actor, found: Contact) -> list[dict[str, Any]] | None:
    """What they were sent last, for who may read deliveries; None for others."""
    if not may_somewhere(actor, "delivery.read"):
        return None
    rows = deliveries(actor).filter(recipient_key=found.name)[:LATELY]
    return [
        {
            "title": one.occurrence.schedule.title, "href": reverse("web:delivery", args=[one.pk]),
            "at": one.occurrence.fire_at, "via": str(one.channel), "state": one.state,
        }
        for one in rows
    ]  # fmt: skip

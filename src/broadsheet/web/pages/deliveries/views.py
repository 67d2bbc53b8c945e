"""One delivery: its page, its proofs and its files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.delivery import queries
from broadsheet.delivery.actions.open_file import open_file
from broadsheet.delivery.actions.open_message import open_message
from broadsheet.delivery.models import Delivery
from broadsheet.runs.ports import StoreError
from broadsheet.runs.store import artifact_store
from broadsheet.web import telling
from broadsheet.web.access_rules import member
from broadsheet.web.downloads import download

from . import presenting
from .detail import detail, try_state
from .serving import serve


@require_safe
@member("delivery.read")
def delivery(request: HttpRequest, key: UUID) -> HttpResponse:
    """One delivery with its proof, the bytes sent and what it was made from."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = queries.delivery(actor, key)
    shown, tried = detail(actor, found, page=True), list(found.tries.all())
    return render(
        request,
        "pages/delivery.html",
        {
            "section": "deliveries",
            "headline": found.recipient_name,
            "crumbs": _crumbs(found),
            "facts": _facts(found),
            "acts": _acts(actor, found),
            "state": found.state,
            "next": presenting.next_words(found),
            "detail": shown,
            "made_from": _made_from(found),
            "tries": [{"at": one.ended_at, "state": try_state(found, one, tried), "text": one.proof} for one in tried],
        },
    )


@require_safe
@member("delivery.read")
def proofs(request: HttpRequest, key: UUID) -> HttpResponse:
    """The evidence alone, for a row that opens in place."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return render(request, "partials/proofs.html", {"detail": detail(actor, queries.delivery(actor, key))})


@require_safe
@member()
def file(request: HttpRequest, key: UUID, form: str) -> HttpResponse:
    """A file as it was sent: open to who may read deliveries, and to whose inbox it lies in."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    opened = open_file(actor, key, form, address=request.user.email, now=request.now)  # type: ignore[attr-defined,union-attr]
    try:
        return serve(request, opened, store=artifact_store())
    except StoreError as error:
        messages.error(request, _("The file cannot be read. %(why)s") % {"why": error})
        return redirect("web:delivery", key=key)


@require_safe
@member("delivery.read", "data.all")
def message(request: HttpRequest, key: UUID) -> HttpResponse:
    """The whole message as it was sent, byte for byte, for any mail program to open."""
    try:
        sent = open_message(request.actor, key, store=artifact_store(), now=request.now)  # type: ignore[attr-defined]
    except StoreError as error:
        messages.error(request, _("The message cannot be read. %(why)s") % {"why": error})
        return redirect("web:delivery", key=key)
    return download(sent, filename=f"{key}.eml", media_type="message/rfc822")


def _crumbs(found: Delivery) -> list[dict[str, str]]:
    run = found.occurrence
    return [
        {"label": _("Deliveries"), "href": reverse("web:deliveries")},
        {"label": f"{run.schedule.title}, {telling.moment(run.fire_at)}", "href": reverse("web:run", args=[run.pk])},
    ]


def _facts(found: Delivery) -> list[dict[str, Any]]:
    formats = presenting.formats_words(found.formats)
    facts = [
        {"term": _("To"), "value": found.address or found.recipient_key},
        {"term": _("By"), "value": f"{found.channel}, {formats}" if formats else str(found.channel)},
    ]
    if found.settled_at is not None:
        facts.append({"term": _("Settled"), "value": telling.moment(found.settled_at)})
    return facts


def _acts(actor: Actor, found: Delivery) -> list[dict[str, Any]]:
    if not (presenting.resendable(found) and may_somewhere(actor, "delivery.resend")):
        return presenting.decisions(actor, found)
    return [
        {
            "label": _("Resend it"),
            "action": reverse("web:delivery-resend", args=[found.pk]),
            "outlined": True,
            "busy": _("Resending"),
        }
    ]


def _made_from(found: Delivery) -> list[dict[str, Any]]:
    run, slice = found.occurrence, found.slice
    facts: list[dict[str, Any]] = [
        {
            "term": _("Schedule"),
            "value": _("%(name)s, version %(n)d") % {"name": run.schedule.name, "n": run.schedule_version},
            "href": reverse("web:schedule", args=[run.schedule.name]),
        }
    ]
    made: dict[str, str] = next((one.made_from for one in slice.files.all()), {}) if slice else {}
    if made:
        facts.append({"term": _("Report"), "value": made.get("report", "")})
        facts.append({"term": _("Period"), "value": made.get("period", "") or _("none")})
    if run.as_of is not None:
        facts.append({"term": _("Data to"), "value": telling.moment(run.as_of)})
    if slice is not None and slice.made_at is not None:
        facts.append({"term": _("Rows"), "value": f"{slice.rows:,}"})
    facts.append({"term": _("Language"), "value": found.language})
    facts.append({"term": _("Zone"), "value": found.zone})
    if slice is not None:
        facts.append({"term": _("Slice"), "value": slice.key[:16]})
    return facts

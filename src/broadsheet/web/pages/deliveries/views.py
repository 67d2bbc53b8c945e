"""The ledger, one delivery, its files, and sending again what a person chose."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from broadsheet.core.policy import Actor, may
from broadsheet.delivery import queries
from broadsheet.delivery.actions.open_file import open_file
from broadsheet.delivery.actions.open_message import open_message
from broadsheet.delivery.actions.resend import resend
from broadsheet.delivery.errors import DeliveryError, UnknownDelivery
from broadsheet.delivery.models import Delivery
from broadsheet.runs.ports import StoreError
from broadsheet.runs.queries import run as run_of
from broadsheet.runs.store import artifact_store
from broadsheet.schedules.queries import schedules
from broadsheet.web import telling
from broadsheet.web.access_rules import member
from broadsheet.web.downloads import download
from broadsheet.web.paging import sheet
from broadsheet.web.templatetags.states import state_of

from . import ledger, presenting
from .detail import detail, try_state
from .serving import serve


@require_safe
@member("delivery.read")
def listing(request: HttpRequest) -> HttpResponse:
    """The ledger with its filters."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    filters = ledger.filters_from(request.GET)
    counts = ledger.counts(actor, filters)
    page = sheet(request, ledger.rows(actor, filters))
    shown = [presenting.row(one) for one in page.rows]
    # Where nothing can be sent again there is nothing to choose.
    choosable = may(actor, "delivery.resend") and not all(one["fixed"] for one in shown)
    return render(
        request,
        "pages/deliveries.html",
        {
            "section": "deliveries",
            **_head(actor, filters),
            "bar": _bar(counts, filters),
            "filters": _filters(actor, filters, counts),
            "resend": f"{reverse('web:deliveries-resend')}?{filters.query()}" if choosable else "",
            "resend_effect": _("They are tried anew, now; what was accepted is not touched."),
            "deliveries": shown,
            "pager": page.pager,
        },
    )


@require_POST
@member("delivery.resend")
def resend_chosen(request: HttpRequest) -> HttpResponse:
    """Exactly the chosen ones; back to the ledger as it was filtered."""
    filters = ledger.filters_from(request.GET)
    try:
        keys = {UUID(one) for one in request.POST.getlist("delivery")}
    except ValueError:
        keys = set()
    if keys:
        _resend(request, keys)
    else:
        messages.warning(request, _("Nothing was chosen. Tick the deliveries to send again."))
    return HttpResponseRedirect(f"{reverse('web:deliveries')}?{filters.query()}")


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


@require_POST
@member("delivery.resend")
def resend_one(request: HttpRequest, key: UUID) -> HttpResponse:
    """This one again; back to its page."""
    _resend(request, {key})
    return redirect("web:delivery", key=key)


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
@member("delivery.read", "report.edit")
def message(request: HttpRequest, key: UUID) -> HttpResponse:
    """The whole message as it was sent, byte for byte, for any mail program to open."""
    try:
        sent = open_message(request.actor, key, store=artifact_store(), now=request.now)  # type: ignore[attr-defined]
    except StoreError as error:
        messages.error(request, _("The message cannot be read. %(why)s") % {"why": error})
        return redirect("web:delivery", key=key)
    return download(sent, filename=f"{key}.eml", media_type="message/rfc822")


def _resend(request: HttpRequest, keys: set[UUID]) -> None:
    try:
        number = resend(request.actor, keys, now=request.now)  # type: ignore[attr-defined]
    except UnknownDelivery:
        raise
    except DeliveryError as error:
        messages.error(request, str(error))
    else:
        words = ngettext("%(n)d delivery is on its way again.", "%(n)d deliveries are on their way again.", number)
        messages.success(request, words % {"n": number})


def _head(actor: Actor, filters: ledger.Filters) -> dict[str, Any]:
    export = {"label": _("Export rows"), "href": f"{reverse('web:deliveries-export')}?{filters.query()}"}
    if filters.run is None:
        return {"acts": [export]}
    run = run_of(actor, filters.run)
    return {
        "headline": f"{run.schedule.title}, {telling.moment(run.fire_at)}",
        "crumbs": [
            {"label": _("Deliveries"), "href": reverse("web:deliveries")},
            {"label": run.schedule.title, "href": reverse("web:schedule", args=[run.schedule.name])},
        ],
        "acts": [{"label": _("The run"), "href": reverse("web:run", args=[run.pk])}, export],
    }


def _bar(counts: dict[str, int], filters: ledger.Filters) -> dict[str, Any]:
    total = sum(counts.values())
    title = ngettext("%(n)s delivery", "%(n)s deliveries", total) % {"n": f"{total:,}"}
    note = _("fired on %(day)s") % {"day": telling.day(filters.day)} if filters.day else ""
    shown = [
        {
            "state": state,
            "count": number,
            "label": f"{number:,} {state_of(state).word}",
            "href": f"?{filters.query(state=state)}",
        }
        for state, number in telling.accepted_first(counts)
    ]
    return {"title": title, "note": note, "counts": shown}


def _filters(actor: Actor, filters: ledger.Filters, counts: dict[str, int]) -> dict[str, Any]:
    total, accepted = sum(counts.values()), counts.get("accepted", 0)
    tabs = [
        (_("All"), total, ""),
        (_("Accepted"), accepted, "accepted"),
        (_("Not accepted"), total - accepted, ledger.NOT_ACCEPTED),
    ]
    known = {value for _label, _number, value in tabs}
    if filters.state not in known:
        words = ", ".join(str(state_of(state).word) for state in filters.state.split(","))
        tabs.append(
            (words.capitalize(), sum(counts.get(state, 0) for state in filters.state.split(",")), filters.state)
        )
    named = list(schedules(actor).values_list("name", "title"))
    channels = [(one.name, str(one)) for one in queries.channels(actor)]
    return {
        "action": reverse("web:deliveries"),
        "q": filters.text,
        "placeholder": _("Filter by name, address, reply or hash"),
        "tabs": [
            {
                "label": label,
                "count": f"{number:,}",
                "href": f"?{filters.query(state=state)}",
                "current": filters.state == state,
            }
            for label, number, state in tabs
        ],
        "selects": [
            _select("schedule", _("Schedule"), filters.schedule, named),
            _select("channel", _("Channel"), filters.channel, channels),
        ],
        "hidden": [
            {"name": name, "value": str(value)}
            for name, value in (("state", filters.state), ("run", filters.run), ("day", filters.day))
            if value
        ],
    }


def _select(name: str, label: str, value: str, choices: list[tuple[str, str]]) -> dict[str, Any]:
    every = {"value": "", "label": _("all")}
    return {
        "name": name,
        "label": label,
        "value": value,
        "choices": [every, *({"value": v, "label": w} for v, w in choices)],
    }


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
    if not (presenting.resendable(found) and may(actor, "delivery.resend")):
        return []
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

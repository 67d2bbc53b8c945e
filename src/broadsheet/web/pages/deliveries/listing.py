"""The ledger's page: rows, filters and the counts above them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.delivery import queries
from broadsheet.runs.queries import run as run_of
from broadsheet.schedules.queries import schedules
from broadsheet.web import telling
from broadsheet.web.access_rules import member
from broadsheet.web.paging import sheet
from broadsheet.web.templatetags.states import state_of

from . import ledger, presenting


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
    choosable = may_somewhere(actor, "delivery.resend") and not all(one["fixed"] for one in shown)
    holds = filters.state == Sent.HELD and bool(shown) and bool(may_somewhere(actor, "schedule.run"))
    if holds:  # then they are chosen to be released or dropped
        shown = [{**one, "fixed": False} for one in shown]
    return render(
        request,
        "pages/deliveries.html",
        {
            "section": "deliveries",
            **_head(actor, filters),
            "bar": _bar(counts, filters),
            "filters": _filters(actor, filters, counts),
            "resend": "" if holds else f"{reverse('web:deliveries-resend')}?{filters.query()}" if choosable else "",
            "look": reverse("web:held-look") if holds else "",
            "resend_effect": _("They are tried anew, now; what was accepted is not touched."),
            "deliveries": shown,
            "pager": page.pager,
        },
    )


def _head(actor: Actor, filters: ledger.Filters) -> dict[str, Any]:
    export = {"label": _("Export rows"), "href": f"{reverse('web:deliveries-export')}?{filters.query()}"}
    if filters.run is None:
        unsent = {"label": _("Addresses not sent to"), "href": reverse("web:deliveries-suppressed")}
        return {"acts": [unsent, export]}
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
    seen = {one: bool(may_somewhere(actor, one)) for one in ("schedule.read", "channel.read")}
    named = list(schedules(actor).values_list("name", "title")) if seen["schedule.read"] else []
    channels = [(one.name, str(one)) for one in queries.channels(actor)] if seen["channel.read"] else []
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

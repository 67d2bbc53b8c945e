"""How schedules do: a list with small lines over the last runs, and the same for one schedule's page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from broadsheet.core.charts import sparkline
from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.core.theme import DEFAULT
from broadsheet.operations.health import LAST, Health, Spread
from broadsheet.operations.health import health as of
from broadsheet.schedules.errors import UnknownSchedule
from broadsheet.schedules.models import Schedule
from broadsheet.web import telling
from broadsheet.web.access_rules import member

from .subpages import frame

Shown = dict[str, Any]
LINE = (120, 24)  # px, width and height
LATE = timedelta(minutes=10)  # past it recipients feel it
GOOD_SHARE = 0.99


@require_safe
@member("delivery.read")
def page(request: HttpRequest) -> HttpResponse:
    """All schedules that ran, those in trouble first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = of(actor)
    return render(
        request,
        "pages/operations_health.html",
        {
            **frame(actor, "operations-health"),
            "headline": _sentence(found),
            "last": LAST,
            "rows": [_row(one) for one in found],
        },
    )


def of_schedule(actor: Actor, schedule: Schedule) -> Shown | None:
    """The variables of `partials/health.html` for one schedule; None where it never ran, or its deliveries are not the
    actor's to read."""
    if not may_somewhere(actor, "delivery.read"):
        return None
    try:
        [found] = of(actor, schedule=schedule.name)
    except UnknownSchedule:
        return None
    return _row(found) if found.runs else None


def _sentence(found: list[Health]) -> str:
    bad = sum(_state(one) != "ok" for one in found)
    if not found:
        return _("No schedule has run yet")
    if not bad:
        return ngettext("The schedule is well", "All %(n)d schedules are well", len(found)) % {"n": len(found)}
    words = ngettext("%(bad)d of %(n)d schedules wants a look", "%(bad)d of %(n)d schedules want a look", bad)
    return words % {"bad": bad, "n": len(found)}


def _row(one: Health) -> Shown:
    return {
        "href": reverse("web:schedule", args=[one.schedule.name]),
        "title": one.schedule.title,
        "state": _state(one),
        "word": _word(one),
        "success": _share(one),
        "runs": ngettext("%(n)d run", "%(n)d runs", one.runs) % {"n": one.runs},
        "last": one.last_at,
        "measures": [
            _measure(_("Lateness"), one.lateness),
            _measure(_("Waits"), one.wait),
            _measure(_("Takes"), one.duration),
        ],
    }


def _state(one: Health) -> str:
    if one.success is not None and one.success < GOOD_SHARE:
        return "failed" if one.success < 0.5 else "partial"
    if (one.lateness.p95 or timedelta()) > LATE or "worse" in (one.lateness.trend, one.duration.trend):
        return "conflict"
    return "ok"


def _word(one: Health) -> str:
    if one.success is not None and one.success < GOOD_SHARE:
        failed = one.wanted - one.accepted
        return ngettext("%(n)d not whole", "%(n)d not whole", failed) % {"n": failed}
    if (one.lateness.p95 or timedelta()) > LATE:
        return _("late")
    if one.lateness.trend == "worse":
        return _("later than before")
    if one.duration.trend == "worse":
        return _("slower than before")
    return _("well")


def _share(one: Health) -> str:
    """Rounded down: 100 % is said only when it is all of them."""
    return "" if one.success is None else f"{int(one.success * 1000) / 10:.1f} %".replace(".0 %", " %")


def _measure(label: str, one: Spread) -> Shown:
    return {
        "label": label,
        "p50": telling.span(one.p50) if one.p50 is not None else "",
        "p95": telling.span(one.p95) if one.p95 is not None else "",
        "trend": {"worse": _("longer lately"), "better": _("shorter lately")}.get(one.trend, ""),
        "line": _line(one),
    }


def _line(one: Spread) -> SafeString | str:
    """A small line from older to newer; nothing where there are not two to join."""
    values = [None if each is None else each.total_seconds() for each in one.values]
    if sum(each is not None for each in values) < 2:
        return ""
    width, height = LINE
    return mark_safe(sparkline(values, width=width, height=height, tokens=DEFAULT.light, css=True, tone=one.trend))

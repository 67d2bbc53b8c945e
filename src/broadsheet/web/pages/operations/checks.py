"""Checks: is the installation well, and what to do if not. They ask sources and channels, so a person starts them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from broadsheet.core.policy import Actor
from broadsheet.operations.checks import Finding, check_for
from broadsheet.web.access_rules import member

from .subpages import frame

STATES = {"ok": "ok", "warn": "conflict", "bad": "failed"}
WORST_FIRST = ("bad", "warn", "ok")


@require_http_methods(["GET", "HEAD", "POST"])
@member("operation.steer")
def page(request: HttpRequest) -> HttpResponse:
    """A POST runs them and shows what they found; nothing is kept."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = check_for(actor, now=request.now) if request.method == "POST" else None  # type: ignore[attr-defined]
    ordered = sorted(found or [], key=lambda one: WORST_FIRST.index(one.verdict))
    context = {
        **frame(actor, "operations-checks"),
        "headline": _sentence(found),
        "ran": found is not None,
        "findings": [
            {"state": STATES[one.verdict], "word": _word(one), "check": one.check, "message": one.message, "fix": one.fix}
            for one in ordered
        ],
        "action": request.path,
    }  # fmt: skip
    return render(request, "pages/operations_checks.html", context)


def _word(one: Finding) -> str:
    return {"ok": _("in order"), "warn": _("wants a look"), "bad": _("must be mended")}[one.verdict]


def _sentence(found: list[Finding] | None) -> str:
    if found is None:
        return _("Is the installation well?")
    bad = sum(one.verdict == "bad" for one in found)
    if bad:
        return ngettext("%(n)d thing must be mended", "%(n)d things must be mended", bad) % {"n": bad}
    return _("The installation is well")

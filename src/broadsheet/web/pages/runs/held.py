"""What holds a run, as `partials/held.html` shows it: what was found, where to look at the very files, what to decide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.collaboration.findings import finding_words
from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor
from broadsheet.delivery.models import Delivery
from broadsheet.runs.held import what_goes
from broadsheet.runs.models import Occurrence, Slice
from broadsheet.schedules.queries import may_on
from broadsheet.web import telling
from broadsheet.web.pages.holds.words import goes_words, made_words, unsure

Shown = dict[str, Any]
SLICES_SHOWN = 12


def held(actor: Actor, run: Occurrence, *, now: datetime) -> Shown | None:
    """The variables of `partials/held.html`; None where nothing of the run is held, and no check has warned."""
    waiting = Delivery.objects.filter(occurrence=run, state=Sent.HELD).count()
    if run.state == State.HELD or waiting:
        return {
            "title": title(run, waiting), "text": text(run, now=now),
            "findings": said(run.findings) or ([reason(run)] if reason(run) else []), "slices": _slices(run, "held"),
            "act": _act(actor, run, waiting), "goes": _goes(actor, run, now=now),
        }  # fmt: skip
    findings = said(run.findings)
    slices = _slices(run, "warned", "released", "dropped")
    if not findings and not slices:
        return None
    heading, note = _("Checks of its content found something"), _("It was not held, or a person let it go.")
    return {"title": heading, "text": note, "findings": findings, "slices": slices, "act": None}


def title(run: Occurrence, waiting: int) -> str:
    if run.state != State.HELD or (run.held_for == "content" and run.made_at is not None and waiting < _all(run)):
        return ngettext("%(n)d delivery is held", "%(n)d deliveries are held", waiting) % {"n": waiting}
    words = {
        "hand": _("A person holds this run"),
        "content": _("Its content looks wrong, so nothing of it goes out"),
        "quarantine": _("It ended the processes that worked on it"),
        "restored": _("It may have run before the database was restored"),
    }
    return words.get(run.held_for, _("This run is held"))


def _all(run: Occurrence) -> int:
    return run.deliveries.count()


def text(run: Occurrence, *, now: datetime) -> str:
    """Since when, and what a deadline that has passed means."""
    since = _("Held since %(at)s.") % {"at": telling.moment(run.held_at)} if run.held_at else ""
    late = run.deadline_at is not None and run.deadline_at < now
    more = _("Its deadline has passed meanwhile; if you release it, it gets a new one.") if late else ""
    return f"{since} {more}".strip()


def reason(run: Occurrence) -> str:
    """Why, where no check says so: in the words of who holds it."""
    return run.held_reason if run.held_for != "content" else ""


def said(findings: Iterable[Shown]) -> list[str]:
    return [finding_words(one) for one in findings if one["check"] != "share"] + [
        finding_words(one) for one in findings if one["check"] == "share" and one["figures"]["slices"] > 1
    ]


def _slices(run: Occurrence, *verdicts: str) -> list[Shown]:
    first = Delivery.objects.filter(slice=OuterRef("pk")).order_by("recipient_name").values("pk")[:1]
    found = run.slices.filter(verdict__in=verdicts).annotate(one=Subquery(first)).order_by("pk")
    return [_slice(one) for one in found[:SLICES_SHOWN] if one.findings]


def _slice(one: Slice) -> Shown:
    key = one.one  # type: ignore[attr-defined]
    return {
        "who": one.reader.get("name", ""),
        "href": reverse("web:delivery", args=[key]) if key else "",
        "state": {"released": "accepted", "dropped": "skipped", "warned": "conflict"}.get(one.verdict, "held"),
        "word": {"released": _("released"), "dropped": _("dropped"), "warned": _("warned"), "held": _("held")}[
            one.verdict
        ],
        "found": " ".join(finding_words(each) for each in one.findings),
    }


def _goes(actor: Actor, run: Occurrence, *, now: datetime) -> Shown | None:
    """What would go out when it is released."""
    found = what_goes(actor, runs_of=[run.pk], deliveries=(), now=now)
    return {"words": goes_words(found[0]), "made": made_words(found[0]), "unsure": unsure(found[0])} if found else None


def _act(actor: Actor, run: Occurrence, waiting: int) -> Shown | None:
    if not may_on(actor, "schedule.run", run.schedule):
        return None
    label = (
        ngettext("Release %(n)d delivery", "Release %(n)d deliveries", waiting) % {"n": waiting}
        if waiting else _("Release it")
    )  # fmt: skip
    return {
        "release": reverse("web:run-release", args=[run.pk]), "drop": reverse("web:run-drop", args=[run.pk]),
        "label": label,
    }  # fmt: skip

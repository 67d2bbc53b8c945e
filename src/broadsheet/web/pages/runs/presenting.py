"""One run as `pages/run.html` shows it: how far it is, what it made, what is in its way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor
from broadsheet.delivery.queries import counts as delivery_counts
from broadsheet.runs.models import Artifact, Occurrence, Slice
from broadsheet.runs.progress import Part, Progress, progress_of
from broadsheet.schedules.queries import may_on
from broadsheet.web import telling

from .standing import standing
from .using import took
from .waiting import waiting

Shown = dict[str, Any]
OPEN = (Sent.DUE, Sent.SENDING, Sent.RETRYING)
WAITING = (*OPEN, Sent.HELD)
AGAIN = (Sent.FAILED, Sent.EXPIRED)  # what “resend failed” sends
SLICES_SHOWN = 50
INVALID_SHOWN = 20


def title(run: Occurrence) -> str:
    return f"{run.schedule.title}, {telling.moment(run.fire_at)}"


def progress(actor: Actor, run: Occurrence, *, now: datetime) -> Shown:
    """The variables of `partials/run_progress.html`."""
    counts = delivery_counts([run.pk]).get(run.pk, {})
    found = progress_of(run, now=now)
    ledger = reverse("web:deliveries")
    steps = [_step(_("Slices made"), found.slices, found), _step(_("Deliveries settled"), found.deliveries, found)]
    return {
        "more": run.finished_at is None and run.state != State.HELD,
        "bar": {"counts": telling.counted(counts, ledger, run=run.pk), "later": _later(run, now=now)},
        "steps": steps if found.deliveries.total else [],
        "left": _left(found),
        "trouble": trouble(actor, run, counts, now=now),
    }


def _step(label: str, part: Part, of: Progress) -> Shown:
    words = _("%(done)s of %(total)s") % {"done": f"{part.done:,}", "total": f"{part.total:,}"}
    if of.stage in ("makes", "sends") and part.rate and part.done < part.total:
        words = f"{words}, {_rate(part.rate)}"
    return {"label": label, "done": part.done, "total": part.total, "text": words}


def _rate(a_second: float) -> str:
    if a_second >= 1:
        return _("%(n)s a second") % {"n": f"{a_second:.1f}".removesuffix(".0")}
    return _("%(n)s a minute") % {"n": f"{a_second * 60:.0f}"}


def _left(found: Progress) -> str:
    """How long it still takes, in words; empty where that is not known."""
    return _("about %(span)s left") % {"span": telling.span(found.left)} if found.left else ""


def _later(run: Occurrence, *, now: datetime) -> str:
    """What comes next, or how it ended."""
    if run.finished_at is not None:
        if run.planned_at is None:
            return ""
        return _("Ended %(at)s") % {"at": telling.moment(run.finished_at)}
    if run.state == State.HELD:
        return _("Nothing goes on until a person says so.")
    if run.stop_asked_at is not None:
        return _("It stops after what is being sent just now.")
    if run.state == State.WAITING and run.wake_at is not None and run.wake_at > now:
        return _("It is looked again at %(at)s") % {"at": telling.moment(run.wake_at)}
    if run.wake_at is not None and run.wake_at > now:
        return _("It goes on at %(at)s") % {"at": telling.moment(run.wake_at)}
    if run.planned_at is None:
        return _("The audience is being read.") if run.state == State.RUNNING else _("It waits for its turn.")
    return _("Under way for %(span)s") % {"span": telling.span(now - run.planned_at)}


def trouble(actor: Actor, run: Occurrence, counts: Mapping[str, int], *, now: datetime) -> list[Shown]:
    """What a person should know or do, as `partials/needs.html` lists it."""
    found = []
    if (
        run.state in (State.MISSED, State.SKIPPED, State.SUPPRESSED)
        and run.finished_at is not None
        and run.made_at is None
    ):
        found.append(_need(run.state, _("It did not run"), run.reason, _run_now(actor, run)))
    found += waiting(actor, run)
    if run.finished_at is None:
        found += standing(actor, run, now=now)
    if run.error and run.state != State.WAITING:
        heading = _("It could not be made") if run.finished_at is not None else _("It will be tried again")
        state = "failed" if run.finished_at is not None else "retrying"
        found.append(_need(state, heading, run.error, _run_now(actor, run) if run.finished_at else []))
    again = sum(counts.get(state, 0) for state in AGAIN)
    if again and run.finished_at is not None:
        words = ngettext("%(n)d delivery did not arrive", "%(n)d deliveries did not arrive", again) % {"n": again}
        text = _("Mend the cause first. Those that were accepted are not touched.")
        found.append(_need("failed", words, text, resend_failed(actor, run, again)))
    unsure = counts.get(Sent.UNCONFIRMED, 0)
    if unsure:
        words = ngettext("%(n)d delivery is unconfirmed", "%(n)d deliveries are unconfirmed", unsure) % {"n": unsure}
        href = f"{reverse('web:deliveries')}?run={run.pk}&state=unconfirmed"
        text = _("They may have arrived. Ask the recipients, then resend those that did not.")
        found.append(_need("unconfirmed", words, text, [{"label": _("See the rows"), "href": href, "outlined": True}]))
    return found + invalid_rows(run)


def resend_failed(actor: Actor, run: Occurrence, number: int) -> list[Shown]:
    """The act that sends exactly those again, for who may."""
    if not may_on(actor, "delivery.resend", run.schedule):
        return []
    label = ngettext("Resend this one", "Resend these %(n)d", number) % {"n": number}
    action = reverse("web:run-resend", args=[run.pk])
    return [{"label": label, "action": action, "main": True, "busy": _("Resending")}]


def _run_now(actor: Actor, run: Occurrence) -> list[Shown]:
    if not may_on(actor, "schedule.run", run.schedule):
        return []
    href = reverse("web:schedule-run", args=[run.schedule.name])
    return [{"label": _("Run it now"), "href": href, "outlined": True}]


def invalid_rows(run: Occurrence) -> list[Shown]:
    """Rows of the audience that could not be sent to, with the fix of each."""
    shown: list[Shown] = [
        {
            "state": "conflict",
            "title": one["who"] or _("A row without a name"),
            "under": _("row %(n)s") % {"n": one["row"]},
            "text": f"{one['message']} {one['fix']}".strip(),
            "acts": [],
        }
        for one in run.invalid[:INVALID_SHOWN]
    ]
    rest = len(run.invalid) - len(shown)
    if rest > 0:
        shown.append(
            _need(
                "conflict",
                _("And %(n)d more rows") % {"n": rest},
                _("Mend these first; the query may share one fault."),
                [],
            )
        )
    return shown


def _need(state: str, heading: str, text: str, acts: list[Shown]) -> Shown:
    return {"state": state, "title": heading, "text": text, "acts": acts}


def facts(run: Occurrence) -> list[Shown]:
    """The line under the run's title."""
    found: list[Shown] = []
    if run.as_of is not None:
        found.append({"term": _("Data to"), "value": telling.moment(run.as_of)})
    if run.wall:
        found.append({"term": _("On each one’s own clock"), "value": telling.wall(datetime.fromisoformat(run.wall))})
    if (took_to_make := run.made_in()) is not None:
        found.append({"term": _("Made in"), "value": telling.span(took_to_make)})
    files = Artifact.objects.filter(files__slice__occurrence=run).exclude(files__format="mail").distinct()
    kept = files.aggregate(number=Count("pk"), size=Sum("size"))
    if kept["number"]:
        found.append({"term": _("Files"), "value": f"{kept['number']:,}, {sized(kept['size'])}"})
    found.append({"term": _("Why"), "value": run.reason or _("by its rule")})
    if run.report_version is not None:
        href = reverse("web:report", args=[run.schedule.report.name])
        found.append({"term": _("Report"), "value": f"{run.report_version}", "href": href})
    return found


def sized(count: int) -> str:
    from broadsheet.web.templatetags.broadsheet import size

    return size(count)


def acts(actor: Actor, run: Occurrence, counts: Mapping[str, int]) -> list[Shown]:
    """Hold before it begins, stop while it goes; resend when it has ended. What is held has its acts in its own place."""
    found: list[Shown] = []
    if run.state == State.HELD:
        return found
    if run.state in (State.DUE, State.WAITING) and may_on(actor, "schedule.run", run.schedule):
        found.append({"label": _("Hold it"), "action": reverse("web:run-hold", args=[run.pk]), "outlined": True})
    if run.finished_at is None and run.stop_asked_at is None and may_on(actor, "schedule.run", run.schedule):
        found.append({"label": _("Stop it"), "action": reverse("web:run-stop", args=[run.pk]), "outlined": True})
    again = sum(counts.get(state, 0) for state in AGAIN)
    if run.finished_at is not None and again:
        found += resend_failed(actor, run, again)
    return found


def slices(run: Occurrence) -> list[Shown]:
    """Slices, failed ones first."""
    counted = (
        run.slices.annotate(recipients=Count("deliveries", distinct=True))
        .prefetch_related("files")
        .select_related("use")
    )
    return [_slice(one) for one in counted.order_by("state", "pk")[:SLICES_SHOWN]]


SLICE_STATES = {"made": "ok", "due": "due", "failed": "failed"}


def _slice(one: Slice) -> Shown:
    reader = one.reader
    files = ", ".join(file.format.upper() for file in one.files.all() if file.format != "mail")
    return {
        "label": f"{reader.get('name', '')}, {telling.city(str(reader.get('zone', '')))}".strip(", "),
        "state": SLICE_STATES.get(one.state, one.state),
        "word": _("made") if one.state == "made" else "",
        "rows": f"{one.rows:,}",
        "recipients": one.recipients,  # type: ignore[attr-defined]
        "took": took(one),
        "files": one.error or " ".join(filter(None, (files, *one.problems))),
    }

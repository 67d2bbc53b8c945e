"""Schedules as the list and a schedule's own page show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from broadsheet.core.lifecycle import Occurrence as State
from broadsheet.core.policy import Actor, may_somewhere
from broadsheet.core.recurrence import RuleError
from broadsheet.delivery.models import StoredChannel
from broadsheet.delivery.queries import counts as delivery_counts
from broadsheet.runs.models import Occurrence
from broadsheet.runs.queries import runs
from broadsheet.schedules.calendars import Shelf
from broadsheet.schedules.definition import Destination, Policies, ScheduleDefinition
from broadsheet.schedules.firing import left_out_at
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.models.override import overrides_from
from broadsheet.schedules.periods import DEFAULT
from broadsheet.schedules.queries import may_on
from broadsheet.schedules.triggers.wording import started_words
from broadsheet.web import telling
from broadsheet.web.templatetags.states import state_of

from . import reading
from .falling_back import fallback_words
from .rule import choices
from .windows import windows_words

Shown = dict[str, Any]
RECENT = 8


def row(
    schedule: Schedule, last: Occurrence | None, counts: Mapping[str, int], *, zone: str, shelf: Shelf | None = None
) -> Shown:
    """One line of the list."""
    definition = reading.definition(schedule)
    state = "paused" if schedule.paused_at else "running" if last and last.finished_at is None else "due"
    note, chosen = "", _chosen_next(schedule)
    if schedule.paused_at:
        note = _("since %(day)s") % {"day": telling.day(schedule.paused_at)}
    elif chosen:
        note = {"skip": _("will be left out"), "hold": _("will be held"), "move": _("moved by hand")}[chosen]
    elif not definition.when:
        note = _("not by the clock")
    elif schedule.next_fire_at is None:
        state, note = "expired", _("it never fires again")
    return {
        "name": schedule.title,
        "href": reverse("web:schedule", args=[schedule.name]),
        "under": _("%(report)s to %(whom)s") % {"report": schedule.report.title, "whom": whom(definition)},
        "state": {"skip": "skipped", "hold": "held", "move": "moved"}.get(chosen, state),
        "sentence": rule_words(schedule, zone=zone, shelf=shelf),
        "next": schedule.next_fire_at,
        "next_note": note,
        **_last(last, counts),
    }


def _chosen_next(schedule: Schedule) -> str:
    """What a person chose for its next firing, or nothing."""
    found = (one for one in overrides_from(schedule.overrides) if one.comes_at == schedule.next_fire_at)
    return next((one.kind for one in found), "")


def _last(last: Occurrence | None, counts: Mapping[str, int]) -> Shown:
    if last is None:
        return {"last_text": ""}
    accepted, total = counts.get("accepted", 0), sum(counts.values())
    if not total:
        said = str(state_of(last.state).word)
    elif accepted == total:
        said = _("%(n)s accepted") % {"n": f"{total:,}"}
    else:
        said = _("%(n)s of %(all)s accepted") % {"n": f"{accepted:,}", "all": f"{total:,}"}
    text = f"{said}, {telling.day(last.fire_at)}"
    return {"last_state": last.state, "last_text": text, "last_href": reverse("web:run", args=[last.pk])}


def rule_words(schedule: Schedule, *, zone: str, shelf: Shelf | None = None) -> str:
    """The rule in the page's language; what is the matter with one whose calendar no longer fits it."""
    try:
        timing = reading.timing(schedule, zone=zone, shelf=shelf)
        return started_words(reading.definition(schedule), timing, get_language() or "en")
    except RuleError as error:
        return _("By a rule that cannot be read now: %(why)s") % {"why": error.message}


def whom(definition: ScheduleDefinition) -> str:
    """ "each row of buyers", "3 people"."""
    audience = definition.audience
    if audience.dataset:
        return _("each row of %(dataset)s") % {"dataset": audience.dataset}
    number = len(audience.people) + len(audience.contacts)
    said = [ngettext("%(n)d person", "%(n)d people", number) % {"n": number}] if number else []
    if audience.teams:
        said.append(_("the team %(names)s") % {"names": _(" and ").join(audience.teams)})
    return _(" and ").join(said)


def sentence(
    schedule: Schedule, definition: ScheduleDefinition, channels: Mapping[str, StoredChannel], *, zone: str, edit: str
) -> list[Shown]:
    """The schedule as a sentence; each part leads to where it is changed, for who may (*edit*: that address)."""
    when = rule_words(schedule, zone=zone)
    report = schedule.report.title
    if definition.given:
        report += f", {', '.join(definition.given.values())}"
    return [
        _part(_("When"), f"{when},", edit, "when"),
        {"join": _("send")},
        _part(_("Report"), report, edit, "what"),
        {"join": _("to")},
        _part(_("Audience"), whom(definition), edit, "whom"),
        {"join": _("by")},
        _part(_("Channels"), f"{channels_words(definition, channels)}.", edit, "whom"),
        _part(_("Policies"), _policies(schedule, definition, channels), edit, "policies"),
    ]


def _part(name: str, text: str, edit: str, anchor: str) -> Shown:
    return {"name": name, "text": text, "href": f"{edit}#{anchor}" if edit else ""}


def channels_words(definition: ScheduleDefinition, channels: Mapping[str, StoredChannel]) -> str:
    """ "E-mail with PDF and XLSX; Inbox with each one’s own formats"."""
    return "; ".join(_channel_words(one, channels.get(one.channel)) for one in definition.channels)


def _channel_words(one: Destination, channel: StoredChannel | None) -> str:
    label = str(channel) if channel is not None else one.channel
    if one.formats == "recipient":
        return _("%(channel)s with each one’s own formats") % {"channel": label}
    formats = [name.upper() for name in one.formats]
    listed = _(" and ").join(filter(None, [", ".join(formats[:-1]), *formats[-1:]]))
    return _("%(channel)s with %(formats)s") % {"channel": label, "formats": listed} if formats else label


MISFIRES = {
    "once": gettext_lazy("what was missed runs once"),
    "all": gettext_lazy("all that was missed runs"),
    "skip": gettext_lazy("what was missed is left out"),
}
LEVELS = {
    "highest": gettext_lazy("highest"),
    "high": gettext_lazy("high"),
    "normal": gettext_lazy("normal"),
    "low": gettext_lazy("low"),
    "lowest": gettext_lazy("lowest"),
}
OVERLAPS = {
    "queue": gettext_lazy("waits for the run before"),
    "skip": gettext_lazy("is skipped while the run before goes"),
    "cancel": gettext_lazy("stops the run before"),
}


def _policies(schedule: Schedule, definition: ScheduleDefinition, channels: Mapping[str, StoredChannel]) -> str:
    policies = definition.policies
    said = (
        windows_words(policies, schedule),
        policies_words(policies),
        fallback_words(policies.fallback, channels),
    )
    return " ".join(filter(None, said))


def policies_words(policies: Policies) -> str:
    """What happens when something goes wrong, in a sentence."""
    if policies.priority != "normal":
        return _("%(priority)s priority. %(rest)s") % {
            "priority": capfirst(LEVELS[policies.priority]),
            "rest": policies_words(policies.model_copy(update={"priority": "normal"})),
        }
    tries = ngettext("%(n)d try", "%(n)d tries", policies.retry.tries) % {"n": policies.retry.tries}
    return _("%(tries)s within %(hours)g hours; %(misfire)s; it %(overlap)s.") % {
        "tries": capfirst(tries),
        "hours": policies.deadline_hours,
        "misfire": MISFIRES[policies.misfire],
        "overlap": OVERLAPS[policies.overlap],
    }


def facts(schedule: Schedule) -> list[Shown]:
    """The line under the title."""
    found: list[Shown] = [
        {
            "term": _("Version"),
            "value": _("%(n)d since %(day)s") % {"n": schedule.version, "day": telling.day(schedule.updated_at)},
        },
        {"term": _("Name"), "value": schedule.name},
    ]
    found.append({"term": _("Owner"), "value": str(schedule.owner) if schedule.owner else _("nobody")})
    if schedule.paused_at is not None:
        found.append({"term": _("Paused"), "value": telling.moment(schedule.paused_at)})
    elif schedule.next_fire_at is not None:
        found.append({"term": _("Next"), "value": telling.moment(schedule.next_fire_at)})
    return found


def calendars(definition: ScheduleDefinition, shelf: Shelf) -> list[Shown]:
    """A fact for each calendar that the rule and the working hours name, which leads to its year."""
    hours = definition.audience.defaults.calendar
    names = dict.fromkeys([*choices.names_in(definition.when), *([hours] if hours else [])])
    return [{"term": _("Calendar"), "value": choices.label_of(one, shelf), "href": choices.link(one)} for one in names]


def closed_by(definition: ScheduleDefinition, shelf: Shelf) -> str:
    """Whose closed days the months show, where that is not simply Monday to Friday."""
    names = list(dict.fromkeys(choices.calendars_in(definition.when)))
    if not names and DEFAULT in shelf.definitions:
        names = [DEFAULT]
    return _(" and ").join(choices.label_of(one, shelf) for one in names)


def acts(actor: Actor, schedule: Schedule) -> list[Shown]:
    """What the asker may do with it."""

    def post(label: str, route: str, **more: object) -> Shown:
        return {"label": label, "action": reverse(f"web:{route}", args=[schedule.name]), **more}

    found: list[Shown] = []
    if may_on(actor, "schedule.run", schedule):
        found.append({"label": _("Run now"), "href": reverse("web:schedule-run", args=[schedule.name])})
    if may_on(actor, "schedule.edit", schedule):
        left_out, following = left_out_at(schedule), schedule.next_fire_at
        if left_out and following and left_out <= following and schedule.paused_at is None:
            found.append(post(_("Do not skip the next"), "schedule-unskip"))
        elif following is not None:
            found.append(post(_("Skip next"), "schedule-skip"))
        found.append(post(_("Resume"), "schedule-resume") if schedule.paused_at else post(_("Pause"), "schedule-pause"))
        if schedule.owner_id is None and actor.user_id is not None:
            found.append(post(_("Take it over"), "schedule-take-over"))
        found.append({"label": _("As text"), "href": reverse("web:schedule-text", args=[schedule.name])})
        found.append(
            {"label": _("Change"), "href": reverse("web:schedule-edit", args=[schedule.name]), "outlined": True}
        )
    return found


def recent(actor: Actor, schedule: Schedule) -> list[Shown]:
    """Its latest runs, those that did not run among them."""
    if not may_somewhere(actor, "delivery.read"):
        return []
    made = Count("slices", filter=Q(slices__state="made"), distinct=True)
    files = Count("slices__files", filter=~Q(slices__files__format="mail"), distinct=True)
    found = list(runs(actor, schedule=schedule.name).annotate(made=made, made_files=files)[:RECENT])
    counts = delivery_counts([one.pk for one in found])
    return [_recent(one, counts) for one in found]


def _recent(run: Occurrence, counts: Mapping[UUID, Mapping[str, int]]) -> Shown:
    ledger = reverse("web:deliveries")
    outcome = telling.counted(counts.get(run.pk, {}), ledger, run=run.pk)
    if not outcome:
        href = reverse("web:run", args=[run.pk])
        outcome = [{"state": run.state, "label": str(state_of(run.state).word), "href": href}]
    return {
        "at": run.fire_at,
        "href": reverse("web:run", args=[run.pk]),
        "counts": outcome,
        "files": _files(run),
        "took": telling.span(run.finished_at - run.planned_at) if run.finished_at and run.planned_at else "",
        "note": telling.cut(note(run), 160),
    }


def _files(run: Occurrence) -> str:
    slices, files = run.made, run.made_files  # type: ignore[attr-defined]
    if not slices:
        return ""
    return ", ".join(
        (
            ngettext("%(n)s slice", "%(n)s slices", slices) % {"n": f"{slices:,}"},
            ngettext("%(n)s file", "%(n)s files", files) % {"n": f"{files:,}"},
        )
    )


def note(run: Occurrence) -> str:
    """What there is to say of a run beside its counts."""
    if run.error:
        return run.error
    if run.state in (State.MISSED, State.SKIPPED, State.SUPPRESSED, State.EXPIRED):
        return run.reason
    said = [run.reason] if run.kind != "scheduled" else []
    if run.invalid:
        number = len(run.invalid)
        said.append(
            ngettext("%(n)d row of the audience was invalid", "%(n)d rows of the audience were invalid", number)
            % {"n": number}
        )
    return "; ".join(said)


def soon(now: datetime, at: datetime | None) -> bool:
    """Whether *at* is within the next minute: a page then says so instead of a time that passes while it is read."""
    return at is not None and (at - now).total_seconds() < 60

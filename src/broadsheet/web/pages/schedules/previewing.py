"""What a draft means, asked while it is typed, by the form or as text: its firings, and words and parts in step.

Nothing is kept. For the form the answer also carries fields to fill (`fills`) and what stands under the sentence.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from broadsheet.core.document.loading import DefinitionError
from broadsheet.core.policy import Actor
from broadsheet.core.recurrence import RuleError, Timing, timing_from, words
from broadsheet.delivery.queries import channels
from broadsheet.schedules import queries
from broadsheet.schedules.calendars import Shelf, kept
from broadsheet.schedules.models import Schedule
from broadsheet.web.access_rules import member

from . import asking, drafts, fields, firings, reading
from .beginning_fields import CLOCKLESS, YES
from .clocks import recipients_clocks
from .counting import calendars_for
from .details.summaries import said
from .placing import rule_field
from .rule import choices
from .rule.fixes import of_parts, of_words
from .rule.parts import KEPT
from .rule.settling import Settled, settle, steps, today_in
from .starting import report_named
from .written import one_schedule

Shown = dict[str, Any]


@require_POST
@member("schedule.edit")
def preview(request: HttpRequest) -> HttpResponse:
    """The firings of a draft, asked while it is typed: ``?of=`` names the schedule that it changes."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    of = request.GET.get("of", "")
    saved = queries.schedule(actor, of) if of else None
    post = request.POST.copy()
    choices.by_name(post, actor.organization_id)
    context = previewed(request, post, saved)
    if post.get(drafts.PARAMETERS_OF, report := post.get("report", "")) != report:
        context["other_report"] = {"parameters": _parameters(request, report, saved), "parameters_of": report}
    return render(request, "partials/schedule_preview.html", {**context, "live": "text" not in post})


def _parameters(request: HttpRequest, name: str, saved: Schedule | None) -> list[Shown]:
    """Those of the report that was chosen: as they are saved with it, else as it has them where nobody says."""
    actor, now = request.actor, request.now  # type: ignore[attr-defined]
    given = QueryDict(mutable=True)
    if saved and saved.definition.get("report") == name:
        given.update({f"{drafts.PARAMETER}{key}": str(one) for key, one in saved.definition.get("with", {}).items()})
    report = report_named(actor, name)
    calendars = calendars_for(actor.organization_id, report, given, now=now)
    return fields.parameters(report, given, {}, now=now, calendars=calendars)


@dataclass(frozen=True, slots=True)
class _Place:
    """Whose draft it is, and where and when it is read."""

    actor: Actor
    zone: str
    now: datetime

    @property
    def organization_id(self) -> int:
        return self.actor.organization_id

    @property
    def today(self) -> date:
        return today_in(self.zone, now=self.now)


def previewed(request: HttpRequest, post: QueryDict, saved: Schedule | None) -> Shown:
    """The variables of `partials/schedule_preview.html` for what is typed, compared with what is saved."""
    place = _Place(request.actor, request.organization.zone, request.now)  # type: ignore[attr-defined]
    if "text" in post:
        return _of_text(post, saved, place)
    return {**_of_form(post, saved, place), "set": _set(post, saved, place)}


def _set(post: QueryDict, saved: Schedule | None, place: _Place) -> list[Shown]:
    """What each folded part of the form says, in a line."""
    before = saved.definition if saved else {}
    data, _errors = drafts.data_from(post, before=before, report=None, now=place.now, zone=place.zone)
    labels = {one.name: str(one) for one in channels(place.actor)}
    return [{"name": name, "text": text} for name, text in said(data, labels).items()]


def _of_text(post: QueryDict, saved: Schedule | None, place: _Place) -> Shown:
    try:
        loaded = one_schedule(str(post["text"]), saved)
        when = loaded.data.get("when", {})
        if not when and (loaded.data.get("on_event") or "on_call" in loaded.data or loaded.data.get("milestone")):
            text = _("An event, a call or a mark says when.")
            return {"error": {"state": "due", "title": _("It does not go by the clock")}, "wrong": [{"text": text}]}
        timing = _timing(when, kept.shelf_for(when, place.organization_id), place.zone)
    except (RuleError, DefinitionError) as error:
        return _not_yet([{"text": _said(error)}])
    clocks = recipients_clocks(place.actor, timing, loaded.data.get("audience"), saved, now=place.now)
    return _firings(timing, saved, place, clocks)


def _of_form(post: QueryDict, saved: Schedule | None, place: _Place) -> Shown:
    if post.get(CLOCKLESS) == YES:
        text = _("What starts it says when. Take the tick away for a rule beside it.")
        return {
            "error": {"state": "due", "title": _("It does not go by the clock")},
            "wrong": [{"text": text}],
            "fills": "{}",
        }
    settled = settle(post, zone=place.zone, today=place.today)
    wrong = [_told(one) for texts in settled.errors.values() for one in texts]
    if wrong:
        in_words = settled.by == "words"
        return {**_not_yet(wrong), "understood": {"errors": wrong} if in_words else {}, "fills": "{}"}
    shelf = kept.shelf_for(settled.when, place.organization_id)
    try:
        timing = _timing(settled.when, shelf, place.zone)
    except RuleError as error:
        return _refused(error, post, settled, place)
    steady = steps(post, settled.when, zone=place.zone, by=settled.by)
    understood = understanding(
        settled.when,
        timing,
        shelf,
        words_said=str(steady["words"]),
        kept_as=str(steady.get("every", post.get("every"))) == KEPT,
    )
    asked = asking.answer(post.get("ask", ""), timing, today=place.today)
    fills = json.dumps(steady, ensure_ascii=False)
    before = saved.definition.get("audience", {}) if saved else {}
    audience = (
        drafts.audience_from(post, before, defaultdict(list), zone=drafts.zone_of(settled.when, zone=place.zone))
        if timing.personal
        else {}
    )
    clocks = recipients_clocks(place.actor, timing, audience, saved, now=place.now)
    return {**_firings(timing, saved, place, clocks), "understood": understood, "fills": fills, "asked": asked}


def _refused(error: RuleError, post: QueryDict, settled: Settled, place: _Place) -> Shown:
    """A rule that can be read and makes no sense yet."""
    if settled.by == "words":
        wrong = of_words(error, post.get("words", ""))
    else:
        field = rule_field(error, settled.when)
        wrong = of_parts(error, field, post, today=place.today)
    return {**_not_yet([wrong]), "understood": {"errors": [wrong]} if settled.by == "words" else {}, "fills": "{}"}


def understanding(when: Any, timing: Timing, shelf: Shelf, *, words_said: str, kept_as: bool) -> Shown:
    """What stands under the sentence: the whole rule in the page's language, its calendars, and what parts cannot show."""
    names = list(dict.fromkeys(choices.names_in(when)))
    return {
        "said": words(timing, get_language() or "en"),
        "calendars": [{"label": choices.label_of(name, shelf), "href": choices.link(name)} for name in names],
        "kept": kept_as,
        "wordless": not words_said,
    }


def _timing(when: Any, shelf: Shelf, zone: str) -> Timing:
    return timing_from(when, default_zone=zone, **shelf.names())


def _firings(timing: Timing, saved: Schedule | None, place: _Place, clocks: firings.Clocks) -> Shown:
    try:
        before = reading.timing(saved, zone=place.zone) if saved else None
    except RuleError:  # a calendar of what is saved is gone: its page says so
        before = None
    return firings.compared(timing, before, after=place.now, clocks=clocks)


def _not_yet(wrong: list[Mapping[str, Any]]) -> Shown:
    return {"error": {"state": "conflict", "title": _("No firings to show yet")}, "wrong": wrong}


def _told(one: Any) -> Mapping[str, Any]:
    return one if isinstance(one, Mapping) else {"text": str(one)}


def _said(error: Exception) -> str:
    if isinstance(error, DefinitionError):
        problem = error.problems[0]
        return _("Line %(n)d: %(what)s") % {"n": problem.line, "what": f"{problem.message} {problem.fix}"}
    return (
        f"{error.message[:1].upper()}{error.message[1:]}. {error.fix}" if isinstance(error, RuleError) else str(error)
    )

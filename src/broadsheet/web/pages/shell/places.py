"""What the command palette reaches: pages, reports, schedules, calendars and acts, limited to what the asker may see."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from broadsheet.access.queries import contacts, teams
from broadsheet.access.rosters import workspaces
from broadsheet.core.policy import Actor, may, may_somewhere
from broadsheet.reports.queries import reports
from broadsheet.schedules.calendars import kept
from broadsheet.schedules.queries import schedules
from broadsheet.sources.queries import datasets
from broadsheet.web.access_rules import member

MOST = 500  # of each kind; the lists' own filters find the rest
Place = dict[str, str]


@never_cache
@require_safe
@member()
def places(request: HttpRequest) -> HttpResponse:
    """``[{"label", "href", "hint"}]``, acts first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = [
        *_acts(actor), *_operations(actor), *_rights(actor), *_schedules(actor), *_reports(actor), *_datasets(actor), *_calendars(actor), *_rows(actor),
    ]  # fmt: skip
    return JsonResponse(found, safe=False)


def _place(label: object, href: str, hint: str) -> Place:
    return {"label": str(label), "href": href, "hint": hint}


def _acts(actor: Actor) -> Iterator[Place]:
    if may_somewhere(actor, "report.edit"):
        yield _place(_("New report"), reverse("web:report-new"), _("write one as text"))
    if may_somewhere(actor, "schedule.edit"):
        yield _place(_("New schedule"), reverse("web:schedule-new"), _("make one by words"))
        yield _place(_("New schedule as text"), reverse("web:schedule-new-text"), _("as YAML"))
    if may(actor, "schedule.run"):
        yield _place(_("Events"), reverse("web:events"), _("tell of one, see what it started"))
    if may_somewhere(actor, "delivery.read"):
        yield _place(_("Export deliveries"), reverse("web:deliveries-export"), _("CSV of the ledger"))


def _operations(actor: Actor) -> Iterator[Place]:
    if may_somewhere(actor, "delivery.read"):
        yield _place(_("Queue"), reverse("web:operations"), _("what is in work and what waits"))
        yield _place(_("Held"), reverse("web:held"), _("what waits for a person: release or drop"))
        yield _place(_("Health"), reverse("web:operations-health"), _("how schedules do"))
    if may_somewhere(actor, "schedule.read"):
        yield _place(_("Load"), reverse("web:load"), _("what comes, who would wait, what would be if"))
        yield _place(_("Maintenance"), reverse("web:operations-maintenance"), _("when nothing runs"))
    if may(actor, "delivery.read"):
        yield _place(_("Limits"), reverse("web:operations-limits"), _("how many runs go on at once"))
    if may(actor, "operation.steer"):
        yield _place(_("Checks"), reverse("web:operations-checks"), _("is the installation well"))


def _schedules(actor: Actor) -> Iterator[Place]:
    if not may_somewhere(actor, "schedule.read"):
        return
    edit = bool(may_somewhere(actor, "schedule.edit"))
    for name, title in schedules(actor).values_list("name", "title")[:MOST]:
        yield _place(title, reverse("web:schedule", args=[name]), _("schedule"))
        if edit:
            label = _("Change “%(title)s”") % {"title": title}
            yield _place(label, reverse("web:schedule-edit", args=[name]), _("schedule"))


def _reports(actor: Actor) -> Iterator[Place]:
    if may_somewhere(actor, "report.read"):
        for name, title in reports(actor).values_list("name", "title")[:MOST]:
            yield _place(title, reverse("web:report", args=[name]), _("report"))


def _datasets(actor: Actor) -> Iterator[Place]:
    if may_somewhere(actor, "source.read"):
        yield _place(_("Data"), reverse("web:data"), _("datasets, what they mean and who uses them"))
        for name, label in datasets(actor).order_by("name").values_list("name", "label")[:MOST]:
            yield _place(label or name, reverse("web:data-set", args=[name]), _("dataset"))


def _rights(actor: Actor) -> Iterator[Place]:
    """Pages of who may what, and each team, workspace and contact."""
    if may(actor, "person.read"):
        yield _place(_("People"), reverse("web:settings-people"), _("members and services"))
        yield _place(_("Roles"), reverse("web:settings-roles"), _("what each carries"))
        yield _place(_("Teams"), reverse("web:settings-teams"), _("who is in which"))
        for team in teams(actor).prefetch_related(None)[:MOST]:
            yield _place(team, reverse("web:settings-team", args=[team.name]), _("team"))
    if may(actor, "report.read"):
        yield _place(_("Workspaces"), reverse("web:settings-workspaces"), _("open and closed ones"))
        for room in workspaces(actor)[:MOST]:
            yield _place(room, reverse("web:settings-workspace", args=[room.name]), _("workspace"))
    if may(actor, "contact.read"):
        yield _place(_("Contacts"), reverse("web:settings-contacts"), _("recipients without an account"))
        for name, label in contacts(actor).prefetch_related(None).values_list("name", "label")[:MOST]:
            yield _place(label, reverse("web:settings-contact", args=[name]), _("contact"))


def _calendars(actor: Actor) -> Iterator[Place]:
    """The organization's own; the ready-made ones are found on their page."""
    if not may_somewhere(actor, "schedule.read"):
        return
    yield _place(_("Calendars"), reverse("web:settings-calendars"), _("your own, countries and markets"))
    if may_somewhere(actor, "schedule.edit"):
        yield _place(_("New calendar"), reverse("web:settings-calendar-new"), _("closures, holidays, fiscal years"))
    for one in kept.calendars(actor)[:MOST]:
        yield _place(one, reverse("web:settings-calendar", args=[one.name]), _("calendar"))


def _rows(actor: Actor) -> Iterator[Place]:
    if may_somewhere(actor, "delivery.read"):
        ledger = reverse("web:deliveries")
        yield _place(_("Deliveries that failed"), f"{ledger}?state=failed", _("in the ledger"))
        yield _place(_("Deliveries that are unconfirmed"), f"{ledger}?state=unconfirmed", _("in the ledger"))
        unsubscribed = _("unsubscribed, bounced: in the ledger")
        yield _place(_("Deliveries that are suppressed"), f"{ledger}?state=suppressed", unsubscribed)
        yield _place(_("Addresses not sent to"), reverse("web:deliveries-suppressed"), _("unsubscribed, bounced"))

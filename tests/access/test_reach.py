"""What stands in a closed workspace is not there for who was given no role on it: by no list, name, act or error text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.access.conftest import one
from tests.plugins.django import NOW

from broadsheet.core.policy.roles import Refused

pytestmark = [pytest.mark.feature("SEC-08"), pytest.mark.feature("COL-05"), pytest.mark.usefixtures("closed")]


def seen(actor: Any) -> dict[str, list[str]]:
    """Names of all that the actor finds, by kind."""
    from broadsheet.delivery.queries import channels, deliveries
    from broadsheet.reports.queries import latest_versions, reports
    from broadsheet.runs.queries import runs
    from broadsheet.schedules.queries import schedules
    from broadsheet.sources.queries import datasets

    return {
        "reports": [one.name for one in reports(actor)],
        "versions": [one.report.name for one in latest_versions(actor)],
        "schedules": [one.name for one in schedules(actor)],
        "datasets": [one.name for one in datasets(actor)],
        "channels": [one.name for one in channels(actor)],
        "runs": [one.schedule.name for one in runs(actor)],
        "deliveries": sorted({one.recipient_key for one in deliveries(actor)}),
    }


@pytest.fixture
def ran(closed: None, finish: Callable[..., Any], actor: Callable[[str], Any]) -> Any:
    """A run of the schedule, whose deliveries are in the ledger."""
    from broadsheet.runs.actions.run_now import run_now

    return finish(run_now(actor("admin"), "buyers-monday", now=NOW))


NOT_HERE = re.compile("There is no|Some of these deliveries are not here")
NOTHING = {"reports": [], "versions": [], "schedules": [], "datasets": ["buyers"], "channels": ["inbox"], "runs": [], "deliveries": []}  # fmt: skip
ALL = {
    "reports": ["purchases"], "versions": ["purchases"], "schedules": ["buyers-monday"], "datasets": ["buyers", "orders"],
    "channels": ["inbox", "outbox"], "runs": ["buyers-monday"], "deliveries": ["b1", "b2", "b3"],
}  # fmt: skip


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_without_a_grant_nothing_is_there(ran: Any, actor: Callable[[str], Any], role: str) -> None:
    assert seen(actor(role)) == NOTHING


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_who_runs_the_workspaces_sees_all(ran: Any, actor: Callable[[str], Any], role: str) -> None:
    assert seen(actor(role)) == ALL


def test_a_role_on_the_workspace_opens_all_in_it(ran: Any, actor: Callable[[str], Any], grants: Any) -> None:
    grants("viewer", "workspace", "back-office", "viewer")
    assert seen(actor("viewer")) == ALL


def test_a_role_on_the_report_opens_it_and_what_it_sends(ran: Any, actor: Callable[[str], Any], grants: Any) -> None:
    grants("viewer", "report", "purchases", "viewer")
    assert seen(actor("viewer")) == {**ALL, "datasets": ["buyers"], "channels": ["inbox"]}


def test_a_role_on_the_schedule_opens_it_and_not_the_report(ran: Any, actor: Callable[[str], Any], grants: Any) -> None:
    grants("viewer", "schedule", "buyers-monday", "viewer")
    found = seen(actor("viewer"))
    assert (found["reports"], found["schedules"], found["deliveries"]) == ([], ["buyers-monday"], ["b1", "b2", "b3"])


def test_a_role_on_one_dataset_and_channel(ran: Any, actor: Callable[[str], Any], grants: Any) -> None:
    grants("viewer", "dataset", "orders", "viewer")
    grants("viewer", "channel", "outbox", "viewer")
    assert seen(actor("viewer")) == {**NOTHING, "datasets": ["buyers", "orders"], "channels": ["inbox", "outbox"]}


def test_what_stands_in_an_open_workspace_too_is_open(ran: Any, actor: Callable[[str], Any], define: Any) -> None:
    define("workspace: lobby\nreports: [purchases]\n")
    assert seen(actor("viewer"))["reports"] == ["purchases"]
    define("workspace: lobby\nopen: false\nreports: [purchases]\n")
    assert seen(actor("viewer"))["reports"] == []


def test_a_team_brings_its_members_in_and_leaving_it_takes_it_back(
    ran: Any, actor: Callable[[str], Any], define: Any, cast: Any
) -> None:
    define(f"team: sales\nmembers: [{cast.viewer.email}]\n")
    define("grants: workspace-back-office\non: workspace\nthing: back-office\nto: [{team: sales, role: viewer}]\n")
    assert seen(actor("viewer")) == ALL
    define("team: sales\nmembers: []\n")
    assert seen(actor("viewer")) == NOTHING


def test_a_grant_of_another_organization_opens_nothing(ran: Any, actor: Callable[[str], Any]) -> None:
    """Even rows that should never be written: the outsider's own, pointing at ours."""
    from broadsheet.access.models import GrantedRole, Placement, Workspace
    from broadsheet.reports.models import Report

    report = Report.objects.get(name="purchases")
    outsider = actor("outsider")
    room = Workspace.objects.create(organization_id=outsider.organization_id, name="spy", open=True, updated_at=NOW)
    Placement.objects.create(workspace=room, kind="report", object_id=report.pk)
    for kind, key in (("report", report.pk), ("workspace", room.pk)):
        GrantedRole.objects.create(
            organization_id=outsider.organization_id, kind=kind, object_id=key, user_id=outsider.user_id,
            role="owner", given_at=NOW,
        )  # fmt: skip
    assert not any(seen(actor("outsider")).values())
    assert seen(actor("viewer")) == NOTHING  # their open room does not open ours


def acts(actor: Any, run: Any) -> dict[str, Callable[[], object]]:
    """Everything that can be done with the report, its schedule, run, dataset and channel."""
    from broadsheet.delivery.actions.channels import check_channel, save_channel
    from broadsheet.delivery.actions.resend import resend, resend_failed
    from broadsheet.delivery.models import Delivery
    from broadsheet.reports.actions.check import check_report
    from broadsheet.reports.actions.save import save_report
    from broadsheet.reports.models import ReportVersion
    from broadsheet.runs.actions.answer import data_of
    from broadsheet.runs.actions.dry_run import dry_run
    from broadsheet.runs.actions.preview import preview
    from broadsheet.runs.actions.run_now import run_now, stop
    from broadsheet.schedules.actions.remove import remove
    from broadsheet.schedules.actions.save import save_schedule
    from broadsheet.schedules.actions.steer import pause, resume, skip_next
    from broadsheet.sources.actions.save import save_dataset
    from broadsheet.sources.models import StoredDataset

    text = ReportVersion.objects.latest("pk").definition
    dataset = StoredDataset.objects.get(name="orders").definition
    delivery = Delivery.objects.first()
    schedule = "schedule: mine\nreport: purchases\nwhen: {every: day, at: '08:00'}\naudience: {people: [{name: A, address: a@a.example}]}\nchannels: [{channel: inbox}]\n"  # fmt: skip
    return {
        "save_report": lambda: save_report(actor, one(text.replace("Purchases", "Mine")), now=NOW),
        "check_report": lambda: check_report(actor, one(text)),
        "preview": lambda: preview(actor, "purchases", form="csv", now=NOW),
        "data": lambda: data_of(actor, "purchases", "items", now=NOW),
        "save_schedule": lambda: save_schedule(actor, one(schedule), now=NOW),
        "pause": lambda: pause(actor, "buyers-monday", now=NOW),
        "resume": lambda: resume(actor, "buyers-monday", now=NOW),
        "skip": lambda: skip_next(actor, "buyers-monday", now=NOW),
        "remove": lambda: remove(actor, "buyers-monday", now=NOW),
        "run": lambda: run_now(actor, "buyers-monday", now=NOW),
        "stop": lambda: stop(actor, run.pk, now=NOW),
        "dry_run": lambda: dry_run(actor, "buyers-monday", now=NOW),
        "resend": lambda: resend(actor, [delivery.pk], now=NOW),
        "resend_failed": lambda: resend_failed(actor, run.pk, now=NOW),
        "save_dataset": lambda: save_dataset(actor, one(dataset.replace("bought", "taken")), now=NOW),
        "save_channel": lambda: save_channel(actor, one("channel: outbox\nkind: portal\n"), now=NOW),
        "check_channel": lambda: check_channel(actor, "outbox", now=NOW),
    }


@pytest.mark.parametrize("role", ["editor", "publisher"])
def test_no_act_reaches_into_a_closed_workspace(
    ran: Any, actor: Callable[[str], Any], define: Any, cast: Any, role: str
) -> None:
    from broadsheet.access.actions.change_person import change_role
    from broadsheet.compliance.models import Entry
    from broadsheet.core.document.loading import DefinitionError

    change_role(actor("owner"), cast.editor.pk, role=role, now=NOW)
    before = Entry.objects.count()
    done = []
    for name, act in acts(actor("editor"), ran).items():
        try:
            act()
            done.append(name)
        except DefinitionError as error:
            told = {one.message for one in error.problems}
            assert told <= {"There is no report “purchases”.", "There is no dataset “orders”."}, (name, error)
        except Exception as error:
            assert isinstance(error, Refused) or NOT_HERE.match(str(error)), (name, error)
    assert done == []
    assert Entry.objects.count() == before


def test_a_role_on_the_report_is_enough_for_what_it_carries(ran: Any, actor: Callable[[str], Any], grants: Any) -> None:
    from broadsheet.runs.actions.preview import preview
    from broadsheet.schedules.actions.steer import pause

    grants("viewer", "report", "purchases", "publisher")
    pause(actor("viewer"), "buyers-monday", now=NOW)
    assert preview(actor("viewer"), "purchases", form="csv", now=NOW).files
    with pytest.raises(Refused):
        acts(actor("viewer"), ran)["check_report"]()


def test_who_may_make_reports_in_one_workspace_alone_makes_them_there(
    ran: Any, actor: Callable[[str], Any], grants: Any
) -> None:
    from broadsheet.reports.actions.save import save_report
    from broadsheet.reports.models import ReportVersion

    text = ReportVersion.objects.latest("pk").definition.replace("report: purchases", "report: mine")
    with pytest.raises(Refused):
        save_report(actor("viewer"), one(text), now=NOW)
    grants("viewer", "workspace", "back-office", "editor")
    assert save_report(actor("viewer"), one(text), now=NOW) == "added"
    assert seen(actor("viewer"))["versions"] == ["mine", "purchases"]
    assert seen(actor("editor"))["reports"] == []


def test_a_schedule_that_goes_takes_its_grants_along(closed: None, actor: Callable[[str], Any], grants: Any) -> None:
    from broadsheet.access.models import GrantedRole
    from broadsheet.schedules.actions.remove import remove

    grants("viewer", "schedule", "buyers-monday", "editor")
    remove(actor("viewer"), "buyers-monday", now=NOW)
    assert not GrantedRole.objects.filter(kind="schedule").exists()


def named_pages() -> list[str]:
    """Addresses that name nothing: lists, the palette, what is coming, and what everybody has."""
    from django.urls import reverse
    from tests.web.pages.test_rights_of_pages import audience, patterns

    found = []
    for each in patterns():
        if not each.pattern.converters and audience(each) is not None and "journal" not in str(each.name):
            found.append(reverse(f"web:{each.name}"))
    return found


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_no_page_that_names_nothing_shows_it(ran: Any, cast: Any, role: str) -> None:
    from django.test import Client

    client = Client()
    client.force_login(getattr(cast, role), backend="django.contrib.auth.backends.ModelBackend")
    shown = {}
    for address in named_pages():
        answer = client.get(address)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        words = [word for word in ("Purchases", "purchases", "buyers-monday", "Folder of what was sent", "Ada Stone") if word in text.decode("utf-8", "replace")]  # fmt: skip
        if words:
            shown[address] = words
    assert shown == {}


def test_a_role_on_one_dataset_opens_no_other_source(
    shop: dict[str, str], define: Any, actor: Callable[[str], Any], grants: Any, tmp_path: Any
) -> None:
    """Whoever edits one dataset, or those of a workspace, writes queries over what these read, and over nothing else."""
    from broadsheet.core.document.loading import DefinitionError
    from broadsheet.sources.actions.save import save_dataset

    (tmp_path / "hr").mkdir()
    (tmp_path / "hr" / "pay.csv").write_text("who,pay\nEdda,1\n", "utf-8")
    define(f'source: hr\nlabel: People\nengine: duckdb\nsettings: {{files: ["{tmp_path}/hr"]}}\n')
    orders = "dataset: {name}\nsource: {source}\nsql: select * from {table}\nmetrics: {{bought: count(*), spent: count(*)}}\n"
    grants("viewer", "workspace", "back-office", "editor")
    for name in ("orders", "mine"):
        with pytest.raises(DefinitionError, match="There is no source “hr”"):
            save_dataset(actor("viewer"), one(orders.format(name=name, source="hr", table="pay")), now=NOW, force=True)
    mine = one(orders.format(name="mine", source="shop", table="orders"))
    assert save_dataset(actor("viewer"), mine, now=NOW) == "added"

"""Roles of the organization's own, teams, contacts and services: who may make them, and that nobody rises by them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.access.conftest import one
from tests.plugins.django import NOW

from broadsheet.access.actions.add_person import add_person, add_service
from broadsheet.access.actions.change_person import change_role, deactivate, reactivate
from broadsheet.access.actions.grants import give
from broadsheet.access.actions.roles import remove_role, save_role
from broadsheet.access.actions.tokens import issue
from broadsheet.access.errors import AccessError, Conflict, OwnersOnly
from broadsheet.access.queries import actor_of, actor_of_token
from broadsheet.core.document.loading import DefinitionError
from broadsheet.core.policy import Circumstances, may
from broadsheet.core.policy.roles import Refused

CLERK = "role: clerk\npermissions: [report.read, person.read, person.edit, role.edit]\n"


@pytest.mark.feature("COL-06")
def test_it_carries_exactly_what_it_says(define: Any, cast: Any, actor: Callable[[str], Any]) -> None:
    define("role: reader\nlabel: Reader\npermissions: [report.read]\n")
    change_role(actor("admin"), cast.editor.pk, role="reader", now=NOW)
    found = actor("editor")
    assert may(found, "report.read") and not may(found, "report.render") and not may(found, "data.all")
    define("role: reader\npermissions: [report.read, report.render]\n")
    assert may(actor("editor"), "report.render")


@pytest.mark.feature("SEC-09")
def test_a_role_that_somebody_has_stays(define: Any, cast: Any, actor: Callable[[str], Any]) -> None:
    define("role: reader\npermissions: [report.read]\n")
    change_role(actor("admin"), cast.editor.pk, role="reader", now=NOW)
    with pytest.raises(Conflict, match="1 members"):
        remove_role(actor("admin"), "reader", now=NOW)
    change_role(actor("admin"), cast.editor.pk, role="viewer", now=NOW)
    remove_role(actor("admin"), "reader", now=NOW)
    with pytest.raises(AccessError, match="There is no role “reader”"):
        change_role(actor("admin"), cast.editor.pk, role="reader", now=NOW)


@pytest.mark.feature("SEC-06")
def test_nobody_gives_more_than_they_have(shop: object, define: Any, cast: Any, actor: Callable[[str], Any]) -> None:
    define(CLERK)
    change_role(actor("admin"), cast.editor.pk, role="clerk", now=NOW)
    clerk = actor("editor")
    for rise in (
        lambda: change_role(clerk, cast.editor.pk, role="admin", now=NOW),
        lambda: change_role(clerk, cast.viewer.pk, role="editor", now=NOW),
        lambda: add_person(clerk, email="x@x.example", name="X", role="admin", password="a-long-new-password", now=NOW),
        lambda: add_service(clerk, name="robot", role="editor", now=NOW),
        lambda: save_role(clerk, one("role: clerk\npermissions: [report.read, data.all]\n"), now=NOW),
        lambda: save_role(clerk, one("role: more\npermissions: [journal.read]\n"), now=NOW),
        lambda: give(clerk, "report", "purchases", "editor", person=cast.editor.email, now=NOW),
    ):
        with pytest.raises(OwnersOnly):
            rise()
    assert change_role(clerk, cast.viewer.pk, role="clerk", now=NOW) is None


@pytest.mark.feature("SEC-09")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("role: admin\npermissions: [report.read]\n", "“admin” is a built-in role."),
        ("role: r\npermissions: [report.reed]\n", "There is no permission “report.reed”."),
        ("role: r\npermissions: [report.read]\nconditions: [{for: [report.edit], own: true}]\n", "does not carry"),
        ("role: r\npermissions: [report.read]\nconditions: [{own: true}]\n", "Only schedules have owners."),
        ("role: r\npermissions: [report.read]\nconditions: [{}]\n", "This condition says nothing."),
        ("role: r\npermissions: [report.read]\nconditions: [{networks: [ten]}]\n", "“ten” is not a network."),
        ("role: r\npermissions: [report.read]\nconditions: [{hours: always}]\n", "always"),
        ("role: r\npermissions: [report.read]\nconditions: [{hours: '08:00-18:00', zone: Mars}]\n", "Zone “Mars”"),
    ],
)
def test_what_cannot_be_a_role_is_said(actor: Callable[[str], Any], text: str, said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        save_role(actor("admin"), one(text), now=NOW)


@pytest.mark.feature("SEC-06")
@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_others_make_no_roles_teams_workspaces_contacts_or_grants(
    shop: object, actor: Callable[[str], Any], role: str
) -> None:
    from broadsheet.access.actions.teams import save_contact, save_team
    from broadsheet.access.actions.workspaces import save_workspace

    asker = actor(role)
    for act in (
        lambda: save_role(asker, one("role: r\npermissions: [report.read]\n"), now=NOW),
        lambda: save_team(asker, one("team: t\n"), now=NOW),
        lambda: save_contact(asker, one("contact: c\nlabel: C\naddress: c@c.example\n"), now=NOW),
        lambda: save_workspace(asker, one("workspace: w\n"), now=NOW),
        lambda: give(asker, "report", "purchases", "viewer", person="vito@harbour-books.example", now=NOW),
    ):
        with pytest.raises(Refused):
            act()


@pytest.mark.feature("SEC-10")
def test_conditions_hold_for_pages_and_tokens(define: Any, cast: Any, actor: Callable[[str], Any]) -> None:
    define(
        "role: desk\npermissions: [report.read, token.edit]\nconditions: [{for: [report.read], networks: [10.0.0.0/8]}]\n"
    )
    change_role(actor("admin"), cast.editor.pk, role="desk", now=NOW)
    for address, holds in (("10.0.0.9", True), ("192.0.2.1", False), ("", False)):
        found = actor_of(cast.editor, via="page", given=Circumstances(NOW, address))
        assert found and bool(may(found, "report.read")) == holds
    inside = actor_of(cast.editor, via="page", given=Circumstances(NOW, "10.0.0.9"))
    assert inside
    _token, secret = issue(inside, name="t", scopes=["report.read"], days=1, now=NOW)
    for address, holds in (("10.0.0.9", True), ("192.0.2.1", False)):
        asker = actor_of_token(secret, now=NOW, address=address)
        assert asker and bool(may(asker, "report.read")) == holds


@pytest.mark.feature("SEC-03")
def test_a_service_acts_by_its_tokens_alone(actor: Callable[[str], Any], cast: Any) -> None:
    service = add_service(actor("admin"), name="Nightly export", role="viewer", now=NOW)
    assert actor_of(service.user, via="page") is None
    _token, secret = issue(
        actor("admin"), name="t", scopes=["report.read"], days=None, now=NOW, service="Nightly export"
    )
    found = actor_of_token(secret, now=NOW)
    assert found and found.user_id == service.user_id and may(found, "report.read")
    with pytest.raises(AccessError, match=r"does not include report\.edit"):
        issue(actor("admin"), name="t", scopes=["report.edit"], days=None, now=NOW, service="Nightly export")
    with pytest.raises(AccessError, match="There is no service"):
        issue(actor("outsider"), name="t", scopes=["report.read"], days=None, now=NOW, service="Nightly export")
    deactivate(actor("admin"), service.user_id, now=NOW)
    assert actor_of_token(secret, now=NOW) is None


@pytest.mark.feature("BEY-10")
def test_who_is_deactivated_can_do_nothing_and_what_they_own_passes_on(
    shop: object, actor: Callable[[str], Any], cast: Any, token: Callable[..., str], client: Any
) -> None:
    from broadsheet.schedules.models import Schedule

    Schedule.objects.update(owner=cast.editor)
    secret = token("editor")
    client.force_login(cast.editor, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/").status_code == 200
    assert deactivate(actor("admin"), cast.editor.pk, heir=cast.owner.pk, now=NOW) == ["buyers-monday"]
    schedule = Schedule.objects.get()
    assert (schedule.owner_id, schedule.paused_at) == (cast.owner.pk, None)
    assert actor_of(cast.editor, via="page") is None and actor_of_token(secret, now=NOW) is None
    assert client.get("/").status_code == 302  # to sign in, which does not let them in either
    reactivate(actor("admin"), cast.editor.pk, now=NOW)
    assert actor_of_token(secret, now=NOW) is not None


@pytest.mark.feature("BEY-10")
def test_without_an_heir_the_schedules_pause(shop: object, actor: Callable[[str], Any], cast: Any) -> None:
    from broadsheet.schedules.models import Schedule

    Schedule.objects.update(owner=cast.editor)
    deactivate(actor("admin"), cast.editor.pk, now=NOW)
    schedule = Schedule.objects.get()
    assert schedule.owner_id is None and schedule.paused_at is not None


@pytest.mark.feature("BEY-10")
def test_the_last_owner_and_oneself_stay(actor: Callable[[str], Any], cast: Any) -> None:
    with pytest.raises(Conflict):
        deactivate(actor("admin"), cast.admin.pk, now=NOW)
    with pytest.raises(OwnersOnly):
        deactivate(actor("admin"), cast.owner.pk, now=NOW)
    add_person(actor("owner"), email="o2@x.example", name="O", role="owner", password="a-long-new-password", now=NOW)
    from broadsheet.access.models import Membership

    second = Membership.objects.get(user__email="o2@x.example")
    deactivate(actor("owner"), second.user_id, now=NOW)
    with pytest.raises(Conflict):  # who is deactivated does not count as the one who stays
        change_role(actor("owner"), cast.owner.pk, role="admin", now=NOW)


@pytest.mark.feature("SEC-06")
def test_what_is_applied_is_exported_the_same(
    closed: None, define: Any, actor: Callable[[str], Any], cast: Any
) -> None:
    from broadsheet.operations.definitions.apply import apply, export

    define(
        f"role: clerk\nlabel: Clerk\npermissions: [report.read, schedule.edit]\nconditions: [{{for: [schedule.edit], own: true}}]\n"
        f"---\ncontact: ada\nlabel: Ada\naddress: ada@ada.example\nattributes: {{buyer_id: b1}}\n"
        f"---\nteam: sales\nmembers: [{cast.viewer.email}]\ncontacts: [ada]\n"
        "---\ngrants: report-purchases\non: report\nthing: purchases\nto: [{team: sales, role: clerk}]\n"
    )
    files = export(actor("admin"))
    assert {"roles/clerk.yaml", "contacts/ada.yaml", "teams/sales.yaml", "workspaces/back-office.yaml", "grantss/report-purchases.yaml"} <= set(files) or "grants/report-purchases.yaml" in files  # fmt: skip
    assert {change.effect for change in apply(actor("admin"), files, now=NOW)} == {"same"}


@pytest.mark.feature("SEC-10")
def test_only_ones_own_schedules_runs_and_deliveries_are_there(
    shop: object, define: Any, cast: Any, actor: Callable[[str], Any], finish: Callable[..., Any]
) -> None:
    from broadsheet.delivery.queries import deliveries
    from broadsheet.runs.actions.run_now import run_now
    from broadsheet.runs.queries import runs
    from broadsheet.schedules.actions.steer import pause
    from broadsheet.schedules.errors import UnknownSchedule
    from broadsheet.schedules.models import Schedule
    from broadsheet.schedules.queries import schedules

    define(
        "role: own\npermissions: [report.read, schedule.read, schedule.edit, delivery.read]\n"
        "conditions: [{for: [schedule.read, schedule.edit, delivery.read], own: true}]\n"
    )
    change_role(actor("admin"), cast.editor.pk, role="own", now=NOW)
    finish(run_now(actor("admin"), "buyers-monday", now=NOW))

    def seen() -> list[int]:
        return [
            found.count() for found in (schedules(actor("editor")), runs(actor("editor")), deliveries(actor("editor")))
        ]

    for owner in (None, cast.admin):
        Schedule.objects.update(owner=owner)
        assert seen() == [0, 0, 0]
        with pytest.raises(UnknownSchedule):
            pause(actor("editor"), "buyers-monday", now=NOW)
    Schedule.objects.update(owner=cast.editor)
    assert seen() == [1, 1, 3]
    pause(actor("editor"), "buyers-monday", now=NOW)
    Schedule.objects.update(owner=cast.admin)
    give(actor("admin"), "report", "purchases", "viewer", person=cast.editor.email, now=NOW)
    assert seen() == [1, 1, 3]  # by the grant, whose ever they are


@pytest.mark.feature("SEC-06")
def test_nobody_takes_down_who_manages_more(define: Any, cast: Any, actor: Callable[[str], Any]) -> None:
    from broadsheet.access.actions.change_person import remove_person

    define("role: greeter\npermissions: [person.read, person.edit, report.read]\n")
    change_role(actor("admin"), cast.editor.pk, role="greeter", now=NOW)
    greeter = actor("editor")
    for act in (
        lambda: change_role(greeter, cast.admin.pk, role="greeter", now=NOW),
        lambda: deactivate(greeter, cast.admin.pk, now=NOW),
        lambda: remove_person(greeter, cast.admin.pk, now=NOW),
    ):
        with pytest.raises(OwnersOnly):
            act()
    change_role(greeter, cast.viewer.pk, role="greeter", now=NOW)
    deactivate(greeter, cast.viewer.pk, now=NOW)


@pytest.mark.feature("BEY-10")
def test_datasets_pass_on_with_the_schedules(
    shop: object, define: Any, cast: Any, actor: Callable[[str], Any], other_organization: Any
) -> None:
    from broadsheet.sources.actions.pass_on import owned_by
    from broadsheet.sources.models import StoredDataset

    text = StoredDataset.objects.get(name="buyers").definition
    define(f"{text}owner: {cast.editor.email.upper()}\n")
    assert [one.name for one in owned_by(cast.editor.memberships.get().organization_id, cast.editor.email)] == [
        "buyers"
    ]
    deactivate(actor("admin"), cast.editor.pk, heir=cast.owner.pk, now=NOW)
    dataset = StoredDataset.objects.get(name="buyers")
    assert f"owner: {cast.owner.email}" in dataset.definition and dataset.version == 3
    assert owned_by(other_organization.pk, cast.owner.email) == []

"""Nobody rises by themselves: one permission too many, a narrow token or a role on one thing gives no more than it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.access.conftest import one
from tests.plugins.django import NOW

from broadsheet.access.actions.add_person import add_person, add_service
from broadsheet.access.actions.arrange import displace, place, set_open
from broadsheet.access.actions.change_person import change_attributes, change_role
from broadsheet.access.actions.grants import give
from broadsheet.access.actions.roles import save_role
from broadsheet.access.actions.teams import save_contact, save_team
from broadsheet.access.actions.tokens import issue
from broadsheet.access.actions.workspaces import save_workspace
from broadsheet.access.errors import OwnersOnly
from broadsheet.core.policy import may

pytestmark = [pytest.mark.feature("SEC-06"), pytest.mark.usefixtures("shop")]
PEOPLE = "person.read, person.edit, role.edit"


@pytest.fixture
def become(define: Any, cast: Any, actor: Callable[[str], Any]) -> Callable[..., Any]:
    """``become("person.edit, report.read")`` is the viewer with an own role of these permissions, and *more* of it."""

    def make(permissions: str, more: str = "") -> Any:
        define(f"role: odd\npermissions: [{permissions}]\n{more}")
        change_role(actor("admin"), cast.viewer.pk, role="odd", now=NOW)
        return actor("viewer")

    return make


def refused(*acts: Callable[[], Any]) -> None:
    for act in acts:
        with pytest.raises(OwnersOnly):
            act()


@pytest.mark.feature("COL-07")
@pytest.mark.parametrize("role", ["admin", "owner"])
def test_a_token_gives_no_more_than_its_scopes(cast: Any, actor: Callable[[str], Any], role: str) -> None:
    script = replace(actor(role), scopes=frozenset({"person.edit", "person.read", "role.edit", "report.read"}))
    new = {"email": "x@x.example", "name": "X", "password": "a-long-new-password"}
    refused(
        lambda: add_person(script, **new, role=role, now=NOW),
        lambda: change_role(script, cast.viewer.pk, role="editor", now=NOW),
        lambda: save_role(script, one("role: more\npermissions: [report.read, data.all]\n"), now=NOW),
        lambda: give(script, "report", "purchases", "editor", person=cast.viewer.email, now=NOW),
    )
    assert save_role(script, one("role: less\npermissions: [report.read]\n"), now=NOW) == "added"


@pytest.mark.feature("SEC-10")
def test_what_one_may_do_with_ones_own_is_not_given_for_all(become: Any, define: Any, cast: Any) -> None:
    asker = become(
        f"{PEOPLE}, report.read, schedule.read, schedule.edit", "conditions: [{for: [schedule.edit], own: true}]\n"
    )
    refused(
        lambda: save_role(asker, one("role: more\npermissions: [schedule.edit]\n"), now=NOW),
        lambda: save_role(asker, one(f"role: odd\npermissions: [{PEOPLE}, schedule.edit]\n"), now=NOW),
    )
    define("role: scheduler\npermissions: [schedule.edit]\n---\nrole: reader\npermissions: [schedule.read]\n")
    refused(lambda: give(asker, "report", "purchases", "scheduler", person=cast.viewer.email, now=NOW))
    assert give(asker, "report", "purchases", "reader", person=cast.editor.email, now=NOW) == "added"


@pytest.mark.feature("SEC-10")
def test_nobody_takes_the_conditions_off_their_own_role(
    become: Any, define: Any, cast: Any, actor: Callable[[str], Any]
) -> None:
    more = "conditions: [{for: [report.read], hours: '00:00-24:00'}]\n"
    asker = become(f"{PEOPLE}, report.read", more)
    define(f"role: same\npermissions: [{PEOPLE}, report.read]\n")
    assert may(asker, "report.read")
    refused(
        lambda: save_role(asker, one(f"role: odd\npermissions: [{PEOPLE}, report.read]\n"), now=NOW),
        lambda: change_role(asker, cast.viewer.pk, role="same", now=NOW),
    )
    assert save_role(asker, one(f"role: odd\nlabel: Odd\npermissions: [{PEOPLE}, report.read]\n{more}"), now=NOW)


def test_a_role_is_changed_by_who_has_all_that_it_carries(become: Any, define: Any) -> None:
    define("role: keepers\npermissions: [journal.read]\n")
    asker = become(f"{PEOPLE}, report.read")
    refused(lambda: save_role(asker, one("role: keepers\npermissions: [report.read]\n"), now=NOW))


@pytest.mark.feature("SEC-08")
@pytest.mark.usefixtures("closed")
def test_a_role_on_a_closed_thing_is_not_raised_by_what_one_may_elsewhere(
    become: Any, define: Any, cast: Any, actor: Callable[[str], Any], grants: Any
) -> None:
    """Who edits reports elsewhere and only looks at this one gives nobody the right to edit it: not by a grant, a team that
    has one, or the role that was granted."""
    define("role: guest\npermissions: [report.read]\n")
    become(f"{PEOPLE}, report.read, report.edit, source.read, channel.read, schedule.read")
    grants("viewer", "report", "purchases", "guest")
    define(
        "team: writers\n---\nrole: writer\npermissions: [report.read, report.edit]\n---\n"
        "grants: report-purchases\non: report\nthing: purchases\n"
        f"to: [{{team: writers, role: writer}}, {{person: {cast.viewer.email}, role: guest}}]\n"
    )
    asker = actor("viewer")
    refused(
        lambda: give(asker, "report", "purchases", "writer", person=cast.viewer.email, now=NOW),
        lambda: save_team(asker, one(f"team: writers\nmembers: [{cast.viewer.email}]\n"), now=NOW),
        lambda: save_role(asker, one("role: guest\npermissions: [report.read, report.edit]\n"), now=NOW),
    )
    assert give(asker, "report", "purchases", "guest", person=cast.editor.email, now=NOW) == "changed"
    assert save_role(asker, one("role: guest\nlabel: Guest\npermissions: [report.read]\n"), now=NOW) == "changed"


@pytest.mark.feature("SEC-07")
def test_who_may_not_see_all_rows_hands_none_out(become: Any, define: Any, cast: Any) -> None:
    ada = "contact: ada\nlabel: Ada\naddress: {address}\nattributes: {{buyer_id: {buyer}}}\n"
    define(ada.format(address="ada@ada.example", buyer="b1"))
    asker = become("person.read, person.edit, contact.read, contact.edit, report.read")
    refused(
        lambda: change_attributes(asker, cast.viewer.pk, attributes={"buyer_id": "b2"}, now=NOW),
        lambda: save_contact(asker, one(ada.format(address="ada@ada.example", buyer="b2")), now=NOW),
        lambda: save_contact(asker, one(ada.format(address="vito@x.example", buyer="b1")), now=NOW),
        lambda: save_contact(asker, one(ada.format(address="v@x.example", buyer="b1").replace("ada\n", "v\n", 1)), now=NOW),
    )  # fmt: skip
    change_attributes(asker, cast.viewer.pk, attributes={}, now=NOW)
    assert save_contact(asker, one("contact: bo\nlabel: Bo\naddress: bo@bo.example\n"), now=NOW) == "added"
    renamed = ada.format(address="ada@ada.example", buyer="b1").replace("label: Ada", "label: Ada Stone")
    assert save_contact(asker, one(renamed), now=NOW) == "changed"


@pytest.mark.feature("SEC-07")
def test_what_lifts_rules_and_masks_is_given_by_who_has_it(
    become: Any, define: Any, cast: Any, shop: dict[str, str], actor: Callable[[str], Any]
) -> None:
    text = shop["shop.yaml"].replace(
        "equals: reader.buyer_id}", "equals: reader.buyer_id, unless: role.auditor}", 1
    ).replace("item: text}", "item: {kind: text, mask: {show: full, clear: team.support}}}", 1)  # fmt: skip
    define(text)
    define(
        "role: auditor\npermissions: [report.read]\n---\nrole: other\npermissions: [report.read]\n---\nteam: support\n"
    )
    asker = become(f"{PEOPLE}, report.read")
    refused(
        lambda: change_role(asker, cast.editor.pk, role="auditor", now=NOW),
        lambda: save_team(asker, one(f"team: support\nmembers: [{cast.viewer.email}]\n"), now=NOW),
    )
    change_role(asker, cast.editor.pk, role="other", now=NOW)
    assert save_team(asker, one(f"team: others\nmembers: [{cast.viewer.email}]\n"), now=NOW) == "added"
    define(f"team: support\nmembers: [{cast.viewer.email}]\n")
    joined = f"team: support\nmembers: [{cast.viewer.email}, {cast.editor.email}]\n"
    assert save_team(actor("viewer"), one(joined), now=NOW) == "changed"


@pytest.mark.feature("SEC-08")
@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    "act",
    [
        lambda asker: set_open(asker, "back-office", open=True, now=NOW),
        lambda asker: displace(asker, "back-office", "report", ["purchases"], now=NOW),
        lambda asker: place(asker, "hall", "report", ["purchases"], now=NOW),
        lambda asker: save_workspace(asker, one("workspace: square\nreports: [purchases]\n"), now=NOW),
        lambda asker: place(asker, "mine", "dataset", ["buyers"], now=NOW),
    ],
    ids=["open", "take out", "also in an open one", "in a new one", "where one has more"],
)
def test_nobody_opens_what_is_closed_nor_moves_it_where_they_have_more(
    become: Any, define: Any, actor: Callable[[str], Any], grants: Any, act: Callable[[Any], Any]
) -> None:
    become("workspace.edit, report.read, report.edit, source.read, channel.read")
    define("workspace: hall\n---\nworkspace: mine\n---\nworkspace: dark\nopen: false\n")
    grants("viewer", "workspace", "back-office", "viewer")
    grants("viewer", "workspace", "dark", "viewer")
    grants("viewer", "workspace", "mine", "editor")
    refused(lambda: act(actor("viewer")))
    assert place(actor("viewer"), "hall", "dataset", ["buyers"], now=NOW) == "changed"
    assert place(actor("viewer"), "dark", "report", ["purchases"], now=NOW) == "changed"  # closed there, too
    assert act(actor("admin")) in {"added", "changed"}


@pytest.mark.feature("SEC-03")
@pytest.mark.usefixtures("closed")
def test_a_token_of_a_service_is_issued_by_who_has_what_the_service_has(
    become: Any, define: Any, cast: Any, actor: Callable[[str], Any]
) -> None:
    """Whoever holds it acts as the service: on what was granted to it, by itself or its team, and with its rows."""
    services = {
        name: add_service(actor("admin"), name=name, role="viewer", now=NOW) for name in ("Bot", "Reader", "Crew")
    }
    change_attributes(actor("admin"), services["Reader"].user_id, attributes={"buyer_id": "b2"}, now=NOW)
    give(actor("admin"), "report", "purchases", "viewer", person=services["Bot"].user.email, now=NOW)
    define(f"team: crew\nmembers: [{services['Crew'].user.email}]\n")
    give(actor("admin"), "report", "purchases", "viewer", team="crew", now=NOW)
    asker = become(
        "person.edit, token.edit, person.read, report.read, report.render, report.export, schedule.read, delivery.read, "
        "source.read, channel.read, brand.read"
    )
    for name in services:
        with pytest.raises(OwnersOnly):
            issue(asker, name="t", scopes=["report.read"], days=1, now=NOW, service=name)
        assert issue(actor("admin"), name="t", scopes=["report.read"], days=1, now=NOW, service=name)
    add_service(actor("admin"), name="Plain", role="viewer", now=NOW)
    assert issue(asker, name="t", scopes=["report.read"], days=1, now=NOW, service="Plain")


@pytest.mark.feature("SEC-10")
def test_nobody_takes_over_schedules_to_do_more_with_them(become: Any, cast: Any, actor: Callable[[str], Any]) -> None:
    from broadsheet.schedules.actions.hand_over import hand_over
    from broadsheet.schedules.models import Schedule

    Schedule.objects.update(owner=cast.editor)
    own = "conditions: [{for: [schedule.edit], own: true}]\n"
    asker = become(f"{PEOPLE}, report.read, schedule.read, schedule.edit", own)
    refused(lambda: hand_over(asker, cast.editor.pk, to=cast.viewer.pk, now=NOW))
    assert hand_over(asker, cast.editor.pk, to=cast.admin.pk, now=NOW) == ["buyers-monday"]

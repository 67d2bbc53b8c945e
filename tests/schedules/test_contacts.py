"""Reports for people without an account, by name and by team: each gets what their attributes give, and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.plugins.django import NOW

from broadsheet.core.document.loading import DefinitionError

pytestmark = [pytest.mark.feature("BEY-05"), pytest.mark.feature("PER-17"), pytest.mark.feature("DLV-15")]
PEOPLE = """\
contact: ada
label: Ada Stone
address: ada@ada.example
language: de
zone: Europe/London
currency: GBP
formats: [csv]
attributes: {buyer_id: b1}
---
contact: bo
label: Bo Reed
address: bo@bo.example
formats: [csv]
attributes: {buyer_id: b2}
---
contact: nobody
label: No Attribute
address: no@no.example
formats: [csv]
---
team: buyers
members: [EMAIL]
contacts: [ada, nobody]
---
schedule: to-team
report: purchases
when: {every: day, at: "08:00"}
audience: {contacts: [ada, bo], teams: [buyers], defaults: {formats: [csv]}}
channels: [{channel: outbox}]
"""


@pytest.fixture
def team(shop: object, actor: Callable[[str], Any], cast: Any) -> None:
    """Ada and Bo by name; Ada, Vito (buyer 3) and one without attributes by the team."""
    from broadsheet.access.actions.change_person import change_attributes
    from broadsheet.operations.definitions.apply import apply

    change_attributes(actor("admin"), cast.viewer.pk, attributes={"buyer_id": "b3"}, now=NOW)
    apply(actor("admin"), {"people.yaml": PEOPLE.replace("EMAIL", cast.viewer.email)}, now=NOW)


def sent(actor: Any, finish: Callable[..., Any]) -> dict[str, str]:
    """The text of each recipient's file, by their key."""
    from broadsheet.delivery.models import Delivery
    from broadsheet.runs.actions.run_now import run_now
    from broadsheet.runs.queries import files
    from broadsheet.runs.store import artifact_store

    run = finish(run_now(actor, "to-team", now=NOW, given={"period": "2026-10"}))
    return {
        one.recipient_key: artifact_store().get(files(one.slice_id, ["csv"])[0].artifact.sha256).decode("utf-8-sig")
        for one in Delivery.objects.filter(occurrence=run)
    }


def test_each_gets_their_own_rows_once(
    team: None, actor: Callable[[str], Any], finish: Callable[..., Any], cast: Any
) -> None:
    found = sent(actor("admin"), finish)
    assert set(found) == {"ada", "bo", f"user:{cast.viewer.pk}"}  # and Ada once, who is named and in the team
    assert "30" in found["ada"] and "Atlas" in found["ada"] and "100" not in found["ada"]
    assert "20" in found["bo"] and "Atlas" not in found["bo"]
    assert "100" in found[f"user:{cast.viewer.pk}"] and "30" not in found[f"user:{cast.viewer.pk}"]


def test_who_lacks_what_the_rows_ask_for_is_told_to_the_owner(team: None, organization: Any) -> None:
    from broadsheet.schedules.definition import AudienceDefinition
    from broadsheet.schedules.needs import needed_by, with_what_it_needs
    from broadsheet.schedules.recipients import recipients

    found = recipients(organization.pk, AudienceDefinition(teams=["buyers"]), as_of=NOW)
    whole = with_what_it_needs(found, needed_by(organization.pk, "purchases"))
    assert [one.who for one in whole.invalid] == ["No Attribute"]
    ada = next(one for one in whole.readers if one.key == "ada")
    assert (ada.language, ada.zone, ada.currency, dict(ada.attributes)) == ("de", "Europe/London", "GBP", {"buyer_id": "b1"})  # fmt: skip


def test_who_left_or_is_not_active_gets_nothing(
    team: None, actor: Callable[[str], Any], finish: Callable[..., Any], cast: Any
) -> None:
    from broadsheet.access.actions.change_person import deactivate
    from broadsheet.access.models import Contact

    Contact.objects.filter(name="bo").update(active=False)
    deactivate(actor("admin"), cast.viewer.pk, now=NOW)
    assert set(sent(actor("admin"), finish)) == {"ada"}


def test_names_that_are_not_there_are_said(shop: object, actor: Callable[[str], Any], cast: Any) -> None:
    from broadsheet.operations.definitions.apply import apply

    text = PEOPLE.replace("EMAIL", cast.viewer.email).replace("[ada, bo], teams: [buyers]", "[adda], teams: [buyer]")
    with pytest.raises(DefinitionError) as error:
        apply(actor("admin"), {"people.yaml": text}, now=NOW)
    said = [(one.path, one.message, one.fix) for one in error.value.problems]
    assert said[0] == ("audience.contacts.0", "There is no contact “adda”.", "Did you mean “ada”?")
    assert said[1] == ("audience.teams.0", "There is no team “buyer”.", "Did you mean “buyers”?")


def test_another_organizations_contacts_are_not_there(team: None, other_organization: Any) -> None:
    from broadsheet.schedules.definition import AudienceDefinition
    from broadsheet.schedules.recipients import recipients

    asked = AudienceDefinition(contacts=["ada"], teams=["buyers"])
    assert recipients(other_organization.pk, asked, as_of=NOW).readers == ()


def test_an_audience_cannot_say_what_role_somebody_has(organization: Any) -> None:
    from broadsheet.schedules.definition import AudienceDefinition
    from broadsheet.schedules.recipients import recipients

    people = [{"name": "Mal", "address": "m@m.example", "attributes": {"role.finance": True, "area": "x"}}]
    [reader] = recipients(organization.pk, AudienceDefinition.model_validate({"people": people}), as_of=NOW).readers
    assert dict(reader.attributes) == {"area": "x"}


def test_the_list_of_the_form_reads_and_writes_them() -> None:
    from broadsheet.web.pages.schedules.people import group_words, groups_from

    text, found = groups_from("team: Buyers\nAda, ada@ada.example\nContact:bo")
    assert (text, found) == ("\nAda, ada@ada.example\n", {"teams": ["buyers"], "contacts": ["bo"]})
    assert group_words(found) == "team: buyers\ncontact: bo"


def test_a_report_can_be_looked_at_as_a_contact(team: None, actor: Callable[[str], Any]) -> None:
    from broadsheet.core.policy.roles import Refused
    from broadsheet.runs.actions.preview import preview

    made = preview(
        actor("editor"), "purchases", form="csv", now=NOW, recipient="contact:bo", given={"period": "2026-10"}
    )
    assert b"Novel" in made.files["csv"] and b"Atlas" not in made.files["csv"]
    with pytest.raises(Refused):
        preview(actor("viewer"), "purchases", form="csv", now=NOW, recipient="contact:bo")


@pytest.mark.feature("SEC-07")
def test_who_may_not_see_all_rows_cannot_send_themselves_others(
    team: None, actor: Callable[[str], Any], cast: Any
) -> None:
    """A publisher schedules for contacts, teams and datasets; attributes written by hand would be anybody's rows."""
    from broadsheet.access.actions.change_person import change_role
    from broadsheet.core.document.loading import load
    from broadsheet.schedules.actions.save import save_schedule

    change_role(actor("owner"), cast.viewer.pk, role="publisher", now=NOW)
    text = "schedule: s\nreport: purchases\nwhen: {every: day, at: '08:00'}\nchannels: [{channel: inbox}]\naudience: "
    mine = "{people: [{name: Vito, address: vito@harbour-books.example, attributes: {buyer_id: b2}}]}"
    with pytest.raises(DefinitionError, match="Attributes decide which rows somebody gets"):
        save_schedule(actor("viewer"), load(text + mine, file="t")[0], now=NOW)
    assert save_schedule(actor("viewer"), load(text + "{contacts: [ada]}", file="t")[0], now=NOW) == "added"
    assert save_schedule(actor("editor"), load(text + mine, file="t")[0], now=NOW) == "changed"


@pytest.mark.feature("SEC-07")
def test_who_may_not_see_all_rows_makes_no_audience_of_them(
    team: None, actor: Callable[[str], Any], cast: Any, shop: dict[str, str]
) -> None:
    """An audience is asked for everybody's rows, unmasked, and stands in the ledger: not from a dataset with rules, masks or
    a least size. Who only moves the hour leaves the audience as it was."""
    from broadsheet.access.actions.change_person import change_role
    from broadsheet.core.document.loading import load
    from broadsheet.operations.definitions.apply import apply
    from broadsheet.schedules.actions.save import save_schedule

    def save(by: str, hour: str, audience: str) -> str:
        text = f"schedule: s\nreport: purchases\nwhen: {{every: day, at: '{hour}'}}\nchannels: [{{channel: inbox}}]\n"
        return save_schedule(actor(by), load(f"{text}audience: {audience}", file="t")[0], now=NOW)

    change_role(actor("owner"), cast.viewer.pk, role="publisher", now=NOW)
    orders = "{dataset: orders, key: item, attributes: [buyer_id]}"
    with pytest.raises(DefinitionError, match="shows everybody their own rows"):
        save("viewer", "08:00", orders)
    buyers = "{dataset: buyers, key: buyer_id, name: contact, attributes: [buyer_id]}"
    assert save("viewer", "08:00", buyers) == "added"
    masked = shop["shop.yaml"].replace("contact: text", "contact: {kind: text, mask: {show: full}}")
    apply(actor("owner"), {"shop.yaml": masked}, now=NOW)
    assert save("viewer", "09:00", buyers) == "changed"
    with pytest.raises(DefinitionError, match="“contact” of “buyers” is masked"):
        save("viewer", "09:00", buyers.replace("[buyer_id]", "[buyer_id, email]"))
    few = masked.replace("metrics: {buyers: count(*)}", "metrics: {buyers: count(*)}\nsmallest: 2")
    apply(actor("owner"), {"shop.yaml": few}, now=NOW)
    with pytest.raises(DefinitionError, match="“buyers” shows everybody their own rows"):
        save("viewer", "09:00", buyers.replace("name: contact, ", ""))
    assert save("editor", "09:00", orders) == "changed"


@pytest.mark.feature("BEY-10")
def test_who_is_deactivated_gets_nothing_however_named(
    team: None, actor: Callable[[str], Any], cast: Any, organization: Any
) -> None:
    """By the team they drop out; by their address in a list they are told to the owner."""
    from broadsheet.access.actions.change_person import deactivate
    from broadsheet.schedules.definition import AudienceDefinition
    from broadsheet.schedules.recipients import recipients

    people = [{"name": "Vito", "address": cast.viewer.email.upper()}, {"name": "X", "address": "x@x.example"}]
    asked = AudienceDefinition.model_validate({"people": people})
    assert len(recipients(organization.pk, asked, as_of=NOW).readers) == 2
    deactivate(actor("admin"), cast.viewer.pk, now=NOW)
    found = recipients(organization.pk, asked, as_of=NOW)
    assert [one.name for one in found.readers] == ["X"]
    assert [one.message for one in found.invalid] == ["Vito is a member who is deactivated."]

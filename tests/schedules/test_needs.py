"""A schedule over a report with row rules gives each reader what the rules compare, or is refused."""

from __future__ import annotations

import pytest
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.core.document.loading import DefinitionError
from broadsheet.operations.definitions.apply import apply
from broadsheet.runs.actions.plan import plan
from broadsheet.runs.actions.preview import PreviewError, reader_for
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.readers import reader_of_schedule, readers_of
from broadsheet.schedules.definition import AudienceDefinition, People
from broadsheet.schedules.errors import ScheduleError
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.needs import lacking

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SEC-07")]
MESSAGE = "The report shows rows by reader.buyer_id, and this audience does not give it."
FIX = "Add buyer_id to attributes."


@pytest.fixture
def careless(organization, shop) -> Schedule:
    """A schedule saved before the rule was: like the shop's, named to come first, and without attributes."""
    good = Schedule.objects.get(organization=organization, name="buyers-monday")
    audience = {key: value for key, value in good.definition["audience"].items() if key != "attributes"}
    return Schedule.objects.create(
        organization=organization, name="a-careless-one", title="Careless", report=good.report,
        definition={**good.definition, "audience": audience}, created_at=NOW, updated_at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    "audience",
    [
        "{dataset: buyers, key: buyer_id, address: email}",
        "{dataset: buyers, key: buyer_id, address: email, attributes: [buyer]}",
        "{people: [{name: Ada, attributes: {buyer_id: b1}}, {name: Bo}]}",
    ],
)
def test_a_schedule_that_lacks_an_attribute_of_the_row_rules_is_refused(organization, shop, audience: str) -> None:
    text = (
        'schedule: mine\nreport: purchases\nwhen: {every: day, at: "08:00"}\n'
        f"audience: {audience}\nchannels: [{{channel: inbox}}]\n"
    )
    with pytest.raises(DefinitionError) as caught:
        apply(system_actor(organization.pk), {"mine.yaml": text}, now=NOW)
    [problem] = caught.value.problems
    assert (problem.message, problem.fix) == (MESSAGE, FIX)


def test_what_lacks_can_be_asked_for_before_saving(organization, shop) -> None:
    def lacks(audience: AudienceDefinition, report: str = "purchases") -> tuple[str, ...]:
        return lacking(organization.pk, report=report, audience=audience)

    assert lacks(AudienceDefinition(dataset="buyers", key="buyer_id")) == ("buyer_id",)
    assert lacks(AudienceDefinition(dataset="buyers", key="buyer_id", attributes=["buyer_id"])) == ()
    assert lacks(AudienceDefinition(people=[People(name="Ada", attributes={"buyer_id": "b1"})])) == ()
    assert lacks(AudienceDefinition(people=[People(name="Ada")]), report="nothing") == ()


def test_a_run_of_a_schedule_saved_before_lists_them_as_invalid(organization, careless) -> None:
    run = run_now(system_actor(organization.pk), careless.name, now=NOW)
    run.owner = "test"
    run.save()
    plan(run, clock=lambda: NOW)
    run.refresh_from_db()
    assert [(one["row"], one["who"], one["message"], one["fix"]) for one in run.invalid] == [
        (1, "Ada Stone", MESSAGE, FIX), (2, "Bo Reed", MESSAGE, FIX), (3, "Cy Blum", MESSAGE, FIX),
    ]  # fmt: skip
    assert run.deliveries.count() == 0


def test_a_careless_schedule_empties_nobody_s_preview(organization, careless) -> None:
    actor = system_actor(organization.pk)
    reader, _ = reader_for(actor, "purchases", "b1", now=NOW)
    assert reader.attributes["buyer_id"] == "b1"
    assert {one.schedule for one in readers_of(actor, "purchases", now=NOW)} == {"Purchases, Mondays"}
    with pytest.raises(ScheduleError, match="does not give it"):
        reader_of_schedule(actor, careless, "b1", now=NOW)


def test_the_only_schedule_being_careless_is_said(organization, careless) -> None:
    Schedule.objects.exclude(pk=careless.pk).delete()
    with pytest.raises(PreviewError, match="“a-careless-one”: The report shows rows by reader"):
        reader_for(system_actor(organization.pk), "purchases", "b1", now=NOW)

"""What starts, or takes over, what one does not reach: channels in closed workspaces, and schedules that listen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.plugins.django import NOW
from tests.runs.conftest import MEMORY, change, memory  # noqa: F401

from broadsheet.access.models import Placement, Workspace
from broadsheet.access.queries import system_actor
from broadsheet.access.reach import closed_away
from broadsheet.core.document.loading import DefinitionError, load
from broadsheet.core.policy.roles import Refused
from broadsheet.delivery.models import StoredChannel
from broadsheet.reports.models import Report
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.actions.save import save_schedule
from broadsheet.schedules.actions.send_event import send_event
from broadsheet.schedules.events_seen import events
from broadsheet.schedules.planning.foreseeing import TooMuch, WhatIf, foresee

pytestmark = pytest.mark.django_db(transaction=True)
RETRY = "policies: {retry: {tries: 3, first_seconds: 60}}"
LISTENS = "on_event: {event: import.finished}\nchannels:"


@pytest.fixture
def closed(change, organization) -> Workspace:  # noqa: F811
    """A workspace that no editor enters."""
    return Workspace.objects.create(organization=organization, name="closed", open=False, updated_at=NOW)


def place(workspace: Workspace, kind: str, key: int) -> None:
    Placement.objects.create(workspace=workspace, kind=kind, object_id=key)


@pytest.mark.feature("SCH-08")
@pytest.mark.parametrize("channel", ["outbox", "nowhere"])
def test_a_fallback_that_its_author_does_not_reach_is_not_there(closed, actor, channel: str) -> None:
    place(closed, "channel", StoredChannel.objects.get(name="outbox").pk)
    text = MEMORY.split("---\n")[1].replace(RETRY, f"policies: {{fallback: {{channel: {channel}}}}}")
    with pytest.raises(DefinitionError, match=f"There is no channel “{channel}”"):
        save_schedule(actor("editor"), load(text, file="s")[0], now=NOW)


@pytest.mark.feature("SEC-06")
def test_rows_name_no_channel_of_a_closed_workspace_where_the_report_is_not(closed, organization) -> None:
    channel, report = StoredChannel.objects.get(name="outbox").pk, Report.objects.get(name="purchases").pk
    place(closed, "channel", channel)
    assert closed_away(organization.pk, "channel", report) == {channel}
    place(closed, "report", report)
    assert closed_away(organization.pk, "channel", report) == frozenset()
    Placement.objects.filter(kind="report").delete()
    hall = Workspace.objects.create(organization=organization, name="hall", open=True, updated_at=NOW)
    place(hall, "channel", channel)  # there everybody reaches it
    assert closed_away(organization.pk, "channel", report) == frozenset()


@pytest.mark.feature("SCH-18")
def test_who_runs_their_own_alone_starts_nobody_elses_by_an_event(change, actor) -> None:  # noqa: F811
    change("channels:", LISTENS)
    own = replace(actor("editor"), only_own=frozenset({"schedule.run"}))
    with pytest.raises(Refused, match="everybody's"):
        send_event(own, "import.finished", now=NOW)
    assert not Occurrence.objects.filter(kind="event").exists()


@pytest.mark.feature("SCH-18")
def test_the_list_of_events_names_nothing_of_a_closed_workspace(closed, change, actor, organization) -> None:  # noqa: F811
    change("channels:", LISTENS)
    send_event(system_actor(organization.pk), "import.finished", now=NOW)
    place(closed, "report", Report.objects.get(name="purchases").pk)
    [seen] = events(actor("editor"))
    assert (list(seen.starts.all()), seen.number_of_starts) == ([], 0)
    assert not events(actor("editor"), schedule="by-memory").exists()
    [all_of_it] = events(system_actor(organization.pk), schedule="by-memory")
    assert (len(all_of_it.starts.all()), all_of_it.number_of_starts) == (1, 1)


@pytest.mark.feature("BEY-08")
@pytest.mark.parametrize(
    "what_if",
    [WhatIf(add=(("by-memory", 300_000), ("buyers-monday", -300_000))), WhatIf(move=(("by-memory", 10**12),))],
)
def test_a_simulation_of_more_than_can_be_reckoned_is_refused_at_once(change, organization, what_if) -> None:  # noqa: F811
    with pytest.raises(TooMuch):
        foresee(system_actor(organization.pk), since=NOW.date(), days=7, what_if=what_if, now=NOW)

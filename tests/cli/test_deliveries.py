"""The ledger by command: ids to go on with, states that exist, and what to do while a run is still being retried."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from click.testing import Result
from tests.plugins.django import NOW
from typer.testing import CliRunner

from broadsheet.access.queries import system_actor
from broadsheet.cli.main import app
from broadsheet.delivery.models import Delivery
from broadsheet.runs.actions.run_now import run_now
from broadsheet.runs.models import Occurrence

pytestmark = pytest.mark.feature("DLV-16")


def said(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--organization", "harbour-books"], env={"COLUMNS": "200"})


@pytest.fixture
def ended(organization, shop, finish) -> Occurrence:
    """A run of the shop's three buyers; the first delivery failed, and the second is being retried."""
    run = finish(run_now(system_actor(organization.pk), "buyers-monday", now=NOW))
    first, second, _ = Delivery.objects.filter(occurrence=run).order_by("pk")
    Delivery.unchecked.filter(pk=first.pk).update(state="failed")
    Delivery.unchecked.filter(pk=second.pk).update(
        state="retrying", next_try_at=NOW + timedelta(hours=1), settled_at=None
    )
    return run


def test_ids_are_listed_alone_and_begin_the_table(ended: Occurrence) -> None:
    [failed] = said("deliveries", "--state", "failed", "--ids").stdout.split()
    assert Delivery.objects.get(pk=UUID(failed)).state == "failed"
    table = said("deliveries", "--state", "failed").stdout.splitlines()
    assert "Fired, UTC" in table[0]
    assert table[1].split()[0] == failed[:8]


def test_a_state_that_is_none_is_refused_with_those_there_are(ended: Occurrence) -> None:
    result = said("deliveries", "--state", "failed,acepted")
    assert result.exit_code == 2
    assert "There is no state “acepted”." in result.stderr
    assert "Did you mean “accepted”?" in result.stderr
    assert "unconfirmed" in result.stderr


def test_the_beginning_of_an_id_is_enough(ended: Occurrence) -> None:
    failed = Delivery.objects.get(state="failed")
    assert said("resend", str(failed.pk)[:8]).exit_code == 0
    failed.refresh_from_db()
    assert failed.state == "due"
    assert "No delivery has an id" in said("resend", "00000000").stderr
    assert "is not an id" in said("resend", "abc").stderr


def test_a_run_that_is_being_retried_says_so_and_how_to_be_quicker(ended: Occurrence) -> None:
    Delivery.unchecked.filter(state="failed").update(state="accepted")
    result = said("resend", "--run", str(ended.pk))
    told = " ".join(result.stderr.split())
    assert result.exit_code == 2
    assert "1 of it is being retried by itself, next at 24 Nov 10:00 UTC." in told
    assert f"broadsheet deliveries --run {ended.pk} --state retrying --ids | xargs broadsheet resend" in told

"""States are written in one place, and only by the machines' ways; what comes too late changes nothing."""

from __future__ import annotations

import pytest

from broadsheet.core.lifecycle import DELIVERY, OCCURRENCE, SLICE, VERDICT, InvalidTransition
from broadsheet.delivery.models import Delivery
from broadsheet.runs.models import Occurrence, Slice
from broadsheet.runs.models.stateful import StatefulQuerySet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("BEY-01")]


@pytest.fixture
def as_in_service(monkeypatch) -> None:
    """Not as in tests, where an impossible change is a fault of the code under test."""
    monkeypatch.setattr(StatefulQuerySet, "strict", False)


def test_the_rows_of_runs_slices_and_deliveries_have_machines() -> None:
    assert Occurrence.MACHINES == {"state": OCCURRENCE}
    assert Slice.MACHINES == {"state": SLICE, "verdict": VERDICT}
    assert Delivery.MACHINES == {"state": DELIVERY}


def test_what_is_accepted_stays_so_whoever_says_otherwise(run, finish, as_in_service) -> None:
    ended = finish(run())
    for state in DELIVERY.states:
        assert ended.deliveries.update(state=state, reason="late") == 0
        assert Delivery.objects.filter(occurrence=ended).update(state=state, reason="late") == 0
    assert set(ended.deliveries.values_list("state", "reason")) == {("accepted", "")}


def test_of_many_rows_those_change_that_can(run, finish, as_in_service) -> None:
    ended = finish(run())
    first = ended.deliveries.first()
    Delivery.unchecked.filter(pk=first.pk).update(state="failed")
    assert ended.deliveries.update(state="due") == 1
    assert sorted(ended.deliveries.values_list("state", flat=True)) == ["accepted", "accepted", "due"]


def test_a_fault_of_ours_is_told_in_tests(run) -> None:
    asked = run()
    with pytest.raises(InvalidTransition, match="A run that is due cannot become accepted"):
        Occurrence.objects.filter(pk=asked.pk).update(state="accepted")
    with pytest.raises(ValueError, match="'gone' is not a valid"):
        Occurrence.objects.filter(pk=asked.pk).update(state="gone")


def test_a_row_is_not_saved_against_its_machine(run, finish) -> None:
    made = finish(run()).slices.first()
    made.state = "due"
    made.save(update_fields=["error"])  # which does not write the state
    with pytest.raises(InvalidTransition, match="A slice that is made cannot become due"):
        made.save(update_fields=["state"])
    assert Slice.objects.get(pk=made.pk).state == "made"


def test_what_was_loaded_without_its_state_can_be_saved(run) -> None:
    asked = Occurrence.objects.only("pk", "error").get(pk=run().pk)
    asked.error = "Noted."
    asked.save(update_fields=["error"])
    assert Occurrence.objects.get(pk=asked.pk).error == "Noted."

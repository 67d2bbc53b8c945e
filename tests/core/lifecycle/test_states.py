"""Runs end as what their deliveries are, and never better."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.lifecycle import Delivery, InvalidTransition, Occurrence, moved, outcome
from broadsheet.core.lifecycle.states import DELIVERY_NEXT, DELIVERY_OPEN

D, RUN = Delivery, Occurrence
pytestmark = pytest.mark.feature("BEY-01")


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], RUN.SKIPPED),
        ([D.ACCEPTED] * 3, RUN.ACCEPTED),
        ([D.ACCEPTED, D.FAILED], RUN.PARTIAL),
        ([D.ACCEPTED, D.SUPPRESSED], RUN.ACCEPTED),
        ([D.ACCEPTED, D.SUPPRESSED, D.SKIPPED], RUN.PARTIAL),
        ([D.SKIPPED, D.SUPPRESSED], RUN.SKIPPED),
        ([D.DUE, D.SUPPRESSED], RUN.RUNNING),
        ([D.ACCEPTED, D.UNCONFIRMED], RUN.PARTIAL),
        ([D.FAILED, D.UNCONFIRMED], RUN.UNCONFIRMED),
        ([D.FAILED, D.SUPPRESSED], RUN.FAILED),
        ([D.SUPPRESSED] * 2, RUN.SUPPRESSED),
        ([D.EXPIRED], RUN.EXPIRED),
        ([D.ACCEPTED, D.RETRYING], RUN.RUNNING),
    ],
)
def test_outcome(states: list[Delivery], expected: Occurrence) -> None:
    assert outcome(states) is expected


@given(st.lists(st.sampled_from(Delivery), min_size=1))
def test_only_all_accepted_is_accepted_but_for_who_is_not_written_to(states: list[Delivery]) -> None:
    assert (outcome(states) is RUN.ACCEPTED) == (set(states) - {D.SUPPRESSED} == {D.ACCEPTED})


def test_accepted_is_final() -> None:
    for state in Delivery:
        with pytest.raises(InvalidTransition, match="accepted cannot become"):
            moved(D.ACCEPTED, state)


def test_unconfirmed_is_never_sent_again_without_being_made_due_by_a_person() -> None:
    assert moved(D.UNCONFIRMED, D.DUE) is D.DUE
    with pytest.raises(InvalidTransition):
        moved(D.UNCONFIRMED, D.SENDING)


def test_every_state_has_its_ways_and_every_closed_one_was_reached_from_an_open_one() -> None:
    assert set(DELIVERY_NEXT) == set(Delivery)
    reached = set().union(*(DELIVERY_NEXT[state] for state in DELIVERY_OPEN))
    assert set(Delivery) - DELIVERY_OPEN <= reached

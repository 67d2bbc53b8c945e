"""Runs end as what their deliveries are, and never better; and nothing changes but by the machines' ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.lifecycle import (
    DELIVERY,
    OCCURRENCE,
    SLICE,
    VERDICT,
    Delivery,
    InvalidTransition,
    Occurrence,
    outcome,
)
from broadsheet.core.lifecycle.machines import ENDS, MACHINES
from broadsheet.core.lifecycle.states import DELIVERY_OPEN, Slice, Verdict

D, RUN = Delivery, Occurrence
pytestmark = pytest.mark.feature("BEY-01")


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], RUN.SKIPPED),
        ([D.ACCEPTED] * 3, RUN.ACCEPTED),
        ([D.ACCEPTED, D.FAILED], RUN.PARTIAL),
        ([D.ACCEPTED, D.UNCONFIRMED], RUN.PARTIAL),
        ([D.FAILED, D.UNCONFIRMED], RUN.UNCONFIRMED),
        ([D.FAILED, D.SUPPRESSED], RUN.FAILED),
        ([D.SUPPRESSED] * 2, RUN.SUPPRESSED),
        ([D.EXPIRED], RUN.EXPIRED),
        ([D.ACCEPTED, D.RETRYING], RUN.RUNNING),
        ([D.ACCEPTED, D.HELD], RUN.HELD),
        ([D.RETRYING, D.HELD], RUN.RUNNING),
    ],
)
def test_outcome(states: list[Delivery], expected: Occurrence) -> None:
    assert outcome(states) is expected


@given(st.lists(st.sampled_from(Delivery), min_size=1))
def test_accepted_only_where_everybody_who_is_written_to_got_it(states: list[Delivery]) -> None:
    told = [one for one in states if one is not D.SUPPRESSED]
    assert (outcome(states) is RUN.ACCEPTED) == (set(told) == {D.ACCEPTED})


@given(st.lists(st.sampled_from(Delivery)))
def test_every_outcome_is_one_that_a_run_in_work_can_come_to(states: list[Delivery]) -> None:
    assert outcome(states) in OCCURRENCE.after(RUN.RUNNING)


def test_accepted_is_final() -> None:
    assert DELIVERY.finals == {D.ACCEPTED, D.SUPPRESSED}
    for state in Delivery:
        with pytest.raises(InvalidTransition, match="delivery that is accepted cannot become"):
            DELIVERY.moved(D.ACCEPTED, state)


def test_unconfirmed_is_never_sent_again_without_being_made_due_by_a_person() -> None:
    assert DELIVERY.moved(D.UNCONFIRMED, D.DUE) is D.DUE
    assert DELIVERY.after(D.UNCONFIRMED) == {D.DUE}
    assert {one.by for one in DELIVERY.between(D.UNCONFIRMED, D.DUE)} == {"person"}
    with pytest.raises(InvalidTransition):
        DELIVERY.moved(D.UNCONFIRMED, D.SENDING)


def test_only_a_person_opens_what_has_ended_or_is_held() -> None:
    for machine, closed in ((DELIVERY, set(Delivery) - DELIVERY_OPEN | {D.HELD}), (OCCURRENCE, {*ENDS, RUN.HELD})):
        out = [one for one in machine.ways if one.sources & closed and one.targets - closed]
        assert out
        assert {one.by for one in out} == {"person"}


def test_a_firing_that_was_missed_stays_missed() -> None:
    assert OCCURRENCE.finals == {RUN.MISSED}
    assert not OCCURRENCE.before(RUN.MISSED)


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_is_reached_from_a_start_and_every_open_one_leads_on(name: str) -> None:
    machine = MACHINES[name]
    reached, more = set(machine.starts), set(machine.starts)
    while more:
        more = {to for state in more for to in machine.after(state)} - reached
        reached |= more
    assert reached == set(machine.states)
    for state in machine.states:
        assert {one for one in machine.states if state in machine.after(one)} == machine.before(state)
        assert bool(machine.after(state)) == (state not in machine.finals)


def test_what_was_made_is_not_made_again_and_what_a_person_decided_stays() -> None:
    assert SLICE.finals == {Slice.MADE}
    assert VERDICT.finals == {Verdict.PASSED, Verdict.WARNED, Verdict.RELEASED, Verdict.DROPPED}
    with pytest.raises(InvalidTransition, match="A check that is new cannot become released"):
        VERDICT.moved(Verdict.NONE, Verdict.RELEASED)

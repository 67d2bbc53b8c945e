"""Whatever happens in whatever order, every firing is accounted for and nobody gets a thing twice.

Hypothesis fires schedules, lets workers claim, carry, freeze and die at any statement to the database or in the midst of a
hand-over, ends leases, and lets people stop, hold, release, drop and send again; over the real actions and a real database.
Only what the order cannot change is left out: queries, drawing, the bytes of a message. A few seeds on each change, 10,000 by
`make faults`.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.plugins.django import NOW
from tests.runs.any_order import Death, Died, World, instead

from broadsheet.access.queries import system_actor
from broadsheet.core.lifecycle import OCCURRENCE, Delivery, Occurrence, outcome
from broadsheet.core.lifecycle.machines import ENDS

SEEDS = 10_000 if os.environ.get("BROADSHEET_FAULTS") == "whole" else 50
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("BEY-01"),
    pytest.mark.feature("BEY-02"),
    pytest.mark.timeout(max(180, SEEDS * 3)),
]
ENDINGS = (
    "accepted", "retry", "failed", "unconfirmed", "dies before", "dies after", "overtaken before", "overtaken after",
)  # fmt: skip
OPEN_DELIVERY = {Delivery.DUE, Delivery.RETRYING, Delivery.SENDING, Delivery.HELD}


class AnyOrder(RuleBasedStateMachine):
    organization: Any = None  # set by the test

    def __init__(self) -> None:
        from django.db import transaction

        super().__init__()
        self.now, self.world = NOW, World()
        self.frozen: list[Any] = []
        self.allowed: Counter[Any] = Counter()  # hand-overs beyond the first that a person asked for
        self.owner = 0
        self.world.overtake = self._overtake
        self._example = transaction.atomic()
        self._example.__enter__()
        self._instead = instead(self.world)
        self._instead.__enter__()

    def teardown(self) -> None:
        from django.db import transaction

        try:
            self._everything_ends()
        finally:
            self._instead.__exit__(None, None, None)
            transaction.set_rollback(True)
            self._example.__exit__(None, None, None)

    # --- the schedulers, and time

    @initialize()
    def first(self) -> None:
        self.time_passes(hours=24)

    @rule(hours=st.sampled_from([1, 5, 24, 60]))
    def time_passes(self, hours: int) -> None:
        """Two schedulers wake at once, and one of them twice."""
        from broadsheet.runs.actions.fire import fire_due

        self.now += timedelta(hours=hours)
        for _ in range(3):
            fire_due(now=self.now)

    # --- workers

    @rule(
        script=st.lists(st.sampled_from(ENDINGS), max_size=4),
        holds=st.lists(st.booleans(), max_size=2),
        dies_at=st.none() | st.integers(0, 60),
    )
    def a_worker_works(self, script: list[str], holds: list[bool], dies_at: int | None) -> None:
        run = self._claimed()
        if run is not None:
            self.world.script, self.world.holds = script, holds
            self._carry(run, dies_at=dies_at)

    @rule()
    def a_worker_freezes(self) -> None:
        run = self._claimed()
        if run is not None:
            self.frozen.append(run)

    @precondition(lambda self: self.frozen)
    @rule()
    def a_frozen_worker_wakes(self) -> None:
        self.world.script, self.world.holds = [], []
        self._carry(self.frozen.pop(), dies_at=None)

    @rule()
    def leases_end(self) -> None:
        from broadsheet.runs.claims import EPOCH

        self._runs().filter(lease_until__isnull=False).update(lease_until=EPOCH)

    # --- people

    @rule(data=st.data(), act=st.sampled_from(["stop", "hold", "release", "drop", "resend", "resend unsure"]))
    def a_person_acts(self, data: st.DataObject, act: str) -> None:
        from broadsheet.delivery.errors import DeliveryError
        from broadsheet.runs.errors import RunError

        keys = list(self._runs().order_by("fire_at").values_list("pk", flat=True))  # the same in each run of one seed
        if keys:
            with suppress(DeliveryError, RunError):  # they are told that it cannot be done
                self._act(act, data.draw(st.sampled_from(keys)))

    def _act(self, act: str, key: Any) -> None:
        from broadsheet.delivery.actions.resend import resend, resend_failed
        from broadsheet.runs.actions.release import drop, hold_run, release
        from broadsheet.runs.actions.run_now import stop

        actor = system_actor(self.organization.pk)
        before = self._states()
        match act:
            case "stop":
                stop(actor, key, now=self.now)
            case "hold":
                hold_run(actor, key, now=self.now)
            case "release":
                release(actor, key, now=self.now)
            case "drop":
                drop(actor, key, now=self.now)
            case "resend":
                resend_failed(actor, key, now=self.now)
            case _:
                unsure = [one.pk for one in self._deliveries().filter(occurrence=key, state="unconfirmed")]
                resend(actor, unsure, now=self.now)
        for one, state in self._states().items():
            self.allowed[one] += state == "due" and before[one] not in ("due", "held")

    # --- what always holds

    @invariant()
    def each_firing_has_one_row(self) -> None:
        moments = list(self._runs().values_list("fire_at", flat=True))
        assert len(moments) == len(set(moments))
        days = (self.now.date() - NOW.date()).days
        assert days - 1 <= len(moments) <= days + 1

    @invariant()
    def nothing_fails_by_a_fault_of_ours(self) -> None:
        """Such as a stand-in of this test that is out of step with what it stands for: then nothing would be tried at all."""
        assert not self._runs().filter(error__contains="Something of ours failed").exists()

    @invariant()
    def nothing_arrives_twice_but_by_a_person_s_act(self) -> None:
        for key, times in self.world.arrived.items():
            assert times <= 1 + self.allowed[key]

    @invariant()
    def what_is_accepted_has_arrived_and_what_arrived_is_not_called_failed(self) -> None:
        for key, state in self._states().items():
            if state == "accepted":
                assert self.world.arrived[key]
            if state == "failed" and not self.allowed[key]:
                assert not self.world.arrived[key]

    @invariant()
    def an_end_is_what_the_deliveries_add_up_to(self) -> None:
        for run in self._runs():
            states = [Delivery(one) for one in run.deliveries.values_list("state", flat=True)]
            if run.finished_at is None:
                assert OCCURRENCE.after(Occurrence(run.state))
                assert run.state in ("due", "waiting", "running", "held")
            elif states:
                assert run.state == outcome(states)
                assert not set(states) & OPEN_DELIVERY
            else:
                assert run.state in {*ENDS, Occurrence.MISSED}

    def _everything_ends(self) -> None:
        """No run is left without somebody to go on: workers that live, time, and people who release what is held."""
        from broadsheet.runs.actions.release import release

        self.world.script, self.world.holds, self.frozen = [], [], []
        for _ in range(40):
            self.leases_end()
            self.now += timedelta(hours=2)
            for key in self._runs().filter(state="held").order_by("fire_at").values_list("pk", flat=True):
                release(system_actor(self.organization.pk), key, now=self.now)
            while (run := self._claimed()) is not None:
                self._carry(run, dies_at=None)
            if not self._runs().filter(finished_at__isnull=True).exists():
                break
        assert not self._runs().filter(finished_at__isnull=True).exists()
        self.nothing_arrives_twice_but_by_a_person_s_act()
        self.an_end_is_what_the_deliveries_add_up_to()

    # --- how

    def _runs(self) -> Any:
        from broadsheet.runs.models import Occurrence as Row

        return Row.objects.filter(schedule__name="by-memory")

    def _deliveries(self) -> Any:
        from broadsheet.delivery.models import Delivery as Row

        return Row.objects.all()

    def _states(self) -> dict[Any, str]:
        return dict(self._deliveries().values_list("pk", "state"))

    def _claimed(self) -> Any:
        from broadsheet.runs import claims

        self.owner += 1
        return claims.claim(owner=f"worker-{self.owner}", now=self.now)

    def _overtake(self) -> None:
        """While a worker sends, its lease ends, and another takes all there is to its end."""
        mine = self.world.death
        self.leases_end()
        while (run := self._claimed()) is not None:
            self._carry(run, dies_at=None)
        self.world.death = mine

    def _carry(self, run: Any, *, dies_at: int | None) -> None:
        from django.db import connection

        from broadsheet.runs import claims
        from broadsheet.runs.actions.work import Tools, carry

        store: Any = None
        tools = Tools(run.owner, store, store, clock=lambda: self.now)
        self.world.death = Death(dies_at)
        with suppress(Died, claims.LostLease), connection.execute_wrapper(self.world.death):
            carry(run, tools)


@pytest.fixture
def daily(change: Any) -> None:
    change('when: {every: week, on: [mon], at: "08:00", zone: America/New_York}', 'when: {every: day, at: "08:00"}')


def test_any_order(daily: None, organization: Any) -> None:
    AnyOrder.organization = organization
    from broadsheet.schedules.models import Schedule

    Schedule.objects.exclude(name="by-memory").delete()
    how = settings(
        max_examples=SEEDS, stateful_step_count=14, deadline=None, database=None, print_blob=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )  # fmt: skip
    run_state_machine_as_test(AnyOrder, settings=how)


@pytest.mark.parametrize("end", ["overtaken before", "overtaken after", "dies before", "dies after"])
def test_in_the_midst_of_handing_over(daily: None, organization: Any, end: str) -> None:
    """The orders that are easiest to get wrong, each for certain."""
    from broadsheet.schedules.models import Schedule

    Schedule.objects.exclude(name="by-memory").delete()
    AnyOrder.organization = organization
    world = AnyOrder()
    world.first()
    world.a_worker_works(script=[end], holds=[], dies_at=None)
    world.nothing_arrives_twice_but_by_a_person_s_act()
    world.what_is_accepted_has_arrived_and_what_arrived_is_not_called_failed()
    world.teardown()
    assert sum(world.world.arrived.values()) == 3

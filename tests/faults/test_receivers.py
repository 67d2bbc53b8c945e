"""Receivers that are busy, that refuse, that dawdle and that talk without end."""

from __future__ import annotations

from typing import Any

import pytest

from .parts.hooks import hooks
from .parts.house import House, mail, schedule
from .parts.mailbox import Mailbox

RETRY = "{retry: {tries: 4, first_seconds: 1, factor: 2}}"


@pytest.mark.feature("SCH-08")
@pytest.mark.feature("DLV-26")
def test_seven_accepted_two_later_one_refused(house: House, witness: Mailbox, figures: dict[str, Any]) -> None:
    """7 accepted, 2 later, 1 refused: the seven get it once, the two when they are ready, the one is not asked again."""
    later, never = {"r7@readers.example", "r8@readers.example"}, "r9@readers.example"

    def greets(address: str, call: int) -> str:
        if address in later and call == 1:
            return "451 4.3.0 try again later"
        return "550 5.1.1 no such user here" if address == never else ""

    witness.greets = greets
    house.apply(mail(witness.port) + schedule("mixed", readers=10, policies=RETRY))
    house.due("mixed")
    house.node()
    house.until(lambda: house.ended(1), seconds=90, what="the run ended")
    counts = house.counts("delivery_delivery")
    figures["states"] = counts
    assert counts.pop("accepted") == 9
    assert counts in ({"failed": 1}, {"suppressed": 1})
    assert house.counts("runs_occurrence") == {"partial": 1}
    assert set(witness.by_reader().values()) == {1}
    assert {one: witness.calls[one] for one in (*later, never)} == dict.fromkeys(later, 2) | {never: 1}


@pytest.mark.feature("SCH-08")
def test_a_storm_of_try_again_later(house: House, witness: Mailbox, figures: dict[str, Any]) -> None:
    """A storm of 4xx: each comes again by itself, later and later, not all at one moment; then all have it once."""
    readers = 20
    witness.greets = lambda address, call: "451 4.3.0 try again later" if call < 3 else ""
    house.apply(mail(witness.port) + schedule("storm", readers=readers, policies=RETRY))
    house.due("storm")
    house.node()
    house.until(lambda: house.ended(1), seconds=120, what="the run ended")
    waits = house.ask(
        "select number, extract(epoch from started_at - lag(ended_at) over (partition by delivery_id order by number))"
        " from delivery_attempt"
    )
    second = sorted(float(one) for number, one in waits if number == 2)
    third = sorted(float(one) for number, one in waits if number == 3)
    figures |= {"second tries after, s": [second[0], second[-1]], "third tries after, s": [third[0], third[-1]]}
    assert house.counts("delivery_delivery") == {"accepted": readers}
    assert set(witness.by_reader().values()) == {1}
    assert sum(third) > sum(second)  # it grows
    due = house.ask("select count(distinct next_try_at), count(*) from delivery_delivery")
    assert len({round(one, 2) for one in second}) > 1, due  # spread: jitter


@pytest.mark.feature("SCH-08")
def test_receivers_that_dawdle_and_one_that_talks_without_end(
    house: House, witness: Mailbox, figures: dict[str, Any], whole: bool
) -> None:
    """1 byte a second and a reply without end: a total deadline, a cap, and the others' mail does not wait for them."""
    deadline = 15 if whole else 6
    with hooks() as receiver:
        node = house.node()
        house.until(node.serving, seconds=60, what="it served")
        for name in ("drip", "flood"):
            receiver.enter(node, f"{name}s", f"/{name}", seconds=deadline, token=house.token())
        house.apply(
            mail(witness.port)
            + schedule("drips", channel="drips", policies="{retry: {tries: 1}}")
            + schedule("floods", channel="floods", policies="{retry: {tries: 1}}")
            + schedule("quick", readers=20)
        )
        house.due("drips", "floods")
        house.until(lambda: receiver.calls["/drip"], seconds=60, what="the slow one was called")
        house.due("quick")
        spent = house.until(lambda: len(witness.taken) == 20, seconds=60, what="the others had their mail")
        still = house.only("select count(*) from delivery_delivery where state = 'sending'")
        house.until(lambda: house.ended(3), seconds=deadline + 30, what="the slow ones ended")
        took = house.ask(
            "select s.name, d.state, extract(epoch from a.ended_at - a.started_at) from delivery_attempt a"
            " join delivery_delivery d on d.id = a.delivery_id join runs_occurrence o on o.id = d.occurrence_id"
            " join schedules_schedule s on s.id = o.schedule_id where s.name in ('drips', 'floods')"
        )
        states = {name: (state, float(seconds)) for name, state, seconds in took}
        figures |= {
            "20 mails beside, s": round(spent, 1),
            "slow": states,
            "sent in the flood, MB": receiver.flooded / 1e6,
        }
        assert still >= 1 or spent > deadline
        assert states["drips"][0] == "failed"
        assert states["drips"][1] <= deadline + 2
        assert states["floods"][0] == "accepted"  # its status said so; the rest of its talk is not listened to
        assert receiver.flooded < 50_000_000  # of 10 GB

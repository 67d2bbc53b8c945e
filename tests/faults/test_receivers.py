"""Receivers that are busy, that refuse, that go away, that dawdle and that talk without end."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.plugins.postgres import free_port
from tests.plugins.smtp_sink import smtp_sink

from .parts.hooks import hooks
from .parts.house import mail, schedule
from .parts.mailbox import Mailbox, mailbox
from .parts.town import Town

RETRY = "{retry: {tries: 4, first_seconds: 1, factor: 2}}"
ONCE = "{retry: {tries: 1}}"
PATIENT = "{retry: {tries: 9, first_seconds: 1, factor: 1}}"
LATER = "451 4.3.2 try again later"


@pytest.mark.feature("SCH-08")
@pytest.mark.feature("DLV-26")
def test_seven_accepted_two_later_one_refused(town: Town, witness: Mailbox, figures: dict[str, Any]) -> None:
    """7 accepted, 2 later, 1 refused: the seven get it once, the two when they are ready; the one is suppressed."""
    later, never = {"r7@mixed.example", "r8@mixed.example"}, "r9@mixed.example"

    def greets(address: str, call: int) -> str:
        if address in later and call == 1:
            return "451 4.2.1 mailbox busy, try again later"
        return "550 5.1.1 no such user here" if address == never else ""

    witness.greets = greets
    readers = schedule("mixed", readers=10, channel="mixed", policies=RETRY)
    town.apply(mail(witness.port, name="mixed") + readers.replace("@readers.example", "@mixed.example"))
    town.run("mixed")
    told = town.ended("mixed", seconds=90)["mixed"]
    figures["first run"] = told["deliveries"]
    assert (told["state"], told["deliveries"]) == ("partial", {"accepted": 9, "failed": 1})
    assert set(witness.by_reader().values()) == {1}
    calls = {one: witness.calls[one] for one in (*later, never)}
    assert calls == dict.fromkeys(later, 2) | {never: 1}
    town.run("mixed")
    told = town.ended("mixed", seconds=90)["mixed"]
    figures["next run"] = told["deliveries"]
    assert told["deliveries"] == {"accepted": 9, "suppressed": 1}
    assert witness.calls[never] == 1  # not asked again
    [reason] = [one["reason"] for one in town.deliveries("mixed") if one["state"] == "suppressed"]
    assert "550 5.1.1 no such user here" in reason


@pytest.mark.feature("SCH-08")
def test_a_storm_of_try_again_later(town: Town, witness: Mailbox, figures: dict[str, Any]) -> None:
    """A storm of 4xx: each comes again by itself, later and later, not all at one moment; then all have it once."""
    readers = 20
    witness.greets = lambda address, call: "451 4.2.1 mailbox busy, try again later" if call < 3 else ""
    town.apply(mail(witness.port, name="storm") + schedule("storm", readers=readers, channel="storm", policies=RETRY))
    town.run("storm")
    told = town.ended("storm", seconds=90)["storm"]
    waits = town.house.ask(
        "select a.number, extract(epoch from a.started_at - lag(a.ended_at) over (partition by a.delivery_id order by"
        " a.number)) from delivery_attempt a join delivery_delivery d on d.id = a.delivery_id where d.occurrence_id = %s",
        town.runs["storm"],
    )
    second = sorted(float(one) for number, one in waits if number == 2)
    third = sorted(float(one) for number, one in waits if number == 3)
    figures |= {"second tries after, s": [second[0], second[-1]], "third tries after, s": [third[0], third[-1]]}
    assert told["deliveries"] == {"accepted": readers}
    assert set(witness.by_reader().values()) == {1}
    assert len(second) == len(third) == readers
    assert sum(third) > sum(second)  # it grows
    assert min(second) >= 0.7  # no try comes before its time
    assert len({round(one, 2) for one in second}) > 1  # spread: jitter


@pytest.mark.feature("SCH-08")
@pytest.mark.feature("DLV-26")
def test_a_mail_server_that_refuses_all_and_then_is_well(town: Town, outside: Path, figures: dict[str, Any]) -> None:
    """Postfix's sink refuses everybody, then goes away, then is well: nobody has it twice, each has it with its id."""
    port, readers = free_port(), 12
    channel = mail(port, name="sink") + "breaker: {failures: 3, wait_seconds: 2, ceiling_seconds: 4}\n"
    town.apply(channel + schedule("sunk", readers=readers, channel="sink", policies=PATIENT))
    with smtp_sink(outside / "refusing", port, "-r", "RCPT") as refusing:
        town.run("sunk")
        town.house.until(lambda: tried(town, "sunk") >= 3, seconds=60, what="it was refused")
    assert [one for one in refusing.messages() if one["Message-ID"]] == []
    with smtp_sink(outside / "well", port) as well:
        told = town.ended("sunk", seconds=90)["sunk"]
        received = [(str(one["X-Rcpt-Args"]).strip("<>"), str(one["Message-ID"])) for one in well.messages()]
    figures |= {"tries in the refusal": tried(town, "sunk"), "deliveries": told["deliveries"]}
    assert told["deliveries"] == {"accepted": readers}
    wanted = [(one["recipient"]["address"], f"<{one['message_id']}>") for one in town.deliveries("sunk")]
    assert sorted(one for one in received if one[0].endswith("@readers.example")) == sorted(wanted)


@pytest.mark.feature("SCH-08")
def test_receivers_that_dawdle_and_one_that_talks_without_end(
    town: Town, witness: Mailbox, figures: dict[str, Any], whole: bool
) -> None:
    """30 s a reply, 1 byte a second, 10 GB of reply: a total deadline, a cap, and the others' mail does not wait."""
    deadline, slow, rounds = (15.0, 30.0, 5) if whole else (6.0, 4.0, 1)
    witness.pause = 0.1
    with hooks() as receiver, mailbox(pause=slow) as dawdler:
        for name in ("drip", "flood"):
            receiver.enter(town.client, f"{name}s", f"/{name}", seconds=deadline)
        town.apply(
            mail(witness.port, name="quick")
            + mail(dawdler.port, name="slow")
            + schedule("drips", channel="drips", policies=ONCE)
            + schedule("floods", channel="floods", policies=ONCE)
            + schedule("dawdles", readers=4, channel="slow", policies=ONCE)
            + schedule("quick", readers=80 if whole else 40, channel="quick")
        )
        town.run("quick")  # what it asks for is kept from now on
        town.ended("quick", seconds=120)
        alone = [paced(town, witness) for _ in range(rounds)]
        town.run("drips", "floods", "dawdles")
        town.house.until(lambda: receiver.calls["/drip"], seconds=60, what="the slow one was called")
        beside = [paced(town, witness) for _ in range(rounds)]
        ends = town.ended("drips", "floods", "dawdles", seconds=2 * slow + deadline + 60)
    took = dict(
        town.house.ask(
            "select s.name, max(extract(epoch from a.ended_at - a.started_at)) from delivery_attempt a"
            " join delivery_delivery d on d.id = a.delivery_id join runs_occurrence o on o.id = d.occurrence_id"
            " join schedules_schedule s on s.id = o.schedule_id where s.name in ('drips', 'floods', 'dawdles')"
            " group by s.name"
        )
    )
    seconds = {name: round(float(one), 1) for name, one in took.items()}
    figures |= {
        "mails beside, s": [round(one, 2) for one in beside], "alone, s": [round(one, 2) for one in alone],
        "slow ones, s": seconds, "flood, MB": round(receiver.flooded / 1e6, 1),
    }  # fmt: skip
    assert min(beside) <= min(alone) * (1.1 if whole else 3)
    assert ends["dawdles"]["deliveries"] == {"accepted": 4}
    assert set(dawdler.by_reader().values()) == {1}
    assert ends["drips"]["deliveries"] == {"failed": 1}
    assert seconds["drips"] <= deadline + 3
    assert "longer than" in town.deliveries("drips")[0]["reason"]
    assert ends["floods"]["deliveries"] == {
        "accepted": 1
    }  # its status said so; the rest of its talk is not listened to
    assert receiver.flooded < 50_000_000  # of 10 GB


def tried(town: Town, name: str) -> int:
    return sum(one["attempts"] for one in town.deliveries(name))


def paced(town: Town, witness: Mailbox) -> float:
    """Seconds that the mails of one run take, from the first that the witness had to the last."""
    begun = len(witness.at)
    town.run("quick")
    town.ended("quick", seconds=120)
    mine = witness.at[begun:]
    return sum(later - sooner for sooner, later in pairwise(mine))

"""A run carried to its end: every way a delivery can go ends in the state that is true of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.plugins.django import NOW

from broadsheet.access.queries import system_actor
from broadsheet.delivery.ports import Receipt

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(minutes=2)


def states(run) -> dict[str, str]:
    return {one.recipient_key: one.state for one in run.deliveries.all()}


@pytest.mark.feature("DLV-16")
@pytest.mark.feature("BEY-02")
def test_three_buyers_get_their_own_file_each(run, finish, memory) -> None:
    ended = finish(run())
    assert (ended.state, states(ended)) == ("accepted", {"b1": "accepted", "b2": "accepted", "b3": "accepted"})
    texts = {one.recipient_key: one.attachments[0].data.decode("utf-8-sig") for one in memory.taken}
    assert "Poems" in texts["b1"] and "7.5" in texts["b1"]
    assert [("Atlas" in texts[key], "Novel" in texts[key]) for key in ("b1", "b2", "b3")] == [
        (True, True), (False, True), (True, False),
    ]  # fmt: skip


@pytest.mark.feature("SCH-08")
def test_a_refusal_for_now_is_tried_again_and_the_others_are_not(run, finish, memory) -> None:
    memory.ends = [Receipt("retry", "451 later")]
    first = finish(run())
    assert sorted(states(first).values()) == ["accepted", "accepted", "retrying"]
    assert (first.state, first.finished_at) == ("running", None)
    assert first.wake_at is not None
    assert NOW < first.wake_at <= NOW + timedelta(seconds=60)
    ended = finish(first, now=LATER)
    assert (ended.state, len(memory.taken)) == ("accepted", 3)


@pytest.mark.feature("SCH-08")
def test_tries_end_and_the_run_is_partial(run, finish, memory, organization) -> None:
    memory.ends = [Receipt("retry", "451 later")] * 9
    moment, ended = NOW, run()
    for _ in range(4):
        ended = finish(ended, now=moment)
        moment += timedelta(hours=1)
    assert set(states(ended).values()) == {"failed"}
    assert ended.state == "failed"
    one = ended.deliveries.first()
    assert (one.attempts, one.tries.count()) == (3, 3)
    assert one.reason == "All tries are used up. Last said: 451 later"


@pytest.mark.feature("DLV-16")
def test_a_cut_after_the_content_is_unconfirmed_and_never_sent_again_by_itself(run, finish, memory) -> None:
    memory.ends = [Receipt("unconfirmed", "cut after the dot")]
    ended = finish(run())
    assert sorted(states(ended).values()) == ["accepted", "accepted", "unconfirmed"]
    assert ended.state == "partial"
    again = finish(ended, now=LATER)
    assert (again.state, len(memory.taken)) == ("partial", 3)


@pytest.mark.feature("BEY-01")
def test_resend_failed_reaches_exactly_those(run, finish, memory, organization) -> None:
    from broadsheet.delivery.actions.resend import resend_failed

    memory.ends = [Receipt("failed", "550 no such user"), Receipt("unconfirmed", "cut")]
    ended = finish(run())
    assert sorted(states(ended).values()) == ["accepted", "failed", "unconfirmed"]
    [failed] = [key for key, state in states(ended).items() if state == "failed"]
    before = [one.recipient_key for one in memory.taken]
    assert resend_failed(system_actor(organization.pk), ended.pk, now=LATER) == 1
    again = finish(ended, now=LATER)
    assert [one.recipient_key for one in memory.taken][len(before) :] == [failed]
    assert again.state == "partial"  # one is still unconfirmed


@pytest.mark.feature("BEY-01")
def test_what_was_accepted_cannot_be_sent_again(run, finish, memory, organization) -> None:
    from broadsheet.delivery.actions.resend import resend
    from broadsheet.delivery.errors import DeliveryError

    ended = finish(run())
    with pytest.raises(DeliveryError, match="is accepted, which cannot be sent again"):
        resend(system_actor(organization.pk), [ended.deliveries.first().pk], now=LATER)


@pytest.mark.feature("SCH-08")
def test_an_absent_source_is_tried_later_and_fails_after_its_tries(run, finish, shop, tmp_path) -> None:
    asked = run()
    (tmp_path / "shop" / "buyers.csv").rename(tmp_path / "shop" / "gone")
    (tmp_path / "shop" / "orders.csv").unlink()
    waiting = finish(asked)
    assert (waiting.state, waiting.finished_at) == ("running", None)
    assert "No file matches" in waiting.error
    moment = NOW
    for _ in range(3):
        moment += timedelta(hours=2)
        waiting = finish(waiting, now=moment)
    assert waiting.state == "failed"
    assert waiting.error.startswith("Tried ")


@pytest.mark.feature("DLV-07")
def test_bad_rows_are_listed_and_the_rest_go_out(run, finish, memory, tmp_path) -> None:
    with (tmp_path / "shop" / "buyers.csv").open("a", encoding="utf-8") as file:
        file.write("b4,Dot,Dot,,en,Europe/London,GBP,csv\nb5,Eve,Eve,eve@eve.example,en,Mars/Base,GBP,csv\n")
    ended = finish(run())
    assert ended.state == "accepted"
    assert [(one["who"], one["message"]) for one in ended.invalid] == [
        ("Dot", "There is no address."),
        ("Eve", "Zone “Mars/Base” does not exist."),
    ]


@pytest.mark.feature("BEY-02")
def test_nobody_to_send_to_is_skipped_with_the_reason(run, finish, tmp_path) -> None:
    head = (tmp_path / "shop" / "buyers.csv").read_text("utf-8").splitlines()[0]
    (tmp_path / "shop" / "buyers.csv").write_text(f"{head}\nb4,Dot,Dot,,en,Europe/London,GBP,csv\n", "utf-8")
    ended = finish(run())
    assert (ended.state, ended.reason) == ("skipped", "The only row of the audience is invalid.")


@pytest.mark.feature("DLV-10")
def test_who_unsubscribed_between_render_and_send_is_not_sent_to(run, finish, memory, monkeypatch) -> None:
    from broadsheet.delivery.actions import send
    from broadsheet.delivery.models import Delivery, Suppression

    monkeypatch.setattr(type(memory), "descriptor", _with(memory, "unsubscribe"))
    asked = run()
    genuine = send.outgoing

    def leaves_now(delivery, **more):
        if not Suppression.objects.exists():
            later = Delivery.objects.filter(occurrence=delivery.occurrence, state="due").first()
            Suppression.objects.create(
                organization_id=delivery.organization_id, address=later.address, at=NOW,
                schedule=delivery.occurrence.schedule, reason="Unsubscribed by the recipient",
            )  # fmt: skip
        return genuine(delivery, **more)

    monkeypatch.setattr(send, "outgoing", leaves_now)
    monkeypatch.setattr("broadsheet.runs.actions.work.SENDERS", 1)
    ended = finish(asked)
    assert sorted(states(ended).values()) == ["accepted", "accepted", "suppressed"]
    [left] = ended.deliveries.filter(state="suppressed")
    assert (left.reason, left.attempts) == ("Unsubscribed by the recipient", 0)
    assert left.recipient_key not in [one.recipient_key for one in memory.taken]


@pytest.mark.feature("DLV-11")
def test_a_recipient_without_rows_is_skipped_where_the_schedule_says_so(change, run, finish, memory, tmp_path) -> None:
    change("policies: {", "policies: {empty: skip, ")
    kept = [line for line in (tmp_path / "shop" / "orders.csv").read_text("utf-8").splitlines() if ",b2," not in line]
    (tmp_path / "shop" / "orders.csv").write_text("\n".join(kept) + "\n", "utf-8")
    ended = finish(run())
    assert states(ended) == {"b1": "accepted", "b2": "skipped", "b3": "accepted"}
    assert ended.state == "partial"
    assert sorted(one.recipient_key for one in memory.taken) == ["b1", "b3"]


@pytest.mark.feature("SCH-08")
def test_what_is_past_its_deadline_expires(run, finish, memory) -> None:
    asked = run()
    type(asked).objects.filter(pk=asked.pk).update(deadline_at=NOW - timedelta(seconds=1))
    ended = finish(asked)
    assert (ended.state, set(states(ended).values()), memory.taken) == ("expired", {"expired"}, [])


@pytest.mark.feature("SCH-20")
def test_a_stopped_run_skips_what_is_still_due(run, finish, memory, organization) -> None:
    from broadsheet.runs.actions.run_now import stop

    memory.ends = [Receipt("retry", "451 later")] * 3
    waiting = finish(run())
    assert set(states(waiting).values()) == {"retrying"}
    assert stop(system_actor(organization.pk), waiting.pk, now=NOW)
    ended = finish(waiting, now=LATER)
    assert (ended.state, set(states(ended).values()), memory.taken) == ("skipped", {"skipped"}, [])


@pytest.mark.feature("PRF-21")
def test_a_fault_of_ours_is_tried_again_and_leaves_the_others_alone(run, finish, monkeypatch) -> None:
    from broadsheet.runs.actions import work

    monkeypatch.setattr(work, "plan", lambda *_, **__: 1 / 0)
    waiting = finish(run())
    assert (waiting.state, waiting.finished_at) == ("running", None)
    assert waiting.error.startswith("Something of ours failed; the log has it under ")
    monkeypatch.undo()
    assert finish(waiting, now=LATER).state == "accepted"


def _with(channel, capability: str):
    from dataclasses import replace

    return replace(channel.descriptor, capabilities=channel.descriptor.capabilities | {capability})

"""One run for many clocks: each recipient gets it when their own shows the time, and when they are at work.

Ada is in London, Bo in Chicago, Cy in Berlin. Monday 30 November 2026, 08:00 there is 08:00, 14:00 and 07:00 UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.core.document.loading import DefinitionError
from broadsheet.delivery.models import Delivery
from broadsheet.runs.actions.fire import fire_due
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.actions.ask_clocks import ask_clocks_due, keep_clocks
from broadsheet.schedules.models import Schedule

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
IN_NEW_YORK, OWN = "zone: America/New_York", "zone: recipient"
BERLIN, LONDON, CHICAGO = (datetime(2026, 11, 30, hour, tzinfo=UTC) for hour in (7, 8, 14))
SECOND, WEEK = timedelta(seconds=1), timedelta(days=7)


@pytest.fixture
def own(change) -> Callable[[str, str], Schedule]:
    """The schedule by memory on its recipients' own clocks, with one text in it replaced by another."""

    def applied(old: str = IN_NEW_YORK, new: str = OWN) -> Schedule:
        change(old, new)
        Schedule.objects.exclude(name="by-memory").update(next_fire_at=None, begin_at=None)
        return Schedule.objects.get(name="by-memory")

    return applied


@pytest.fixture
def fire(finish) -> Callable[[datetime], Occurrence]:
    """``fire(at)`` writes what is due at that moment, and carries the schedule's newest run as far as it goes."""

    def fired(at: datetime) -> Occurrence:
        fire_due(now=at)
        return finish(Occurrence.objects.filter(schedule__name="by-memory").latest("fire_at"), now=at)

    return fired


def states() -> dict[str, str]:
    mine = Delivery.objects.filter(occurrence__schedule__name="by-memory").order_by("due_at", "recipient_name")
    return {one.recipient_name: one.state for one in mine}


@pytest.mark.feature("SCH-06")
def test_the_schedule_begins_with_its_first_clock(own):
    schedule = own()
    assert schedule.clocks == [["America/Chicago", ""], ["Europe/Berlin", ""], ["Europe/London", ""]]
    assert schedule.next_fire_at == BERLIN


@pytest.mark.feature("SCH-06")
def test_each_gets_it_at_eight_and_all_see_one_data_cut_off(own, fire, finish, memory):
    own()
    run = fire(BERLIN + SECOND)
    assert states() == {"Cy Blum": "accepted", "Ada Stone": "due", "Bo Reed": "due"}
    assert (run.state, run.wake_at, run.wall) == ("running", LONDON, "2026-11-30T08:00:00")
    assert fire(LONDON - SECOND).wake_at == LONDON
    assert states()["Ada Stone"] == "due"
    assert fire(LONDON + SECOND).wake_at == CHICAGO
    run = fire(CHICAGO + SECOND)
    assert states() == dict.fromkeys(["Cy Blum", "Ada Stone", "Bo Reed"], "accepted")
    assert (run.state, run.as_of) == ("accepted", BERLIN + SECOND)
    assert {one.made_from["data_cut_off"] for slice in run.slices.all() for one in slice.files.all()} == {
        run.as_of.isoformat()
    }
    assert len(memory.taken) == 3
    assert Schedule.objects.get(name="by-memory").next_fire_at == BERLIN + WEEK


@pytest.mark.feature("SCH-06")
@pytest.mark.feature("PER-19")
def test_periods_are_counted_from_the_day_on_each_ones_clock(own, fire):
    """At 00:30 on 1 December in Berlin it is still November in Chicago; each has their own last month all the same."""
    own('on: [mon], at: "08:00", zone: America/New_York', 'on: [tue], at: "00:30", zone: recipient')
    run = fire(datetime(2026, 11, 30, 23, 30, tzinfo=UTC) + SECOND)
    found = {one.made_from["period"] for slice in run.slices.all() for one in slice.files.all()}
    assert (run.slices.count(), found) == (3, {"November 2026"})


@pytest.mark.feature("SCH-06")
def test_an_hour_of_ones_own_counts(own, change, fire, tmp_path):
    buyers = tmp_path / "shop" / "buyers.csv"
    lines = buyers.read_text("utf-8").splitlines()
    buyers.write_text("\n".join(f"{line},{hour}" for line, hour in zip(lines, ("hour", "06:30", "", ""), strict=True)))
    schedule = _with_hours(own)
    assert ["Europe/London", "06:30"] in schedule.clocks
    assert schedule.next_fire_at == LONDON - timedelta(minutes=90)
    fire(schedule.next_fire_at)
    assert states() == {"Ada Stone": "accepted", "Cy Blum": "due", "Bo Reed": "due"}


def _with_hours(own) -> Schedule:
    """The buyers' dataset with its column `hour`, and the schedule that reads it."""
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply
    from broadsheet.sources.models import StoredDataset

    found = StoredDataset.objects.get(name="buyers")
    text = """\
dataset: buyers
source: shop
sql: select * from buyers
dimensions:
  {buyer_id: text, buyer: text, contact: text, email: text, language: text, zone: text, currency: text, formats: text, hour: text}
metrics: {buyers: count(*)}
"""
    apply(system_actor(found.organization_id), {"buyers.yaml": text}, now=datetime(2026, 11, 24, 9, tzinfo=UTC))
    own(f"{IN_NEW_YORK}}}\naudience:\n  {{dataset: buyers,", f"{OWN}}}\naudience:\n  {{dataset: buyers, at: hour,")
    return Schedule.objects.get(name="by-memory")


@pytest.mark.feature("SCH-06")
def test_a_clock_that_goes_brings_no_firing_back(own, fire, memory):
    """Cy in Berlin leaves after his copy went out: the others get theirs once, and no second run begins for them."""
    schedule = own()
    fire(BERLIN + SECOND)
    keep_clocks(
        schedule.pk, [["America/Chicago", ""], ["Europe/London", ""]], version=schedule.version, now=BERLIN + 2 * SECOND
    )
    assert Schedule.objects.get(pk=schedule.pk).next_fire_at == LONDON + WEEK
    fire(LONDON + SECOND)
    fire(CHICAGO + SECOND)
    assert Occurrence.objects.filter(schedule=schedule).count() == 1
    assert len(memory.taken) == 3


@pytest.mark.feature("SCH-06")
def test_a_new_clock_is_found_within_the_hour(own, tmp_path):
    schedule = own()
    with (tmp_path / "shop" / "buyers.csv").open("a", encoding="utf-8") as file:
        file.write("b4,Di KK,Di Ito,di@di.example,en,Asia/Tokyo,JPY,csv\n")
    asked = schedule.clocks_at + timedelta(minutes=61)
    assert [ask_clocks_due(now=asked), ask_clocks_due(now=asked)] == [1, 0]
    assert Schedule.objects.get(pk=schedule.pk).next_fire_at == datetime(2026, 11, 29, 23, tzinfo=UTC)


@pytest.mark.feature("SCH-06")
@pytest.mark.feature("BEY-02")
@pytest.mark.parametrize(
    ("misfire", "expected"),
    [("once", ["accepted", "accepted", "due"]), ("skip", ["skipped", "skipped", "due"])],
)
def test_after_an_outage_those_still_to_come_get_theirs_in_time(own, fire, misfire, expected):
    """Nothing ran until noon in London: Berlin's and London's eight o'clock have passed, Chicago's has not."""
    own(IN_NEW_YORK, OWN)
    schedule = Schedule.objects.get(name="by-memory")
    schedule.definition["policies"]["misfire"] = misfire
    schedule.save()
    fire(BERLIN + timedelta(hours=5))
    assert list(states().values()) == expected


@pytest.mark.feature("SCH-06")
def test_a_run_by_hand_waits_for_nobody(own, run, finish, memory):
    own()
    assert finish(run()).state == "accepted"
    assert len(memory.taken) == 3


@pytest.mark.feature("SCH-06")
def test_an_hour_of_ones_own_that_would_count_for_nothing_is_refused(own):
    with pytest.raises(DefinitionError) as refused:
        own("audience:\n  {dataset: buyers,", "audience:\n  {dataset: buyers, at: contact,")
    assert "on each recipient's clock" in str(refused.value) and "zone: recipient" in str(refused.value)


HOURS = "currency: currency,\n   formats: formats, attributes: [buyer_id, buyer]}"


def held(own, hours: str) -> Schedule:
    return own(HOURS, f'{HOURS[:-1]}, defaults: {{hours: "{hours}"}}}}')


@pytest.mark.feature("SCH-09")
def test_a_delivery_waits_for_the_working_hours_of_its_recipient(own, fire):
    """08:00 in New York is 13:00 in London, 14:00 in Berlin and 07:00 in Chicago."""
    held(own, "09:00-13:30")
    run = fire(datetime(2026, 11, 30, 13, tzinfo=UTC) + SECOND)
    assert states() == {"Ada Stone": "accepted", "Bo Reed": "due", "Cy Blum": "due"}
    bo, cy = (Delivery.objects.get(recipient_name=name) for name in ("Bo Reed", "Cy Blum"))
    assert bo.due_at == datetime(2026, 11, 30, 15, tzinfo=UTC)
    assert bo.reason == "Held: 07:00 is outside 09:00-13:30; working hours begin Monday 30 November 2026 09:00."
    assert cy.due_at == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert cy.deadline_at == cy.due_at + timedelta(hours=24)
    fire(bo.due_at)
    run = fire(cy.due_at)
    assert (run.state, set(states().values())) == ("accepted", {"accepted"})


@pytest.mark.feature("SCH-09")
def test_a_try_that_comes_late_waits_for_the_next_opening(own, fire, memory):
    """Ada's server says “later” at 13:00; when the next try is due she has gone home."""
    from broadsheet.delivery.ports import Receipt

    held(own, "09:00-13:01")
    memory.ends = [Receipt("retry", "450 later")]
    fire(datetime(2026, 11, 30, 13, tzinfo=UTC) + SECOND)
    ada = Delivery.objects.get(recipient_name="Ada Stone")
    assert ada.state == "retrying"
    fire(datetime(2026, 11, 30, 13, 2, tzinfo=UTC))
    ada.refresh_from_db()
    assert (ada.state, ada.next_try_at, ada.attempts) == ("due", datetime(2026, 12, 1, 9, tzinfo=UTC), 1)
    fire(ada.next_try_at)
    ada.refresh_from_db()
    assert ada.state == "accepted"


@pytest.mark.feature("SCH-09")
def test_hours_that_cannot_be_read_are_refused(own):
    with pytest.raises(DefinitionError, match="ends before it begins"):
        held(own, "17:00-09:00")


@pytest.mark.feature("SCH-09")
def test_a_run_by_hand_goes_out_at_any_hour(own, run, finish):
    held(own, "03:00-03:05")
    assert finish(run()).state == "accepted"


TOKYO = "b4,Di KK,Di Ito,di@di.example,en,Asia/Tokyo,JPY,csv\n"


@pytest.mark.feature("SCH-06")
def test_a_new_clock_that_has_shown_the_time_already_takes_the_firing_from_nobody(own, fire, tmp_path):
    """At 01:00 UTC on Monday it is ten in Tokyo, where somebody new lives; nobody has had Monday's yet."""
    own()
    with (tmp_path / "shop" / "buyers.csv").open("a", encoding="utf-8") as file:
        file.write(TOKYO)
    ask_clocks_due(now=datetime(2026, 11, 30, 1, tzinfo=UTC))
    fire(datetime(2026, 11, 30, 1, tzinfo=UTC) + SECOND)
    assert states()["Di Ito"] == "accepted"  # late, and not left out
    fire(BERLIN + SECOND)
    fire(LONDON + SECOND)
    fire(CHICAGO + SECOND)
    assert set(states().values()) == {"accepted"}
    assert Occurrence.objects.filter(schedule__name="by-memory").count() == 1


@pytest.mark.feature("SCH-06")
def test_clocks_of_an_older_version_are_not_kept(own):
    schedule = own()
    keep_clocks(schedule.pk, [["Pacific/Auckland", ""]], version=schedule.version - 1, now=NOW)
    assert Schedule.objects.get(pk=schedule.pk).clocks == schedule.clocks


@pytest.mark.feature("SCH-06")
def test_of_many_hours_in_a_zone_the_first_and_the_last_are_kept():
    from broadsheet.core.policy import Reader
    from broadsheet.schedules.audience import Audience
    from broadsheet.schedules.firing import clocks_in
    from broadsheet.schedules.own_times import OwnTimes, time_of_day

    hours = ["07:30", "06:10", "09:00", ""]
    readers = tuple(Reader(str(n), str(n), zone="Europe/Berlin") for n in range(4))
    times = {str(n): OwnTimes(time_of_day(at)) for n, at in enumerate(hours) if at}
    assert clocks_in(Audience(readers, (), times=times)) == [
        ["Europe/Berlin", ""], ["Europe/Berlin", "06:10"], ["Europe/Berlin", "09:00"],
    ]  # fmt: skip


@pytest.mark.feature("SCH-06")
def test_a_wall_time_far_ahead_keeps_no_schedule_silent(own, actor):
    """The machine's clock was a year ahead for a moment, and a firing was written by it."""
    from broadsheet.schedules.actions.steer import pause, resume

    schedule = own()
    fire_due(now=NOW + timedelta(days=365))
    pause(actor("editor"), "by-memory", now=NOW)
    resume(actor("editor"), "by-memory", now=NOW)
    assert Schedule.objects.get(pk=schedule.pk).next_fire_at == BERLIN


@pytest.mark.feature("BEY-02")
def test_a_run_by_hand_in_the_second_of_a_firing_takes_nothing_from_it(own, actor):
    from broadsheet.runs.actions.run_now import run_now

    own()
    made = run_now(actor("editor"), "by-memory", now=BERLIN + timedelta(milliseconds=300))
    assert (made.kind, made.wall) == ("scheduled", "2026-11-30T08:00:00")


@pytest.mark.feature("SCH-09")
def test_what_is_sent_again_at_night_waits_and_does_not_expire(own, fire, finish, memory, organization):
    from broadsheet.access.queries import system_actor
    from broadsheet.delivery.actions.resend import resend
    from broadsheet.delivery.ports import Receipt

    held(own, "09:00-17:00")
    memory.ends = [Receipt("failed", "550 no")] * 3
    run = fire(datetime(2026, 11, 30, 13, tzinfo=UTC) + SECOND)
    ada = Delivery.objects.get(recipient_name="Ada Stone")
    assert ada.state == "failed"
    friday = datetime(2026, 12, 4, 20, tzinfo=UTC)
    resend(system_actor(organization.pk), [ada.pk], now=friday)
    memory.ends = []
    finish(run, now=friday + SECOND)
    ada.refresh_from_db()
    assert (ada.state, ada.next_try_at) == ("due", datetime(2026, 12, 7, 9, tzinfo=UTC))
    finish(run, now=ada.next_try_at)
    ada.refresh_from_db()
    assert ada.state == "accepted"


@pytest.mark.feature("BEY-02")
def test_a_rule_that_cannot_be_read_keeps_nobody_from_mending_it(own, actor):
    from broadsheet.core.document.loading import dump, load
    from broadsheet.schedules.actions.save import save_schedule
    from broadsheet.schedules.actions.steer import pause, resume

    schedule = own()
    Schedule.objects.filter(pk=schedule.pk).update(
        definition={**schedule.definition, "when": {"every": "never"}}, next_fire_at=BERLIN, begin_at=BERLIN
    )
    pause(actor("editor"), "by-memory", now=BERLIN + SECOND)
    [loaded] = load(dump("schedule", "by-memory", schedule.definition), file="m.yaml")
    assert save_schedule(actor("editor"), loaded, now=BERLIN + SECOND) == "changed"
    assert resume(actor("editor"), "by-memory", now=BERLIN + SECOND).next_fire_at == BERLIN + WEEK


@pytest.mark.feature("BEY-05")
@pytest.mark.parametrize(
    ("old", "new", "state", "said"),
    [
        ("b2,Bo Inc,Bo Reed,bo@bo.example,en,America/Chicago,USD,csv\n", "", "skipped", "left the audience"),
        ("bo@bo.example", "bo@new.example", "accepted", ""),
        ("bo@bo.example,en", "bo@bo.example,de", "skipped", "may see has changed"),
    ],
)
def test_who_is_still_to_get_it_is_looked_at_again_before_it_leaves(own, fire, memory, tmp_path, old, new, state, said):
    own()
    fire(BERLIN + SECOND)
    buyers = tmp_path / "shop" / "buyers.csv"
    buyers.write_text(buyers.read_text("utf-8").replace(old, new), "utf-8")
    fire(LONDON + SECOND)
    run = fire(CHICAGO + SECOND)
    bo = Delivery.objects.get(recipient_name="Bo Reed")
    assert (bo.state, said in bo.reason) == (state, True)
    assert [one.recipient_address for one in memory.taken].count("bo@bo.example") == 0
    assert run.finished_at is not None


@pytest.mark.feature("BEY-05")
def test_an_audience_that_cannot_be_read_keeps_nobody_from_what_was_made(own, fire, memory, tmp_path):
    own()
    fire(BERLIN + SECOND)
    (tmp_path / "shop" / "buyers.csv").unlink()
    fire(LONDON + SECOND)
    fire(CHICAGO + SECOND)
    assert set(states().values()) == {"accepted"}

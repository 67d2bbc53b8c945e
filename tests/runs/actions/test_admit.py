"""Runs that wait for their data, or depend on a figure: from the firing to the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.plugins.django import NOW

from broadsheet.runs import claims
from broadsheet.runs.actions.admit import admit
from broadsheet.runs.errors import Declined, NotYet, TryLater
from broadsheet.runs.models import Occurrence
from broadsheet.schedules.models import AlarmState, Evaluation, Schedule, Wait

pytestmark = pytest.mark.django_db
FIRED = datetime(2026, 11, 23, 13, tzinfo=NOW.tzinfo)  # Monday, 08:00 in New York


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the shop's files are."""
    return tmp_path / "shop"


@pytest.fixture
def condition(change, organization):
    """Give the schedule by memory *text* (its conditions) and fire it; each call is a firing, a week after the last one."""
    fired = []

    def made(text: str = "", *, kind: str = "scheduled") -> Occurrence:
        if text:
            change("channels: [{", f"{text}\nchannels: [{{")
        Occurrence.unchecked.update(state="skipped", finished_at=NOW, lease_until=None)  # those before
        schedule = Schedule.objects.get(organization=organization, name="by-memory")
        at = FIRED + timedelta(days=7 * len(fired))
        fired.append(at)
        Occurrence.objects.create(
            organization=organization, schedule=schedule, fire_at=at, kind=kind, definition=schedule.definition,
            created_at=at, deadline_at=at + timedelta(hours=24),
        )  # fmt: skip
        claimed = claims.claim(owner="test", now=at)
        assert claimed is not None
        return claimed

    return made


def refused(run: Occurrence, now: datetime) -> tuple[str, str]:
    """What `admit` raises, and its words."""
    try:
        admit(run, now=now)
    except (NotYet, Declined, TryLater) as error:
        return type(error).__name__, str(error)
    return "", ""


LATE = 'ready: {probes: [{rows: orders, at_least: 1, period: "2026-11"}], within_minutes: 60, every_minutes: 10, otherwise: WHAT}'


@pytest.mark.feature("SCH-16")
def test_a_run_waits_until_its_data_has_come(condition, folder) -> None:
    run = condition(LATE.replace("WHAT", "alert"))

    with pytest.raises(NotYet) as first:
        admit(run, now=FIRED)
    assert (str(first.value), first.value.at) == (
        "“orders” has not a row for November 2026 yet.", FIRED + timedelta(minutes=10),
    )  # fmt: skip
    orders = folder / "orders.csv"
    orders.write_text(orders.read_text() + "2026-11-22,b1,Atlas,3\n")
    admit(run, now=FIRED + timedelta(minutes=10))

    wait = Wait.objects.get(run=run.pk)
    assert (wait.outcome, wait.looks, wait.lacking, wait.until) == ("ready", 2, [], FIRED + timedelta(hours=1))


@pytest.mark.feature("SCH-16")
@pytest.mark.parametrize(
    ("otherwise", "raised", "outcome", "told"),
    [("skip", "Declined", "skipped", 0), ("alert", "Declined", "alerted", 1), ("stale", "", "stale", 0)],
)
def test_when_it_does_not_come(
    condition, cast, organization, otherwise: str, raised: str, outcome: str, told: int
) -> None:
    from broadsheet.collaboration.models import Mailing, Notification

    run = condition(LATE.replace("WHAT", otherwise))
    Schedule.objects.update(owner=cast.editor)
    run.refresh_from_db()

    assert refused(run, FIRED)[0] == "NotYet"
    late = FIRED + timedelta(hours=1)
    assert refused(run, late)[0] == raised
    assert refused(run, late + timedelta(days=1))[0] == raised  # whoever takes it over goes by the same answer
    assert Wait.objects.get(run=run.pk).outcome == outcome
    assert (Notification.objects.count(), Mailing.objects.count()) == (told, told)


@pytest.mark.feature("SCH-16")
def test_one_that_is_to_wait_does_so_until_the_deadline_of_the_run(condition) -> None:
    run = condition(LATE.replace("WHAT", "wait"))

    assert refused(run, FIRED + timedelta(hours=23))[0] == "NotYet"
    kind, words = refused(run, FIRED + timedelta(hours=24))
    assert kind == "Declined"
    assert words == (
        "Its data had not come by 2026-11-24 13:00 UTC. “orders” has not a row for November 2026 yet."
    )  # fmt: skip


@pytest.mark.feature("SCH-16", "SCH-17")
def test_what_a_person_starts_waits_for_nothing(condition) -> None:
    never = "only_if: {dataset: orders, metric: bought, above: 1000}"
    run = condition(f"{LATE.replace('WHAT', 'skip')}\n{never}", kind="manual")

    assert refused(run, FIRED) == ("", "")
    assert not Wait.objects.exists()
    assert not Evaluation.objects.exists()


OCTOBER = 'only_if: {dataset: orders, metric: spent, period: "2026-10", above: LIMIT}'


@pytest.mark.feature("SCH-17")
def test_a_figure_that_is_not_above_the_limit_skips_the_run_and_says_so(condition) -> None:
    # 30 + 12.5 + 7.5 + 20 + 5 + 100 + 1 = 176 euros in October, of everybody
    run = condition(OCTOBER.replace("LIMIT", "176"))

    kind, words = refused(run, FIRED)

    found = Evaluation.objects.get()
    assert (kind, found.value, found.verdict, found.because) == ("Declined", 176.0, "skip", "not_met")
    assert found.reason == "Spent was €176.00 for October 2026, not above €176.00."
    # the rows are each buyer's own: the figure is not for everybody who knows of the run
    assert words == "Spent was not above €176.00."


@pytest.mark.feature("SCH-17")
def test_a_figure_above_the_limit_lets_it_go_on(condition) -> None:
    run = condition(OCTOBER.replace("LIMIT", "175"))

    assert refused(run, FIRED) == ("", "")
    assert Evaluation.objects.get().reason == "Spent was €176.00 for October 2026, above €175.00."
    assert AlarmState.objects.get().status == "firing"


@pytest.mark.feature("SCH-17")
def test_a_run_that_is_claimed_again_is_not_evaluated_again(condition, folder) -> None:
    run = condition(OCTOBER.replace("above: LIMIT", "above: 175, in_a_row: 2"))
    assert refused(run, FIRED) == ("Declined", "Spent was above €175.00; 1 of 2 in a row.")
    (folder / "orders.csv").write_text("day,buyer_id,item,price\n2026-10-01,b1,Atlas,1\n")

    assert refused(run, FIRED) == ("Declined", "Spent was above €175.00; 1 of 2 in a row.")
    assert (Evaluation.objects.count(), AlarmState.objects.get().in_a_row) == (1, 1)


@pytest.mark.feature("SCH-17")
def test_who_lost_the_lease_writes_no_evaluation(condition) -> None:
    run = condition(OCTOBER.replace("LIMIT", "175"))
    Occurrence.objects.update(fence=run.fence + 1)

    with pytest.raises(claims.LostLease):
        admit(run, now=FIRED)
    assert not Evaluation.objects.exists()
    assert not AlarmState.objects.exists()


@pytest.mark.feature("SCH-17")
def test_the_second_firing_in_a_row_fires_and_another_condition_begins_anew(condition) -> None:
    twice = OCTOBER.replace("above: LIMIT", "above: 175, in_a_row: 2")

    assert refused(condition(twice), FIRED)[0] == "Declined"
    assert refused(condition(), FIRED)[0] == ""
    changed = condition(twice.replace("175", "174"))
    assert refused(changed, FIRED) == ("Declined", "Spent was above €174.00; 1 of 2 in a row.")


@pytest.mark.feature("SCH-17")
def test_a_clock_that_jumps_back_changes_no_cool_down(condition) -> None:
    quiet = OCTOBER.replace("above: LIMIT", "above: 175, cooldown_hours: 168.5")

    assert refused(condition(quiet), FIRED + timedelta(days=400))[0] == ""  # the clock was far ahead
    kind, words = refused(condition(), FIRED)  # a week later by the rule, and before it by the clock
    assert kind == "Declined"
    assert words.endswith("so none follows before 30 Nov 2026, 08:30 EST.")
    assert refused(condition(), FIRED)[0] == ""


@pytest.mark.feature("SCH-17")
@pytest.mark.parametrize(("error", "raised"), [("retry", "TryLater"), ("skip", "Declined"), ("fire", "")])
def test_a_source_that_is_away(condition, folder, error: str, raised: str) -> None:
    run = condition(OCTOBER.replace("above: LIMIT", f"above: 1, error: {error}"))
    for file in folder.glob("*.csv"):
        file.rename(file.with_suffix(".gone"))

    assert refused(run, FIRED)[0] == raised
    assert Evaluation.objects.count() == (0 if error == "retry" else 1)  # to try again is no evaluation


@pytest.mark.feature("SCH-16")
def test_a_query_that_passes_its_limits_is_data_that_has_not_come(condition, monkeypatch) -> None:
    from broadsheet.sources.actions import ask
    from broadsheet.sources.ports import Limits

    run = condition(LATE.replace("WHAT", "skip").replace("2026-11", "2026-10"))
    monkeypatch.setattr(ask, "LIMITS", Limits(rows=0))

    kind, words = refused(run, FIRED)
    assert (kind, words.startswith("Dataset “orders” gave more than 0 rows.")) == ("NotYet", True)


@pytest.mark.feature("SCH-16")
def test_a_source_that_does_not_answer_is_waited_for_and_a_dataset_that_is_gone_is_not(condition, folder: Path) -> None:
    from broadsheet.runs.errors import RunError

    run = condition(LATE.replace("WHAT", "skip").replace("2026-11", "2026-10"))
    for file in folder.glob("*.csv"):
        file.rename(file.with_suffix(".gone"))
    assert refused(run, FIRED)[0] == "NotYet"

    run.definition["ready"]["probes"][0]["rows"] = "ledgers"
    with pytest.raises(RunError, match=r"cannot be seen\. There is no dataset “ledgers”"):
        admit(run, now=FIRED)


@pytest.mark.feature("SCH-17")
def test_a_run_made_ahead_and_taken_back_is_one_evaluation_with_the_one_that_follows_it(condition) -> None:
    run = condition(OCTOBER.replace("above: LIMIT", "above: 175, in_a_row: 2"))
    assert refused(run, FIRED)[0] == "Declined"
    Occurrence.objects.all().delete()
    anew = Occurrence.objects.create(
        organization_id=run.organization_id, schedule=run.schedule, fire_at=run.fire_at, definition=run.definition,
        created_at=FIRED,
    )  # fmt: skip
    claimed = claims.claim(owner="test", now=FIRED)
    assert claimed is not None

    assert refused(claimed, FIRED) == ("Declined", "Spent was above €175.00; 1 of 2 in a row.")
    assert (Evaluation.objects.get().run, AlarmState.objects.get().in_a_row) == (anew.pk, 1)

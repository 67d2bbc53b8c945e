"""Files of a long run: each has the moment at which it was made, and no more answers than a batch's are in memory."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.plugins.django import NOW
from tests.plugins.shop import InProcess

from broadsheet.delivery.models import Delivery
from broadsheet.runs import claims
from broadsheet.runs.actions import make as making
from broadsheet.runs.actions import plan as planning
from broadsheet.runs.actions.work import Tools, carry
from broadsheet.runs.asking import Answered
from broadsheet.runs.due import Due
from broadsheet.runs.spool import Spool
from broadsheet.runs.store import artifact_store

pytestmark = [pytest.mark.feature("SCH-25"), pytest.mark.usefixtures("transactional_db")]
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> list[datetime]:
    """What time it is: its last."""
    return [NOW]


@pytest.fixture
def work(clock: list[datetime]) -> Callable[[], None]:
    def carried() -> None:
        claimed = claims.claim(owner="test", now=NOW)
        assert claimed is not None
        carry(claimed, Tools("test", InProcess(), artifact_store(), clock=lambda: clock[-1]))

    return carried


def test_a_file_has_the_moment_at_which_it_was_made(
    run: Any, clock: list[datetime], work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, genuine = run(), making.what_answers

    def slow(*given: Any) -> Answered:
        clock.append(NOW + HOUR)
        return genuine(*given)

    monkeypatch.setattr(making, "what_answers", slow)
    work()
    slices = asked.slices.all()
    assert {one.made_at for one in slices} == {NOW + HOUR}
    assert {one.artifact.made_at for slice in slices for one in slice.files.all()} == {NOW + HOUR}


def test_what_ends_in_the_plan_has_the_moment_at_which_it_is_written(
    run: Any, clock: list[datetime], work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, genuine = run(), planning.lay_out

    def slow(*given: Any, **more: Any) -> Any:
        found = genuine(*given, **more)
        clock.append(NOW + HOUR)
        return replace(found, entries=[replace(one, due=Due(ended="skipped")) for one in found.entries])

    monkeypatch.setattr(planning, "lay_out", slow)
    work()
    ended = Delivery.objects.filter(occurrence=asked)
    assert set(ended.values_list("state", "settled_at")) == {("skipped", NOW + HOUR)}
    asked.refresh_from_db()
    assert asked.as_of == NOW


def test_no_more_than_one_batch_is_in_memory(
    run: Any, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    monkeypatch.setattr(making, "BATCH", 1)
    genuine, take = making.what_answers, Spool.take
    numbers: list[int] = []

    def asked(*given: Any) -> Answered:
        numbers.append(_in_memory())
        return genuine(*given)

    def taken(self: Spool, number: int) -> Answered:
        numbers.append(_in_memory())
        return take(self, number)

    monkeypatch.setattr(making, "what_answers", asked)
    monkeypatch.setattr(Spool, "take", taken)
    work()
    assert numbers == [0, 1, 0, 0, 0, 0]  # the first waits for a second: a single one needs no disk


def _in_memory() -> int:
    gc.collect()
    return sum(type(one) is Answered for one in gc.get_objects())  # lazy ones of others would be made by `isinstance`

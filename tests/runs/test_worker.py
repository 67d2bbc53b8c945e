"""The loops of a working process: what they hold, what they give back, and how they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.db.models.functions import Now
from tests.plugins.django import NOW
from tests.plugins.shop import InProcess

from broadsheet.adapters.dispatchers.local import DISPATCHER
from broadsheet.runs import claims, worker
from broadsheet.runs.actions.work import Tools, carry
from broadsheet.runs.models import Occurrence
from broadsheet.runs.store import artifact_store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tools() -> Tools:
    return Tools("one", InProcess(), artifact_store(), clock=lambda: NOW)


@pytest.fixture
def away(monkeypatch) -> None:
    """The database goes away in the middle of each run."""

    def breaks_off(*_: object) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(worker, "carry", breaks_off)


def let_expire() -> None:
    Occurrence.objects.update(lease_until=Now() - timedelta(seconds=1))


@pytest.mark.feature("PRF-21")
def test_a_lease_whose_work_broke_off_is_not_kept_alive(run, tools: Tools, away) -> None:
    asked = run()
    one = worker.Worker(tools, DISPATCHER)
    with pytest.raises(OperationalError):
        one.step()
    let_expire()
    one._hold_all()
    assert claims.claim(owner="two", now=NOW).pk == asked.pk


@pytest.mark.feature("PRF-21")
def test_it_is_given_back_when_the_database_is_there_again(run, tools: Tools, away, monkeypatch) -> None:
    asked = run()
    one = worker.Worker(tools, DISPATCHER)
    with pytest.raises(OperationalError):
        one.step()
    monkeypatch.setattr(worker, "carry", carry)
    assert one.step()
    asked.refresh_from_db()
    assert (asked.state, asked.tries) == ("accepted", 0)


@pytest.mark.feature("PRF-21")
def test_what_is_in_hand_is_held(run, tools: Tools, monkeypatch) -> None:
    run()
    one = worker.Worker(tools, DISPATCHER)
    taken: list[object] = []

    def looks(*_: object) -> None:
        let_expire()
        one._hold_all()
        taken.append(claims.claim(owner="two", now=NOW))

    monkeypatch.setattr(worker, "carry", looks)
    one.step()
    assert taken == [None]


@pytest.mark.feature("PRF-21")
def test_a_process_that_is_to_end_gives_the_rest_back(run, finish, memory, tools: Tools, monkeypatch) -> None:
    monkeypatch.setattr("broadsheet.runs.actions.work.SENDERS", 1)
    asked, sends = run(), memory.send

    def ends_then(*given: object, **more: object):
        tools.stopping.set()
        return sends(*given, **more)

    monkeypatch.setattr(memory, "send", ends_then)
    worker.Worker(tools, DISPATCHER).step()
    asked.refresh_from_db()
    assert (len(memory.taken), asked.finished_at, asked.lease_until) == (1, None, None)
    assert finish(asked).state == "accepted"
    assert sorted(one.recipient_key for one in memory.taken) == ["b1", "b2", "b3"]

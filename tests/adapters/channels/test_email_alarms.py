"""Alarms ring once and in time, and cost nothing when they are cancelled."""

from __future__ import annotations

import threading
import time

from broadsheet.adapters.channels.email.alarms import Alarms


def test_they_ring_once_each_in_the_order_of_their_time() -> None:
    alarms, rung, over = Alarms(), [], threading.Event()
    start = time.monotonic()
    alarms.set(0.15, lambda: (rung.append("late"), over.set()))
    alarms.set(0.05, lambda: rung.append("early"))
    assert over.wait(3)
    assert rung == ["early", "late"]
    assert time.monotonic() - start >= 0.15
    time.sleep(0.05)
    assert rung == ["early", "late"]


def test_a_cancelled_one_does_not_ring_and_is_swept() -> None:
    alarms, rung = Alarms(), []
    for _ in range(5000):
        alarms.cancel(alarms.set(60, lambda: rung.append("no")))
    assert len(alarms._heap) < 500
    soon, over = alarms.set(0.05, lambda: rung.append("no")), threading.Event()
    alarms.cancel(soon)
    alarms.cancel(soon)
    alarms.set(0.1, over.set)
    assert over.wait(3)
    assert rung == []


def test_an_act_that_fails_does_not_end_the_others() -> None:
    alarms, over = Alarms(), threading.Event()

    def fail() -> None:
        raise OSError("gone")

    alarms.set(0.01, fail)
    alarms.set(0.05, over.set)
    assert over.wait(3)

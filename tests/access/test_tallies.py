"""Counts over all processes: what one does not remember, the database does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from tests.plugins.django import NOW

from broadsheet.access import tallies
from broadsheet.access.models import Tally

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SEC-23")]
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def another_process() -> None:
    cache.clear()


def count(*what: str, after: timedelta = timedelta()) -> int:
    return tallies.count(*(what or ("guess", "192.0.2.7")), seconds=60, now=NOW + after)


def test_each_process_goes_on_where_the_others_are() -> None:
    assert [count(), count()] == [1, 2]
    assert tallies.known("guess", "192.0.2.7") == 2
    cache.clear()  # as another process has it
    assert tallies.known("guess", "192.0.2.7") == 0
    assert count() == 3
    assert tallies.known("guess", "192.0.2.7") == 3


def test_a_window_ends_after_its_time_from_the_first() -> None:
    assert [count(), count(after=MINUTE * 0.9), count(after=MINUTE)] == [1, 2, 1]
    assert count(after=MINUTE * 1.9) == 2


def test_each_thing_has_its_own_count_and_cannot_be_read() -> None:
    assert [count("feed", "secret"), count("feed", "other")] == [1, 1]
    assert not Tally.objects.filter(key__contains="secret").exists()
    tallies.forget("feed", "secret")
    assert [count("feed", "secret"), count("feed", "other"), tallies.known("feed", "secret")] == [1, 2, 1]


def test_many_at_once_are_all_counted() -> None:
    def one(_: int) -> int:
        try:
            return count()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as callers:
        list(callers.map(one, range(20)))
    assert Tally.objects.get().number == 20


def test_old_ones_are_forgotten() -> None:
    count()
    count("feed", after=MINUTE)
    assert tallies.forget_old(now=NOW + MINUTE) == 1
    assert Tally.objects.count() == 1


def test_what_a_process_knows_ends_with_its_window(monkeypatch: pytest.MonkeyPatch) -> None:
    lasting: list[float] = []
    genuine = cache.set
    monkeypatch.setattr(
        cache, "set", lambda *given, timeout: (lasting.append(timeout), genuine(*given, timeout=timeout))
    )
    count(), count(after=MINUTE * 0.9)
    assert lasting == [60, pytest.approx(6)]


def test_nothing_is_written_for_what_is_known_to_be_over(django_assert_num_queries: Any) -> None:
    def over() -> bool:
        return tallies.over("guess", most=2, seconds=60, now=NOW)

    assert [over(), over()] == [False, False]
    with django_assert_num_queries(0):
        assert over()
    cache.clear()  # another process asks once
    assert over()
    with django_assert_num_queries(0):
        assert over()

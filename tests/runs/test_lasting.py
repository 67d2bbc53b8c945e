"""Connections that stay open from step to step."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from broadsheet.runs.lasting import Kept, keep_good

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("PRF-03")]


def used() -> object:
    """The connection under Django's, after something was asked over it."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return connection.connection


def test_a_good_connection_is_kept_and_a_broken_one_is_not() -> None:
    def steps() -> tuple[bool, bool]:
        first = used()
        keep_good()
        kept = used() is first
        connection.errors_occurred = True
        connection.is_usable = lambda: False
        keep_good()
        return kept, connection.connection is None

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(steps).result() == (True, True)


def test_a_pool_s_connections_last_over_its_tasks_and_end_with_the_block() -> None:
    def task(kept: Kept) -> tuple[object, object]:
        asked = used()
        kept.keep()
        with connection.cursor() as cursor:
            return cursor.db, asked

    with Kept() as kept, ThreadPoolExecutor(1) as thread:
        (wrapper, first), (_, second) = (thread.submit(task, kept).result() for _ in range(2))
    assert first is second
    assert wrapper.connection is None

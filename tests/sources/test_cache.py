"""Answers that are kept are the right ones for who asks, and only while the source has not changed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier

import pyarrow as pa
import pytest

from broadsheet.adapters.engines.duckdb import ENGINE
from broadsheet.core.document.tables import Ask, DataTable, Value
from broadsheet.core.policy import Reader
from broadsheet.sources.answers import Brought, Kept, Question, answer
from broadsheet.sources.cache import Cache
from broadsheet.sources.dataset import Dataset
from broadsheet.sources.ports import Connection, Limits

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
COUNT = Ask("lead-events", ("delivered",))
HARBOR = Reader("h", "Harbor", attributes={"buyer_id": "harbor"})
VERDANT = Reader("v", "Verdant", attributes={"buyer_id": "verdant"})
NOBODY = Reader("n", "Nobody")
EDITOR = Reader("e", "Editor", unrestricted=True)


class Counting:
    def __init__(self, inner: Connection) -> None:
        self.inner = inner
        self.queries = 0

    def tables(self) -> tuple[str, ...]:
        return self.inner.tables()

    def query(self, sql: str, parameters: Sequence[Value]) -> pa.Table:
        self.queries += 1
        return self.inner.query(sql, parameters)

    def close(self) -> None:
        self.inner.close()


class Asker:
    def __init__(self, dataset: Dataset, connection: Connection) -> None:
        self.dataset = dataset
        self.connection = Counting(connection)
        self.cache: Cache[Brought] = Cache()

    def __call__(
        self, reader: Reader, *, stamp: str = "one", dataset: Dataset | None = None
    ) -> list[tuple[Value, ...]]:
        found: dict[str, DataTable] = answer(
            dataset or self.dataset,
            [Question("q", COUNT, reader)],
            engine=ENGINE,
            connection=self.connection,
            limits=Limits(),
            as_of=NOW,
            kept=Kept("leads", stamp, self.cache),
        )
        return list(found["q"].rows)


@pytest.fixture
def ask(leads: Dataset, connection: Connection) -> Asker:
    return Asker(leads, connection)


@pytest.mark.feature("PRF-04")
def test_the_same_question_again_needs_no_query(ask: Asker) -> None:
    assert ask(HARBOR) == ask(HARBOR) == [(3,)]
    assert ask.connection.queries == 1


@pytest.mark.feature("PRF-04")
@pytest.mark.feature("SEC-07")
def test_no_reader_gets_what_was_kept_for_another(ask: Asker) -> None:
    assert [ask(one) for one in (EDITOR, HARBOR, VERDANT, NOBODY, EDITOR)] == [[(6,)], [(3,)], [(2,)], [], [(6,)]]


@pytest.mark.feature("SEC-07")
def test_a_dataset_that_loses_its_rule_is_asked_anew(ask: Asker, leads: Dataset) -> None:
    assert ask(HARBOR) == [(3,)]
    assert ask(HARBOR, dataset=replace(leads, rows=())) == [(6,)]
    assert ask(HARBOR) == [(3,)]


@pytest.mark.feature("PRF-04")
def test_a_source_that_changed_is_asked_anew_and_one_that_cannot_tell_always(ask: Asker) -> None:
    for stamp in ("one", "two", "", ""):
        ask(HARBOR, stamp=stamp)
    assert ask.connection.queries == 4


@pytest.mark.feature("PRF-04")
def test_many_who_ask_at_once_wait_for_one_answer() -> None:
    cache: Cache[int] = Cache()
    begin = Barrier(8)
    made = []

    def make() -> tuple[int, int]:
        made.append(1)
        return 42, 1

    def get(_: int) -> int:
        begin.wait()
        return cache.get("key", make)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(get, range(8))) == [42] * 8
    assert len(made) == 1


def test_the_least_used_goes_first_and_a_giant_is_not_kept() -> None:
    cache: Cache[str] = Cache(cells=8)
    for name in ("a", "b", "c", "d"):
        cache.get(name, lambda name=name: (name, 2))
    cache.get("a", lambda: ("never", 2))
    cache.get("e", lambda: ("e", 2))  # pushes out b
    assert cache.get("a", lambda: ("new", 2)) == "a"
    assert cache.get("b", lambda: ("new", 2)) == "new"
    assert cache.get("giant", lambda: ("giant", 3)) == "giant"
    assert cache.get("giant", lambda: ("again", 3)) == "again"


def test_what_failed_is_not_kept() -> None:
    cache: Cache[str] = Cache()

    def fail() -> tuple[str, int]:
        raise LookupError("down")

    with pytest.raises(LookupError):
        cache.get("key", fail)
    assert cache.get("key", lambda: ("up", 1)) == "up"


def test_what_two_made_side_by_side_after_a_failure_counts_once() -> None:
    cache: Cache[str] = Cache(cells=8)

    def meanwhile() -> tuple[str, int]:
        cache._busy.pop("key")  # as when the first of three has just failed: the third does not wait for the second
        cache.get("key", lambda: ("other", 2))
        return "value", 2

    cache.get("key", meanwhile)
    for name in ("a", "b", "c"):
        cache.get(name, lambda name=name: (name, 2))
    assert cache.get("key", lambda: ("never", 2)) == "value"

"""What a run's queries give is counted in sum, kept answers too, and ends at the run's bounds."""

from __future__ import annotations

import pytest
from tests.sources.test_answers import NOW

from broadsheet.adapters.engines.duckdb import ENGINE
from broadsheet.core.document.tables import Ask, Grouping
from broadsheet.core.policy import Reader
from broadsheet.sources.answers import Kept, Question, answer
from broadsheet.sources.cache import Cache
from broadsheet.sources.errors import LimitExceeded
from broadsheet.sources.metering import Meter
from broadsheet.sources.ports import Limits

pytestmark = [pytest.mark.feature("SCH-24"), pytest.mark.feature("PRF-02")]
ALL = Reader("all", "All", unrestricted=True)
BY_SOURCE = Ask("lead-events", ("delivered",), (Grouping("source"),))
TOTAL = Ask("lead-events", ("delivered",))


def asked(leads, connection, meter: Meter, *asks: Ask, kept: Kept | None = None) -> None:
    questions = [Question(f"{number}", one, ALL) for number, one in enumerate(asks)]
    answer(
        leads, questions, engine=ENGINE, connection=connection, limits=meter.narrowed(Limits()), as_of=NOW, kept=kept,
        meter=meter,
    )  # fmt: skip


def sources(connection) -> int:
    return connection.query("select count(distinct source) from events", ()).column(0).to_pylist()[0]


def test_rows_bytes_and_queries_are_counted(leads, connection) -> None:
    meter = Meter()
    asked(leads, connection, meter, BY_SOURCE, TOTAL)
    assert (meter.queries, meter.rows) == (2, sources(connection) + 1)
    assert meter.bytes > 0


def test_queries_that_give_too_much_together_are_refused_though_each_is_small(leads, connection) -> None:
    most = sources(connection)
    asked(leads, connection, Meter(most_rows=most), BY_SOURCE)
    with pytest.raises(LimitExceeded, match=rf"gave more than {most} rows together. .* raise the limit of rows"):
        asked(leads, connection, Meter(most_rows=most), BY_SOURCE, TOTAL)


def test_one_query_that_gives_too_much_is_refused_by_itself(leads, connection) -> None:
    told = r"“lead-events” gave more than 1 rows\. Narrow the period, group by less, or raise the limit of rows\."
    with pytest.raises(LimitExceeded, match=told):
        asked(leads, connection, Meter(most_rows=1), BY_SOURCE)
    with pytest.raises(LimitExceeded, match=r"more than 1e-05 MB\. Ask for .*, or raise the limit of megabytes\."):
        asked(leads, connection, Meter(most_bytes=10), BY_SOURCE)


def test_bytes_end_like_rows(leads, connection) -> None:
    used = Meter()
    asked(leads, connection, used, BY_SOURCE)
    with pytest.raises(LimitExceeded, match=r"MB together. .* raise the limit of megabytes"):
        asked(leads, connection, Meter(most_bytes=used.bytes), BY_SOURCE, TOTAL)


def test_kept_answers_count_as_if_they_were_asked_for_and_once_for_a_run(leads, connection) -> None:
    kept: Kept = Kept("shop", "now", Cache())
    first, second = Meter(), Meter()
    asked(leads, connection, first, BY_SOURCE, TOTAL, kept=kept)
    asked(leads, connection, second, BY_SOURCE, TOTAL, kept=kept)
    assert (second.queries, second.rows, second.bytes) == (first.queries, first.rows, first.bytes)
    asked(leads, connection, second, BY_SOURCE, kept=kept)
    assert second.queries == 2


def test_limits_of_a_query_are_only_narrowed() -> None:
    wide = Meter(most_rows=10**9, most_bytes=10**12).narrowed(Limits())
    assert wide == Limits()

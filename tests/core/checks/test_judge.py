"""Judgements of content, each with the arithmetic that it rests on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.checks import Checked, Limits, Past, judge_batch, judge_files, judge_slice, judge_stale

pytestmark = pytest.mark.feature("BEY-03")
LIMITS = Limits()
BLOCKS = {"month": "The month", "items": "By item"}


def slice_of(rows: int, past: list[int], *, limits: Limits = LIMITS, weekday: int | None = None) -> list[str]:
    found = judge_slice(
        limits, {}, rows=rows, failed={}, blocks={}, past=[Past(one) for one in past], weekday=weekday
    )  # fmt: skip
    return [one.text() for one in found]


@pytest.mark.parametrize(
    ("rows", "past", "found"),
    [
        (3, [], []),  # a first run has nothing to be compared with
        (3, [1200, 1300], []),  # two are not enough to know
        (3, [1200, 1240, 1300], ["3 rows; the median of the last 3 runs was 1,240."]),  # 0.2 %
        (1, [1200, 1240, 1300], ["1 row; the median of the last 3 runs was 1,240."]),
        (310, [1200, 1240, 1300], []),  # exactly a quarter
        (309, [1200, 1240, 1300], ["309 rows; the median of the last 3 runs was 1,240."]),
        (
            309,
            [1240, 1240, 1, 1240],
            ["309 rows; the median of the last 4 runs was 1,240."],
        ),  # one odd run hides nothing
        (309, [300, 300, 300, 90_000], []),  # nor makes a fault
        (1, [9, 9, 9], []),  # a share of so few says nothing
    ],
)
def test_rows_that_collapse_against_the_median(rows: int, past: list[int], found: list[str]) -> None:
    assert slice_of(rows, past) == found


def test_runs_of_one_weekday_are_called_by_it() -> None:
    assert slice_of(3, [1200, 1240, 1300], weekday=0) == ["3 rows; the median of the last 3 Mondays was 1,240."]


@pytest.mark.parametrize("do", ["hold", "warn", "off"])
def test_each_check_holds_warns_or_is_off(do: str) -> None:
    limits = replace(LIMITS, failed_block=do, blank_block=do, collapse=do, stale=do, size=do)  # type: ignore[arg-type]
    past = [Past(50, {"items": 50})] * 3
    found = [
        *judge_slice(limits, {"items": 0}, rows=0, failed={"month": "No table."}, blocks=BLOCKS, past=past),
        *judge_stale(replace(limits, stale_hours=5), {"orders": 9}, {}),
        *judge_files(limits, {"a.csv": 0}, mailed=False),
    ]
    checks = ["failed_block", "blank_block", "collapse", "stale", "empty_file"]
    assert [(one.check, one.do) for one in found] == ([] if do == "off" else [(one, do) for one in checks])


def test_a_block_is_blank_only_where_it_always_had_rows() -> None:
    def found(*before: int) -> list[str]:
        past = [Past(20, {"items": one, "month": 1}) for one in before]
        counts = {"items": 0, "month": 1}
        return [one.text() for one in judge_slice(LIMITS, counts, rows=20, failed={}, blocks=BLOCKS, past=past)]

    assert found(4, 7, 5) == ["“By item” is blank; the median of the last 3 runs was 5 rows."]
    assert found(1, 1, 1) == ["“By item” is blank; the median of the last 3 runs was 1 row."]
    assert found(4, 0, 5) == []
    assert found(4, 7) == []


def test_a_failed_block_is_named_with_the_reason() -> None:
    [one] = judge_slice(LIMITS, {}, rows=1, failed={"items.previous": "No column “x”."}, blocks=BLOCKS, past=[])
    assert one.text() == "Data “items.previous” of “By item” could not be read. No column “x”."


@pytest.mark.parametrize(
    ("held", "slices", "holds"),
    [
        (0, 4, False),
        (1, 1, True),
        (1, 3, False),
        (2, 2, True),
        (2, 8, False),
        (3, 8, True),
        (10, 40, False),
        (11, 40, True),
    ],
)
def test_the_run_is_held_when_more_than_a_quarter_of_its_slices_are(held: int, slices: int, holds: bool) -> None:
    checked = [Checked(5, (), number < held) for number in range(slices)]
    assert [one.check for one in judge_batch(LIMITS, checked)] == (["share"] if holds else [])


def test_all_slices_together_collapse_where_none_alone_is_large_enough() -> None:
    past = tuple(Past(8) for _ in range(3))
    checked = [Checked(1, past, False)] * 5 + [Checked(400, (), False)]  # who is new counts on neither side
    [found] = judge_batch(LIMITS, checked)
    assert found.text() == "5 rows; the median of the last 3 runs was 40."


@pytest.mark.parametrize(
    ("age", "hours", "past", "found"),
    [
        (30.0, None, [], []),
        (30.0, 24, [], ["The newest row of “orders” was 30 hours old; up to 24 hours are allowed."]),
        (24.0, 24, [], []),
        (33.0, None, [9.0, 9.0, 9.2], ["The newest row of “orders” was 33 hours old; up to 15 hours are usual."]),
        (13.0, None, [9.0, 9.0, 9.2], []),
        (82.0, None, [10.0, 34.0, 58.0], []),  # data that stands still for good, such as a sample
    ],
)
def test_data_is_stale_by_a_limit_or_by_what_it_used_to_be(
    age: float, hours: float | None, past: list[float], found: list[str]
) -> None:
    said = judge_stale(replace(LIMITS, stale_hours=hours), {"orders": age}, {"orders": past})
    assert [one.text() for one in said] == found


def test_files_are_too_large_for_mail_or_for_the_limit() -> None:
    large = {"a.pdf": 20_000_000, "b.xlsx": 6_000_000}
    assert [one.text() for one in judge_files(LIMITS, large, mailed=True)] == ["The files are 26.0 MB; 25.0 MB may go."]
    assert judge_files(LIMITS, large, mailed=False) == []
    assert judge_files(replace(LIMITS, megabytes=30), large, mailed=True) == []
    assert [one.check for one in judge_files(replace(LIMITS, megabytes=10), large, mailed=False)] == ["size"]


@pytest.mark.parametrize(
    ("own", "channel", "said"),
    [
        (None, 10, ["The files are 26.0 MB; 10 MB may go by “Mail”."]),
        (None, 30, []),  # and not the 25 that mail servers commonly take
        (20, 10, ["The files are 26.0 MB; 10 MB may go by “Mail”."]),
        (10, 20, ["The files are 26.0 MB; 10 MB may go."]),
        (30, 30, []),
    ],
)
def test_the_channels_own_limit_counts_where_it_is_the_less(own: float, channel: float, said: list[str]) -> None:
    limits = replace(LIMITS, megabytes=own)
    found = judge_files(limits, {"a.pdf": 26_000_000}, mailed=True, channel="Mail", most=channel)
    assert [one.text() for one in found] == said


@given(st.integers(0, 10_000), st.lists(st.integers(0, 10_000), max_size=12))
def test_what_is_usual_never_collapses(rows: int, past: list[int]) -> None:
    found = slice_of(rows, past)
    assert not found or rows < max(past) / 4
    assert slice_of(max(past, default=0), past) == []

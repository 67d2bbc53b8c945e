"""Answers on disk: each comes back as it was, nothing of them can be read there, and a full disk is told."""

from __future__ import annotations

import io

import pytest

from broadsheet.core.document.tables import Column, DataTable
from broadsheet.runs import spool
from broadsheet.runs.asking import Answered
from broadsheet.runs.errors import TryLater
from broadsheet.runs.spool import Spool

pytestmark = pytest.mark.feature("BEY-03")


def answers(word: str) -> Answered:
    return Answered({"key": {"items": DataTable((Column("name", "Name", "text"),), ((word,),))}}, {"month": "away"})


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> list[io.BytesIO]:
    """The files that were made."""
    made: list[io.BytesIO] = []

    def opened(**_: object) -> io.BytesIO:
        made.append(io.BytesIO())
        return made[-1]

    monkeypatch.setattr(spool, "TemporaryFile", opened)
    return made


def test_each_comes_back_in_any_order(disk: list[io.BytesIO]) -> None:
    with Spool() as kept:
        for word in ("one", "two", "three"):
            kept.put(answers(word))
        assert [kept.take(number) for number in (2, 0, 1, 0)] == list(map(answers, ("three", "one", "two", "one")))
    assert disk[0].closed


def test_a_single_one_needs_no_disk(disk: list[io.BytesIO]) -> None:
    with Spool() as kept:
        kept.put(answers("one"))
        assert kept.take(0) == answers("one")
    assert disk == []


def test_nothing_can_be_read_on_the_disk(disk: list[io.BytesIO]) -> None:
    with Spool() as kept:
        for word in ("Ada Stone", "Bo Reed"):
            kept.put(answers(word))
        lying = disk[0].getvalue()
    assert lying and not any(word in lying for word in (b"Ada", b"Bo Reed", b"items"))


def test_a_full_disk_is_told_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> io.BytesIO:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "TemporaryFile", full)
    with Spool() as kept:
        kept.put(answers("one"))
        with pytest.raises(TryLater, match=r"No space left on device\. Free room") as told:
            kept.put(answers("two"))
    assert told.value.cause == "store"


def test_a_file_that_cannot_be_closed_takes_no_answers_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in the buffer is written once more when it closes: the disk is still full then."""

    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(28, "No space left on device")

        def close(self) -> None:
            super().close()
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "TemporaryFile", lambda **_: Full())
    with pytest.raises(TryLater), Spool() as kept:
        for word in ("one", "two"):
            kept.put(answers(word))

"""Headline figures stand in one line, and the words around them stay on theirs."""

from __future__ import annotations

import pytest

from broadsheet.adapters.formats.pdf.headlines import SMALL, SMALLEST, lines_below, names_above
from broadsheet.core.charts.measure import em
from broadsheet.core.document.model import Metric

ROOM = 72.8  # pt: six abreast

pytestmark = pytest.mark.feature("FMT-01")


def metric(label: str = "Leads", delta: str = "−4.4 %", versus: str = "vs Sep", previous: str = "Sep 5,034") -> Metric:
    return Metric("leads", label, "4,812", delta=delta, delta_tone="worse", versus=versus, previous=previous)


def test_short_words_keep_their_size() -> None:
    assert names_above((metric(),), ROOM) == {"label_size": SMALL, "label_lines": 1}
    lines, size = lines_below((metric(),), ROOM, rtl=False)
    assert (lines, size) == ([[[["−4.4 %", "worse"], ["vs Sep", ""]], [["Sep 5,034", "second"]]]], SMALL)


def test_one_long_name_makes_all_smaller_and_a_longer_one_gives_all_two_lines() -> None:
    longer = names_above((metric("Kosten je Neuabschluss"), metric()), ROOM)
    assert longer["label_lines"] == 1
    assert SMALLEST < float(str(longer["label_size"])) < SMALL
    assert names_above((metric("Share of all leads that came back"),), ROOM) == {
        "label_size": SMALLEST,
        "label_lines": 2,
    }


def test_the_period_is_named_once_where_twice_does_not_fit() -> None:
    lines, size = lines_below((metric(versus="vs 9–15 September 2026"),), ROOM, rtl=False)
    assert lines[0][0] == [["−4.4 %", "worse"]]
    assert size == SMALL
    lines, _ = lines_below((metric(versus="vs 9–15 September 2026", previous=""),), ROOM, rtl=False)
    assert lines[0][0][1] == ["vs 9–15 September 2026", ""]


def test_full_width_signs_are_measured_whole() -> None:
    assert em("￥1万") == pytest.approx(2 + em("1"))

"""Any chart at all, sensible or not."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from broadsheet.core.document.model import Annotation, Chart, FormatHint, Reference, Series

KINDS = ("line", "area", "bar", "stacked_bar", "pie", "scatter", "combo")
words = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["Leads", "شركة الطاقة", "株式会社サンライズ", "a" * 300, "</svg>&\"'<x>", "two words here", "\x00\x1b"]
    ),
)
numbers = st.one_of(
    st.none(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-1000, 1000).map(float),
    st.sampled_from([0.0, -0.0, 1e308, -1e308, 5e-324, 1e-9, 4e8, math.nan]),
)
hints = st.builds(
    FormatHint,
    kind=st.sampled_from(["integer", "number", "money", "percent", "text"]),
    decimals=st.integers(0, 4),
    currency=st.sampled_from(["", "USD", "CHF"]),
    scale=st.sampled_from(["", "k", "M"]),
    signed=st.booleans(),
)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    count = draw(st.integers(0, 14))
    column = st.lists(numbers, max_size=count + 2).map(tuple)
    texts = st.lists(words, max_size=count + 1).map(tuple)
    series = st.builds(
        Series,
        name=words,
        label=words,
        values=column,
        texts=texts,
        mark=st.sampled_from(["line", "area", "bar", "point", "?"]),
        color=st.sampled_from(["1", "2", "6", "muted", "worse", "9"]),
        dashed=st.booleans(),
    )
    place = st.integers(-2, count + 2)
    tones = st.lists(st.sampled_from(["", "worse", "better", "faint"]), max_size=count).map(tuple)
    return Chart(
        name=draw(words),
        kind=draw(st.sampled_from(KINDS)),
        title=draw(words),
        x=tuple(draw(st.lists(words, min_size=count, max_size=count))),
        series=tuple(draw(st.lists(series, max_size=7))),
        alt=draw(words),
        x_kind=draw(st.sampled_from(["category", "time", "number"])),
        x_values=draw(st.lists(st.one_of(words, st.floats()), max_size=count).map(tuple)),
        x_ticks=draw(st.lists(place, max_size=4).map(tuple)),
        shaded=draw(st.lists(place, max_size=4).map(tuple)),
        horizontal=draw(st.booleans()),
        highlight=draw(st.lists(place, max_size=3).map(tuple)),
        compare=draw(column),
        compare_label=draw(words),
        columns=tuple(draw(st.lists(st.tuples(words, texts, tones), max_size=3))),
        references=tuple(draw(st.lists(st.builds(Reference, st.floats(), words), max_size=2))),
        annotations=tuple(draw(st.lists(st.builds(Annotation, place, words, words), max_size=4))),
        axis_hint=draw(hints),
        axis_unit=draw(words),
        from_zero=draw(st.booleans()),
        height=draw(st.sampled_from([0.0, 0.3, 2.0, -1.0, 1e9, math.nan])),
        empty=draw(words),
    )

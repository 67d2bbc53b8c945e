"""What a chart shows: marks where the values are, names where the eye is, gaps where nothing is known."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from broadsheet.core.charts import sparkline, svg
from broadsheet.core.document.model import Annotation, Chart, FormatHint, Reference, Series
from broadsheet.core.theme import DEFAULT

SVG = "{http://www.w3.org/2000/svg}"
LIGHT = DEFAULT.light
MONTHS = ("Jan", "Feb", "Mar", "Apr")
COUNT = FormatHint("integer")


def chart(kind: str, *series: Series, **more: object) -> Chart:
    plain = Chart("leads", kind, "Leads", MONTHS, series, "Four months.", axis_hint=COUNT)
    return replace(plain, **more)  # type: ignore[arg-type]


def one(*values: float | None, name: str = "accepted", label: str = "Accepted", **more: object) -> Series:
    return Series(name, label, values, tuple("" if v is None else f"{v:g}" for v in values), **more)  # type: ignore[arg-type]


def drawn(subject: Chart, **options: object) -> ET.Element:
    return ET.fromstring(svg(subject, **{"width": 600, "tokens": LIGHT, **options}))  # type: ignore[arg-type]


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def rects(root: ET.Element, color: str) -> list[ET.Element]:
    return [element for element in root.iter(f"{SVG}rect") if element.attrib["fill"] == color]


@pytest.mark.feature("FMT-17")
def test_the_alternative_text_is_the_label() -> None:
    root = drawn(chart("line", one(1, 2, 3, 4)))
    assert (root.attrib["role"], root.attrib["aria-label"]) == ("img", "Four months.")


def test_a_gap_cuts_the_line() -> None:
    paths = [p.attrib["d"] for p in drawn(chart("line", one(1, 2, None, 4, 5), x=(*MONTHS, "May"))).iter(f"{SVG}path")]
    assert [path.count("L") for path in paths] == [1, 1]


def test_a_lone_point_between_gaps_is_a_dot() -> None:
    root = drawn(chart("line", one(None, 2, None, None)))
    assert len(list(root.iter(f"{SVG}circle"))) == 1


def test_lines_are_named_at_their_ends_with_their_last_figure() -> None:
    found = texts(drawn(chart("line", one(1, 2, 3, 4), one(2, 3, 4, 9, name="delivered", label="Delivered"))))
    assert {"Accepted 4", "Delivered 9"} <= set(found)


def test_names_of_lines_that_end_together_do_not_touch() -> None:
    series = [one(1, 2, 3, 4 + place / 1000, name=str(place), label=f"Source {place}") for place in range(4)]
    root = drawn(chart("line", *series))
    heights = sorted(float(t.attrib["y"]) for t in root.iter(f"{SVG}text") if (t.text or "").startswith("Source"))
    assert len(heights) == 4
    assert all(second - first >= 14 for first, second in itertools.pairwise(heights))


def test_five_lines_get_a_key_instead() -> None:
    series = [one(1, 2, 3, place, name=str(place), label=f"Source {place}") for place in range(1, 6)]
    found = texts(drawn(chart("line", *series)))
    assert [text for text in found if text.startswith("Source")] == [f"Source {place}" for place in range(1, 6)]


def test_series_left_at_the_first_colour_get_one_each() -> None:
    root = drawn(chart("bar", one(1, 2, 3, 4), one(1, 2, 3, 4, name="b", label="B")))
    assert (
        len(rects(root, LIGHT.categorical[0])) == len(rects(root, LIGHT.categorical[1])) == 5
    )  # four bars and the key


def test_bars_stand_on_zero_whatever_is_asked() -> None:
    root = drawn(chart("bar", one(90, 95, 100, 98), from_zero=False))
    heights = [float(bar.attrib["height"]) for bar in rects(root, LIGHT.sequential[4])]
    assert heights[0] / heights[2] == pytest.approx(0.9, abs=0.01)


def test_negative_bars_hang_below_the_base_line() -> None:
    root = drawn(chart("bar", one(5, -5, 5, 5)))
    bars = rects(root, LIGHT.sequential[4])
    base = float(bars[0].attrib["y"]) + float(bars[0].attrib["height"])
    assert float(bars[1].attrib["y"]) == pytest.approx(base, abs=0.11)


def test_stacks_reach_the_sum() -> None:
    root = drawn(chart("stacked_bar", one(10, 10, 10, 10), one(30, 30, 30, 30, name="b", label="B")))
    assert "40" in texts(root)
    lower, upper = rects(root, LIGHT.categorical[0])[-1], rects(root, LIGHT.categorical[1])[-1]
    assert float(upper.attrib["height"]) / float(lower.attrib["height"]) == pytest.approx(3, rel=0.03)


def test_the_axis_tells_its_unit_once_on_top() -> None:
    found = texts(drawn(chart("line", one(10, 20, 30, 40), axis_unit="leads")))
    assert [text for text in found if "leads" in text] == ["40 leads"]


@pytest.mark.parametrize(
    ("hint", "style", "values", "top"),
    [
        (FormatHint("percent"), (".", ","), (0.2, 0.5, 0.7, 0.95), "100\u202f%"),
        (FormatHint("money", currency="USD", scale="k"), (".", ","), (1e5, 2e5, 3e5, 4e5), "$400\u202fk"),
        (FormatHint("money", currency="CHF"), (",", "\u202f"), (1e3, 2e3, 4e3, 5e3), "5\u202f000 CHF"),
        (FormatHint("number"), (",", "."), (0.1, 0.2, 0.3, 0.45), "0,4"),
        (FormatHint("number"), (".", ","), (1e8, 2e8, 3e8, 4e8), "400\u202fM"),
        (COUNT, (".", ","), (3, 9, 12, 11), "10"),  # never 12.5
        (COUNT, (".", ","), (0, 1, 0, 2), "2"),
    ],
)
def test_the_axis_is_written_as_its_numbers_are(
    hint: FormatHint, style: tuple[str, str], values: tuple[float, ...], top: str
) -> None:
    assert top in texts(drawn(chart("line", one(*values), axis_hint=hint), number_style=style))


@pytest.mark.parametrize(
    ("unit", "values", "top"),
    [("# Tsd. €", (1e5, 4e5), "400 Tsd. €"), ("R$ # mil", (-9e5, 5e5), "R$ 500 mil")],
)
def test_the_unit_may_stand_around_the_top_figure(unit: str, values: tuple[float, ...], top: str) -> None:
    hint = FormatHint("money", currency="EUR", scale="k")
    found = texts(drawn(chart("line", one(*values), x=MONTHS[:2], axis_hint=hint, axis_unit=unit)))
    assert top in found
    assert not [text for text in found if "#" in text]


@pytest.mark.parametrize(("width", "height"), [(984, 0.2 * 984), (343, 15 * 12)])
def test_a_height_that_suits_a_page_is_not_too_flat_on_a_phone(width: int, height: float) -> None:
    root = drawn(chart("line", one(1, 2, 3, 4), height=0.2), width=width)
    assert float(root.attrib["height"]) == pytest.approx(height, rel=0.02)


def test_weekends_are_tinted() -> None:
    assert len(rects(drawn(chart("line", one(1, 2, 3, 4), shaded=(1, 2))), LIGHT.tint)) == 2


def test_a_reference_is_dashed_and_named() -> None:
    root = drawn(chart("line", one(1, 2, 3, 4), references=(Reference(3, "Target 3"),)))
    assert "Target 3" in texts(root)
    assert sum("stroke-dasharray" in line.attrib for line in root.iter(f"{SVG}line")) == 1


def test_an_annotation_has_two_lines_and_a_hollow_point() -> None:
    root = drawn(chart("line", one(9, 2, 8, 9), annotations=(Annotation(1, "Feb: outage", "two instead of nine"),)))
    assert {"Feb: outage", "two instead of nine"} <= set(texts(root))
    assert [c.attrib["fill"] for c in root.iter(f"{SVG}circle")] == [LIGHT.paper]


def test_an_annotation_stands_on_the_series_that_it_names() -> None:
    delivered = one(90, 80, 85, 90, name="delivered", label="Delivered", color="muted")
    both = chart("line", delivered, one(9, 2, 8, 9), annotations=(Annotation(1, "Feb: 80", series="delivered"),))
    unnamed = replace(both, annotations=(Annotation(1, "Feb: 80"),))
    [there], [main] = ([float(c.attrib["cy"]) for c in drawn(made).iter(f"{SVG}circle")] for made in (both, unnamed))
    assert there < main / 2


def test_an_annotation_without_a_free_place_keeps_only_its_point() -> None:
    up_and_down = tuple(float(number % 2) for number in range(200))
    dense = chart(
        "line", one(*up_and_down), x=tuple(map(str, range(200))), annotations=(Annotation(1, "No place", "anywhere"),)
    )
    root = drawn(dense, width=400)
    assert "No place" not in texts(root)
    assert len(list(root.iter(f"{SVG}circle"))) == 1


def test_horizontal_bars_have_figures_tones_and_marks() -> None:
    root = drawn(
        chart(
            "bar",
            one(4, 3, 2, 1),
            horizontal=True,
            highlight=(1,),
            compare=(5, 4, None, 1),
            compare_label="September",
            columns=(("vs Sep", ("+1 %", "−9 %", "0 %", "†"), ("", "worse", "", "faint")),),
        )
    )
    tones = {t.text: (t.attrib["fill"], t.attrib.get("font-weight")) for t in root.iter(f"{SVG}text")}
    assert tones["−9 %"] == (LIGHT.worse, "600")
    assert tones["†"] == (LIGHT.ink3, None)
    assert tones["September"] == (LIGHT.ink2, None)
    assert len(rects(root, LIGHT.accent)) == 1
    assert len(list(root.iter(f"{SVG}line"))) == 4  # three marks of September and one in the key


def test_right_to_left_puts_names_on_the_right() -> None:
    subject = chart("bar", one(4, 3, 2, 1), horizontal=True)
    name = next(t for t in drawn(subject, direction="rtl").iter(f"{SVG}text") if t.text == "Jan")
    assert (name.attrib["x"], name.attrib["text-anchor"]) == ("600", "end")


def test_a_seventh_slice_is_grey() -> None:
    names = tuple("abcdefgh")
    root = drawn(chart("pie", one(8, 7, 6, 5, 4, 3, 2, 1), x=names))
    fills = [path.attrib["fill"] for path in root.iter(f"{SVG}path") if "A" in path.attrib["d"]]
    assert fills == [*LIGHT.categorical[:5], LIGHT.ink3, LIGHT.ink3, LIGHT.ink3]


def test_a_chart_without_values_says_so() -> None:
    assert texts(drawn(chart("line", one(None, None, None, None), empty="No leads."))) == ["No leads."]


@pytest.mark.feature("FMT-05")
def test_colours_become_custom_properties() -> None:
    text = svg(chart("bar", one(1, 2, 3, 4), highlight=(3,)), width=600, tokens=LIGHT, css=True)
    assert "var(--bs-accent, #025975)" in text
    assert not re.search(r'(fill|stroke)="#', text)


@pytest.mark.feature("FMT-05")
@pytest.mark.parametrize("kind", ["line", "area", "bar", "stacked_bar", "pie", "scatter", "combo"])
def test_each_point_tells_its_figure_when_interactive(kind: str) -> None:
    root = drawn(chart(kind, one(1, 2, 3, 4)), interactive=True)
    points = [group for group in root.iter(f"{SVG}g") if group.attrib["class"] == "bs-pt"]
    assert [(p.attrib["data-i"], p.attrib["data-s"]) for p in points] == [(str(i), "accepted") for i in range(4)]
    assert [p.attrib["tabindex"] for p in points] == ["0", "-1", "-1", "-1"]
    assert points[2].findtext(f"{SVG}title") == "Accepted, Mar: 3"


def test_text_cannot_leave_its_place() -> None:
    evil = '"/><script>alert(1)</script>'
    root = drawn(
        replace(chart("bar", one(1, 2, 3, 4, name=evil, label=evil)), x=(evil,) * 4, alt=evil), interactive=True
    )
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {"svg", "g", "title", "rect", "line", "text"}
    assert root.attrib["aria-label"] == evil


@pytest.mark.feature("FMT-17")
def test_a_sparkline_ends_in_the_accent() -> None:
    root = ET.fromstring(sparkline((1, None, 3, 2), width=100, height=24, tokens=LIGHT))
    assert root.attrib["aria-hidden"] == "true"
    assert [c.attrib["fill"] for c in root.iter(f"{SVG}circle")][-1] == LIGHT.accent

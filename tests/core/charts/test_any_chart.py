"""Whatever the chart: well-formed, finite, within its view box, and the same every time."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.charts import strategies

from broadsheet.core.charts import sparkline, svg
from broadsheet.core.charts.measure import em
from broadsheet.core.document.model import Chart
from broadsheet.core.theme import DEFAULT

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
NAMES = re.compile("[a-z]+")
BROKEN = {"nan", "inf", "e"}
DRAWN = ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "d", "width", "height", "fill-opacity")
ROOM = 1.0  # px that rounding and the width of a stroke may reach over


def positions(element: ET.Element, size: float) -> list[tuple[float, float]]:
    """Corners of what *element* covers."""
    at = {key: float(value) for key, value in element.attrib.items() if key in {"x", "y", "x1", "y1", "x2", "y2"}}
    match element.tag.removeprefix(SVG):
        case "line":
            return [(at["x1"], at["y1"]), (at["x2"], at["y2"])]
        case "rect":
            width, height = float(element.attrib["width"]), float(element.attrib["height"])
            return [(at["x"], at["y"]), (at["x"] + width, at["y"] + height)]
        case "circle":
            return [(float(element.attrib["cx"]), float(element.attrib["cy"]))]
        case "path" if "A" not in element.attrib["d"]:
            found = [float(number) for number in NUMBER.findall(element.attrib["d"])]
            return list(zip(found[::2], found[1::2], strict=True))
        case "text":
            wide = em(element.text or "", "font-weight" in element.attrib) * size
            start = at["x"] - wide * {"end": 1, "middle": 0.5}.get(element.attrib.get("text-anchor", ""), 0)
            return [(start, at["y"]), (start + wide, at["y"])]
    return []


@pytest.mark.feature("FMT-17")
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    chart=strategies.charts(),
    width=st.sampled_from([1.0, 180.0, 343.0, 740.0]),
    css=st.booleans(),
    direction=st.sampled_from(["ltr", "rtl"]),
)
def test_any_chart_is_well_formed_finite_and_inside(chart: Chart, width: float, css: bool, direction: str) -> None:
    drawn = svg(chart, width=width, tokens=DEFAULT.light, css=css, interactive=css, direction=direction)
    root = ET.fromstring(drawn.encode())
    view = [float(part) for part in root.attrib["viewBox"].split()]
    assert view[2] > 0 and view[3] > 0
    for element in root.iter():
        assert not BROKEN & set(NAMES.findall(" ".join(element.attrib.get(key, "") for key in DRAWN)))
        for x, y in positions(element, 12.0):
            assert -ROOM <= x <= view[2] + ROOM, ET.tostring(element)
            assert -ROOM <= y <= view[3] + ROOM, ET.tostring(element)
    assert drawn == svg(chart, width=width, tokens=DEFAULT.light, css=css, interactive=css, direction=direction)


@settings(max_examples=100, deadline=None)
@given(values=st.lists(strategies.numbers, max_size=20), width=st.floats(-5, 300), height=st.floats(-5, 60))
def test_any_sparkline_is_inside(values: list[float | None], width: float, height: float) -> None:
    root = ET.fromstring(sparkline(values, width=width, height=height, tokens=DEFAULT.dark))
    view = [float(part) for part in root.attrib["viewBox"].split()]
    for element in root.iter():
        for x, y in positions(element, 12.0):
            assert -0.1 <= x <= view[2] + 0.1 and -0.1 <= y <= view[3] + 0.1

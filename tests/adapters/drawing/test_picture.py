"""Charts as PNG: size, ground, refusal of what lies outside."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from broadsheet.adapters.drawing.faces import families
from broadsheet.adapters.drawing.picture import PictureError, png

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><rect width="100" height="100" fill="#025975"/>'
    '<text x="110" y="50" font-family="\'Source Sans 3\'" font-size="12">{}</text></svg>'
)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


@pytest.mark.feature("FMT-24")
def test_width_is_as_asked_and_height_follows() -> None:
    picture = opened(png(SVG.format("a"), width_px=1104, background="#FFFFFF"))
    assert picture.size == (1104, 552)


@pytest.mark.feature("FMT-24")
def test_ground_and_shapes_have_their_colours() -> None:
    picture = opened(png(SVG.format(""), width_px=400, background="#14181B"))
    assert picture.getpixel((50, 100)) == (0x02, 0x59, 0x75)
    assert picture.getpixel((300, 190)) == (0x14, 0x18, 0x1B)


@pytest.mark.feature("FMT-24")
@pytest.mark.parametrize("text", ["Leads", "取引", "مرحبا", "Ελλάδα", "Київ", "हिन्दी"])
def test_text_of_any_script_leaves_ink(text: str) -> None:
    empty = opened(png(SVG.format(""), width_px=400, background="#FFFFFF"))
    assert empty.tobytes() != opened(png(SVG.format(text), width_px=400, background="#FFFFFF")).tobytes()


@pytest.mark.feature("FMT-24")
def test_equal_input_gives_equal_bytes() -> None:
    assert len({png(SVG.format("x"), width_px=300, background="#FFFFFF") for _ in range(3)}) == 1


@pytest.mark.feature("FMT-24")
@pytest.mark.parametrize("address", ["/etc/hostname", "file:///etc/hostname", "http://127.0.0.1:9/x.png", "x.png"])
def test_a_picture_that_names_another_file_is_refused(address: str) -> None:
    outside = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image href="{address}" width="9" height="9"/></svg>'
    with pytest.raises(PictureError, match="cannot be drawn"):
        png(outside, width_px=90, background="#FFFFFF")


def test_japanese_readers_get_japanese_shapes_first() -> None:
    order = families("Source Sans 3", "ja-JP")
    assert order[0] == "Source Sans 3"
    assert order.index("Noto Sans CJK JP") < order.index("Noto Sans CJK SC")
    assert families("Source Sans 3", "zh-Hant").index("Noto Sans CJK TC") < order.index("Noto Sans CJK SC")

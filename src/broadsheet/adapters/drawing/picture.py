"""A PNG of an SVG, for mails and wherever SVG is not shown."""

from __future__ import annotations

import json
from functools import cache

import typst

from .faces import ROOT, families, fonts

__all__ = ["PictureError", "fonts", "png"]


class PictureError(ValueError):
    """The SVG cannot be drawn; trying again does not help."""


def png(svg: str, *, width_px: int, background: str, language: str = "en") -> bytes:
    """*svg* drawn *width_px* pixels wide upon *background* (``#RRGGBB``); equal input gives equal bytes.

    The height follows from the SVG's view box. *language* chooses between Chinese, Japanese and Korean shapes. Nothing
    is fetched: an SVG that names another file is refused. Raises PictureError.
    """
    inputs = {
        "background": background,
        "width": str(width_px),
        "families": json.dumps(families("Source Sans 3", language)),
    }
    files = {"main.typ": _rules(), "chart.svg": svg.encode()}
    try:
        # One point is one pixel at 72 to the inch.
        return typst.compile(files, root=ROOT, font_paths=fonts(), sys_inputs=inputs, format="png", ppi=72)  # type: ignore[call-overload,no-any-return]
    except typst.TypstError as error:
        raise PictureError(f"The chart cannot be drawn as a picture: {error.message}.") from error


@cache
def _rules() -> bytes:
    return (ROOT / "picture.typ").read_bytes()

"""Geometry of tables whose cells are shaded by their size: even cells that touch, side by side over the whole width."""

from __future__ import annotations

from broadsheet.core.document.model import Table

APART = 9.0  # pt between the cells and the columns beside them
INSET = 3.0  # pt that a figure keeps from the edges of its cell


def shaded(block: Table) -> list[bool]:
    """Which columns hold cells with a shade."""
    return [
        any(at < len(row.cells) and row.cells[at].heat is not None for row in block.rows)
        for at in range(len(block.columns))
    ]


def least(natural: list[float], hot: list[bool], size: float) -> list[float]:
    """Widths in pt at *size*, from *natural* ones in em: shaded columns all as wide as the widest of them."""
    even = max(em * size for em, shade in zip(natural, hot, strict=True) if shade) + INSET
    widths = [even if shade else em * size for em, shade in zip(natural, hot, strict=True)]
    return [width + _apart(hot, at) for at, width in enumerate(widths)]


def spread(widths: list[float], hot: list[bool], room: float) -> list[float]:
    """*widths* with what is spare of *room* given to the shaded columns, or shrunk to it."""
    spare = room - sum(widths)
    if spare < 0:
        return [width * max(room, 1.0) / sum(widths) for width in widths]
    return [width + (spare / sum(hot) if shade else 0.0) for width, shade in zip(widths, hot, strict=True)]


def _apart(hot: list[bool], at: int) -> float:
    """A column without shades keeps its distance from those that have some, as there is no gap between columns."""
    if hot[at]:
        return 0.0
    return APART * ((at > 0) + (at + 1 < len(hot)))

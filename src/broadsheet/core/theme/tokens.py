"""The tokens of the one theme that every format draws from.

Contrast on its own paper: ink 15:1 or better, ink2 7:1, ink3 5:1, marks 3:1; any two categories differ by CIEDE2000
12 or more in each dichromacy. Slot six of the categories is the colour of "worse" and is not set beside it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours as ``#RRGGBB`` for one ground. ``on_sequential`` is the ink upon each sequential step."""

    paper: str
    ink: str
    ink2: str
    ink3: str
    hair: str
    ctl: str
    tint: str
    band: str
    accent: str
    better: str
    worse: str
    categorical: tuple[str, ...]
    sequential: tuple[str, ...]
    on_sequential: tuple[str, ...]
    diverging: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Logo:
    """A brand's sign. ``media_type``: image/svg+xml, image/png or image/jpeg; ``alt`` is the brand's name."""

    data: bytes
    media_type: str
    alt: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A brand's look: its name and its colours on light and on dark paper.

    ``footer`` is a line for the foot of every report, such as a postal address. ``notes`` say in sentences what was
    changed about the brand's colour so that it can be read.
    """

    name: str
    light: Tokens
    dark: Tokens
    logo: Logo | None = None
    footer: str = ""
    notes: tuple[str, ...] = ()


LIGHT = Tokens(
    paper="#FFFFFF",
    ink="#1B1F22",
    ink2="#50575C",
    ink3="#697177",
    hair="#CBD0D3",
    ctl="#7F888E",
    tint="#F4F6F7",
    band="#E4EEF3",
    accent="#025975",
    better="#025975",
    worse="#9A4522",
    categorical=("#025975", "#BF8313", "#5A1F36", "#3F9682", "#917FD2", "#9A4522"),
    sequential=("#EDF5F9", "#CCE4EF", "#A4CDDF", "#7DB2C9", "#5496B0", "#2C7994", "#035A73"),
    on_sequential=("#1B1F22", "#1B1F22", "#1B1F22", "#1B1F22", "#1B1F22", "#FFFFFF", "#FFFFFF"),
    diverging=("#923D17", "#B76849", "#D79A83", "#ECCCC0", "#EEF0F1", "#B9DAE9", "#7EB4CA", "#4186A0", "#035A73"),
)
DARK = Tokens(
    paper="#14181B",
    ink="#E9ECEE",
    ink2="#B3BABF",
    ink3="#8E979D",
    hair="#343B40",
    ctl="#727C83",
    tint="#1C2226",
    band="#1F2E36",
    accent="#6DBFE2",
    better="#6DBFE2",
    worse="#EBA06F",
    categorical=("#6DBFE2", "#F2CB72", "#D08AA3", "#B2E8D0", "#8579C4", "#B5621F"),
    sequential=("#172227", "#1D353F", "#264C5B", "#35667A", "#5093AC", "#5FABC8", "#7CCBEA"),
    on_sequential=("#E9ECEE", "#E9ECEE", "#E9ECEE", "#E9ECEE", "#14181B", "#14181B", "#14181B"),
    diverging=("#E69469", "#B7734F", "#805037", "#513628", "#2A2F33", "#25424D", "#356578", "#4C90AB", "#6BBFE1"),
)
DEFAULT = Theme("Broadsheet", LIGHT, DARK)

"""How wide a text is, and how to make it fit: in em of Source Sans 3, with fair guesses for other scripts."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from . import widths

FULL_WIDTH = (
    (0x1100, 0x115F),
    (0x2E80, 0xA4CF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFF60),
    (0xFFE0, 0xFFE6),
    (0x1F300, 0x1FAFF),
    (0x20000, 0x3FFFF),
)
NARROWER = ((0x0590, 0x05FF, 0.56), (0x0600, 0x06FF, 0.53))  # Hebrew, Arabic: em a letter, measured in Noto Sans
GUESS = 0.62  # em a character of any other script takes in Noto Sans, on the generous side
ELLIPSIS = "…"


def _unpacked(table: dict[int, str]) -> dict[str, float]:
    found = {}
    for start, row in table.items():
        for offset, width in enumerate(row.split()):
            if width != "0":
                found[chr(start + offset)] = int(width) / 1000
    return found


_REGULAR = _unpacked(widths.REGULAR)
_SEMIBOLD = _unpacked(widths.SEMIBOLD)


@lru_cache(maxsize=4096)
def em(text: str, bold: bool = False) -> float:
    """Width of *text* in em; multiply by the font size."""
    known = _SEMIBOLD if bold else _REGULAR
    return sum(known[char] if char in known else _guess(char) for char in text)


def _guess(char: str) -> float:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf", "Cc"}:
        return 0.0
    if _full(char):
        return 1.0
    code = ord(char)
    return next((width for first, last, width in NARROWER if first <= code <= last), GUESS)


def _full(char: str) -> bool:
    code = ord(char)
    return any(first <= code <= last for first, last in FULL_WIDTH)


def shorten(text: str, room: float, *, bold: bool = False) -> str:
    """*text*, or as much of its beginning as fits *room* em together with an ellipsis; "" where not even that fits."""
    if em(text, bold) <= room + 1e-6:
        return text
    low, high = 0, min(len(text), 400)
    while low < high:
        middle = (low + high + 1) // 2
        if em(text[:middle].rstrip() + ELLIPSIS, bold) <= room:
            low = middle
        else:
            high = middle - 1
    if low:
        return text[:low].rstrip() + ELLIPSIS
    return ELLIPSIS if em(ELLIPSIS, bold) <= room else ""


def wrap(text: str, room: float, *, lines: int, bold: bool = False) -> tuple[str, ...]:
    """*text* in at most *lines* lines of *room* em, broken between words; what is too long ends in an ellipsis.

    Words of full-width signs, which are written without blanks, are broken between any two signs.
    """
    if em(text, bold) <= room + 1e-6 or lines == 1:
        return (shorten(text, room, bold=bold),)
    words = text[:400].split(" ")
    line = words[0]
    if em(line, bold) > room and _full(line[-1:] or " "):
        cut = max(1, int(room))
        return (text[:cut], *wrap(text[cut:].lstrip(), room, lines=lines - 1, bold=bold))
    used = 1
    while used < len(words) and em(f"{line} {words[used]}", bold) <= room:
        line += f" {words[used]}"
        used += 1
    if used == len(words):
        return (shorten(line, room, bold=bold),)
    rest = wrap(" ".join(words[used:]), room, lines=lines - 1, bold=bold)
    return (shorten(line, room, bold=bold), *rest)

"""The value axis: where its lines stand and what is written at them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from broadsheet.core.document.model import FormatHint

LARGEST = 1e200  # beyond it sums of values and spans of axes overflow
SMALLEST = 1e-200
SPARE = 0.6  # share of a step: with more room than that above the data, the line there is left out
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MINUS = "\u2212"
THIN = "\u202f"  # narrow no-break space, before % and units
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪", "UAH": "₴"}
FACTORS = {"k": 1e-3, "M": 1e-6, "%": 100.0}


def tidy(value: float | None) -> float | None:
    """*value* as a number that can be drawn; None for a gap, for what is no number and for the infinite."""
    if value is None:
        return None
    try:
        plain = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if not math.isfinite(plain):
        return None
    return 0.0 if abs(plain) < SMALLEST else max(-LARGEST, min(LARGEST, plain))


def tidied(values: Iterable[float | None], length: int) -> list[float | None]:
    """*values* made drawable and exactly *length* long."""
    found = [tidy(value) for value in values][:length]
    return found + [None] * (length - len(found))


@dataclass(frozen=True, slots=True)
class Scale:
    """From *low* to *high*, with lines at *ticks*, in the data's own units, and their *labels*."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]

    def share(self, value: float) -> float:
        """Where *value* stands between low (0) and high (1), held within."""
        span = self.high - self.low
        return max(0.0, min(1.0, (value - self.low) / span)) if span > 0 else 0.0


def scale(
    values: Sequence[float],
    *,
    hint: FormatHint,
    unit: str = "",
    zero: bool = True,
    lines: int = 5,
    style: tuple[str, str] = (".", ","),
) -> Scale:
    """An axis for *values* with at most *lines* steps or so, from 0 where *zero*; the last line may be just passed.

    *style* is (decimal mark, grouping mark).
    """
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low <= max(abs(low), abs(high)) * 1e-9:
        room = abs(high) * 0.1 or 1.0
        low, high = (
            (low if zero and low == 0 else low - room),
            (high if zero and high == 0 and low < 0 else high + room),
        )
    factor, sign = _units(hint, max(abs(low), abs(high)))
    step = _step((high - low) / lines, factor, whole=hint.kind == "integer" and factor == 1)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if last - high / step > SPARE and last - first > 2:
        last -= 1
    ticks = tuple(index * step for index in range(first, last + 1))
    decimals = max(0, -math.floor(math.log10(step * factor) + 1e-9)) if step * factor < 1 else 0
    decimals += 1 if _uneven(step * factor, decimals) else 0
    texts = [written(tick * factor, decimals, style=style, signed=hint.signed) for tick in ticks]
    texts[-1] = _crowned(texts[-1], hint, sign=sign, unit=unit)
    return Scale(ticks[0], max(ticks[-1], high), ticks, tuple(texts))


def _step(rough: float, factor: float, *, whole: bool = False) -> float:
    """A round step at least as large as *rough*; *whole* for things that are counted, which have no halves."""
    rough = max(rough * factor, 1.0 if whole else 1e-250)
    power = math.floor(math.log10(rough))
    base = 10.0**power
    steps = [multiple * base for multiple in STEPS if multiple * base >= rough * (1 - 1e-9)]
    return next(step for step in steps if not whole or step == round(step)) / factor


def _uneven(step: float, decimals: int) -> bool:
    scaled = step * 10.0**decimals
    return abs(scaled - round(scaled)) > 1e-6 * max(scaled, 1e-300) and decimals < 12


def _units(hint: FormatHint, largest: float) -> tuple[float, str]:
    if hint.kind == "percent":
        return 100.0, "%"
    if hint.scale in FACTORS:
        return FACTORS[hint.scale], hint.scale
    return (1e-6, "M") if largest >= 2e6 else (1.0, "")


def _crowned(text: str, hint: FormatHint, *, sign: str, unit: str) -> str:
    """The top label carries the unit for all; a *unit* with # in it says where the figure stands."""
    if "#" in unit:
        minus = MINUS if text.startswith(MINUS) else ""
        return minus + unit.replace("#", text.removeprefix(MINUS), 1)
    if sign:
        text += THIN + sign
    if hint.kind == "money" and not unit:
        symbol = SYMBOLS.get(hint.currency, "")
        if symbol:
            return MINUS + symbol + text[1:] if text.startswith(MINUS) else symbol + text
        unit = hint.currency
    unit = unit or hint.unit
    return text if not unit or unit == sign else f"{text}{THIN if len(unit) == 1 else ' '}{unit}"


def written(value: float, decimals: int, *, style: tuple[str, str], signed: bool = False) -> str:
    """*value* with a true minus and the reader's marks; very large or small ones as powers of ten."""
    if value and not 1e-6 <= abs(value) < 1e12:
        text = f"{abs(value):.1e}".replace("e+", "e").replace(".", style[0])
    else:
        text = f"{abs(value):,.{min(decimals, 12)}f}"
        text = text.replace(",", "\0").replace(".", style[0]).replace("\0", style[1])
    if value < 0 and text.strip("0.,"):
        return MINUS + text
    return f"+{text}" if signed and value > 0 else text

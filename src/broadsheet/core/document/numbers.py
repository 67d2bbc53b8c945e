"""Figures as a reader's language writes them: separators, percent, money, thousands, signs that can be seen.

English keeps the house style (87.4 %, $2.44 M, −6.2 %, +1.3 pt, all with a narrow no-break space); other languages
follow CLDR as babel knows it. Written by hand rather than by babel's formatter, because a report has thousands of
figures and its reader waits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision, get_currency_symbol

from .dates import locale_for
from .words import words_for

NARROW = "\u202f"
NO_BREAK = "\u00a0"
MINUS = "−"
THOUSAND_FROM = 100_000  # sums below it are short enough as they are
_DIGITS = re.compile(r"[#,]*0(?:\.0+)?")
Number = int | float | Decimal

# Divisor and word, largest first, for sums in headlines; "k" and "M" name the first divisor of their size.
_SCALES: dict[str, tuple[tuple[int, str], ...]] = {
    "en": ((10**9, "bn"), (10**6, "M"), (10**3, "k")),
    "de": ((10**9, "Mrd."), (10**6, "Mio."), (10**3, "Tsd.")),
    "es": ((10**6, "M"), (10**3, "mil")),
    "fr": ((10**9, "Md"), (10**6, "M"), (10**3, "k")),
    "pt": ((10**9, "bi"), (10**6, "mi"), (10**3, "mil")),
    "it": ((10**9, "Mrd"), (10**6, "Mln"), (10**3, "mila")),
    "ja": ((10**8, "億"), (10**4, "万")),
    "ar": ((10**9, "مليار"), (10**6, "مليون"), (10**3, "ألف")),
    "el": ((10**9, "δισ."), (10**6, "εκ."), (10**3, "χιλ.")),
    "bg": ((10**9, "млрд."), (10**6, "млн."), (10**3, "хил.")),
}


class Numbers:
    """Writes figures for one language; see `numbers_for`."""

    def __init__(self, language: str) -> None:
        locale = locale_for(language)
        symbols = locale.number_symbols["latn"]
        self.locale, self.language = locale, locale.language
        self.decimal, self.group = str(symbols["decimal"]), str(symbols["group"])
        self._indian: bool = locale.decimal_formats[None].grouping == (3, 2)
        self.minus = str(symbols["minusSign"]).replace("-", MINUS)
        self.plus = str(symbols["plusSign"])
        self._scales: tuple[tuple[int, str], ...] = _SCALES.get(self.language, _SCALES["en"])
        self._gap = NARROW if self.language in ("en", "fr") else "" if self.language == "ja" else NO_BREAK
        self._percent = self._percent_parts(symbols["percentSign"])
        self._points = f"{self._gap}{words_for(language)['points']}"
        self._money_pattern = _DIGITS.sub("0", str(locale.currency_formats["standard"].pattern).split(";")[0])

    def _percent_parts(self, sign: str) -> tuple[str, str]:
        if self.language == "en":
            return "", f"{NARROW}%"
        pattern = self.locale.percent_formats[None].pattern.split(";")[0]
        before, after = pattern.split("#,##0")
        if self.language == "fr":
            after = f"{NARROW}%"
        return before.replace("%", sign), after.replace("%", sign)

    def plain(self, value: Number, decimals: int = 0) -> str:
        """Digits of the absolute value, separators and no sign."""
        text = f"{abs(value):,.{decimals}f}"
        if self._indian and abs(float(value)) >= 10**5:
            text = _indian(text)
        if self.decimal == "." and self.group == ",":
            return text
        return text.replace(",", "\0").replace(".", self.decimal).replace("\0", self.group)

    def number(self, value: Number, decimals: int = 0, *, signed: bool = False) -> str:
        """1,234.5, or with *signed* +1,234.5"""
        return self._sign(value, decimals, signed=signed) + self.plain(value, decimals)

    def percent(self, fraction: Number, decimals: int = 1, *, signed: bool = False) -> str:
        """87.4 % of the fraction 0.874"""
        value = float(fraction) * 100
        before, after = self._percent
        return f"{self._sign(value, decimals, signed=signed)}{before}{self.plain(value, decimals)}{after}"

    def points(self, fraction: Number, decimals: int = 1, *, signed: bool = True) -> str:
        """+1.3 pt of the difference 0.013 between two rates"""
        value = float(fraction) * 100
        return f"{self._sign(value, decimals, signed=signed)}{self.plain(value, decimals)}{self._points}"

    def around(self, currency: str, *, word: str = "") -> str:
        """What stands around an amount of money whose digits are #: $#, # Tsd. €"""
        digits = "#" + (f"{self._gap}{word}" if word else "")
        if not currency:
            return digits
        pattern, symbol = self._money_pattern, self.symbol(currency)
        gap = NO_BREAK if pattern.startswith("¤0") and symbol.isalpha() and len(symbol) > 1 else ""
        return pattern.replace("¤", f"{symbol}{gap}").replace("0", digits, 1)

    def money(
        self, value: Number, currency: str, decimals: int | None = None, *, signed: bool = False, word: str = ""
    ) -> str:
        """$48.70; *word* stands after the digits, such as M. Without a currency, the figure alone."""
        places = self.places(currency, decimals)
        sign = self._sign(value, places, signed=signed)
        return sign + self.around(currency, word=word).replace("#", self.plain(value, places), 1)

    def scale_for(self, scale: str, values: Iterable[object]) -> str:
        """The scale that figures which stand together share: *scale* itself, or for auto what their largest asks for.

        Gives a divisor as text, or none.
        """
        if scale != "auto":
            return scale
        sizes = [abs(float(value)) for value in values if isinstance(value, int | float | Decimal)]
        largest = max(sizes, default=0.0)
        return next((str(divisor) for divisor, _ in self._scales if largest >= max(divisor, THOUSAND_FROM)), "none")

    def scaled(self, value: Number, *, scale: str = "auto") -> tuple[float, str, int]:
        """*value* divided for a headline: the quotient, the word of the divisor, decimals for three digits.

        ``scale``: auto (from 100,000), k, M (as the language has them), a divisor as text, or none.
        """
        chosen = self.scale_for(scale, (value,))
        asked = {"k": 10**3, "M": 10**6, "none": 0}.get(chosen, 0) or int(chosen if chosen.isdigit() else 0)
        for divisor, word in self._scales if asked else ():
            if divisor <= max(asked, self._scales[-1][0]):
                quotient = float(value) / divisor
                whole = len(f"{abs(quotient):.0f}")
                return quotient, word, max(0, 3 - whole)
        return float(value), "", 0

    def scale_word(self, scale: str) -> str:
        """What k and M are called in a table's head; always thousands and millions."""
        if self.language == "ja":
            return {"k": "千", "M": "百万"}[scale]
        divisor = {"k": 10**3, "M": 10**6}[scale]
        return next((word for number, word in self._scales if number == divisor), scale)

    def symbol(self, currency: str) -> str:
        """$, €, or the code."""
        return _symbol(currency, str(self.locale))

    def places(self, currency: str, decimals: int | None) -> int:
        """Decimals of money: those asked for, at most what the currency has."""
        most = _precision(currency) if currency else 2
        return most if decimals is None else min(decimals, most)

    def _sign(self, value: Number, decimals: int, *, signed: bool) -> str:
        if not signed and value >= 0:
            return ""
        # What rounds to nothing has no sign.
        rounded = round(float(value), decimals)
        if rounded < 0:
            return self.minus
        return self.plus if signed and rounded > 0 else ""


def _indian(text: str) -> str:
    whole, dot, rest = text.replace(",", "").partition(".")
    head, tail = whole[:-3], whole[-3:]
    pairs: list[str] = []
    while head:
        pairs.insert(0, head[-2:])
        head = head[:-2]
    return f"{','.join([*pairs, tail])}{dot}{rest}"


@lru_cache(maxsize=512)
def _symbol(currency: str, locale: str) -> str:
    return get_currency_symbol(currency, locale)


@lru_cache(maxsize=256)
def _precision(currency: str) -> int:
    return int(get_currency_precision(currency))


@lru_cache(maxsize=64)
def numbers_for(language: str) -> Numbers:
    """The writer for a BCP 47 tag; made once."""
    return Numbers(language)

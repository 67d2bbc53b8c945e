"""The calendars that need no definition: countries, their parts and markets, found by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from broadsheet.schedules.calendars.markets import markets
from broadsheet.schedules.calendars.public import countries, subdivision_names

MARKETS = {
    "nyse": "New York Stock Exchange",
    "xnas": "Nasdaq",
    "cme": "Chicago Mercantile Exchange",
    "fed": "Federal Reserve payments",
    "usgs": "US bonds (SIFMA)",
    "tsx": "Toronto Stock Exchange",
    "bmv": "Mexican Stock Exchange",
    "b3": "B3, São Paulo",
    "byma": "BYMA, Buenos Aires",
    "bvc": "Colombia Stock Exchange",
    "lse": "London Stock Exchange",
    "ifeu": "ICE Futures Europe",
    "ecb": "TARGET, the ECB’s payments",
    "enx": "Euronext",
    "xetr": "Xetra, Frankfurt",
    "six": "SIX, Zurich",
    "bme": "BME, Madrid",
    "gpw": "Warsaw Stock Exchange",
    "bist": "Borsa Istanbul",
    "jse": "Johannesburg Stock Exchange",
    "xsau": "Saudi Exchange",
    "nse": "National Stock Exchange of India",
    "bse": "BSE, Mumbai",
    "psx": "Pakistan Stock Exchange",
    "hkex": "Hong Kong Exchange",
    "sse": "Shanghai Stock Exchange",
    "szse": "Shenzhen Stock Exchange",
    "twse": "Taiwan Stock Exchange",
    "krx": "Korea Exchange",
    "jpx": "Japan Exchange",
    "sgx": "Singapore Exchange",
    "asx": "Australian Securities Exchange",
    "nzx": "New Zealand Exchange",
}
OFTEN = ("us", "gb-eng", "de", "fr", "nyse", "lse", "ecb", "fed")


@dataclass(frozen=True, slots=True)
class Ready:
    """name: as rules write it, “gb-eng”. label: “United Kingdom, England”. kind: country, part or market."""

    name: str
    label: str
    kind: str


def named(name: str) -> Ready | None:
    """The ready-made calendar of that very name; None where there is none, or it has no name for people here."""
    word = name.casefold()
    if word in MARKETS:
        return Ready(word, MARKETS[word], "market")
    country, _dash, part = word.partition("-")
    known = countries()
    if country.upper() not in known:
        return None
    if not part:
        return Ready(word, known[country.upper()], "country")
    by_code = {code.casefold(): label for code, label in subdivision_names(country).items()}
    return Ready(word, f"{known[country.upper()]}, {by_code[part]}", "part") if part in by_code else None


def is_market(name: str) -> bool:
    """Whether that is a market by one of its names, and no country."""
    return name.upper() in markets()


def matching(text: str) -> Iterator[Ready]:
    """Markets, countries and their parts with *text* in name or code; a country that matches brings all its parts."""
    yield from (Ready(name, label, "market") for name, label in MARKETS.items() if _has(text, name, label))
    for code, country in countries().items():
        whole = _has(text, code, country, words=True)
        if whole:
            yield Ready(code.lower(), country, "country")
        for part, label in subdivision_names(code).items():
            if whole or _has(text, f"{code}-{part}", label):
                yield Ready(f"{code}-{part}".lower(), f"{country}, {label}", "part")


def _has(text: str, code: str, label: str, *, words: bool = False) -> bool:
    """Short words are codes: “us” is the United States, and not Austria."""
    sought = text.strip().casefold()
    if len(sought) <= 2:
        return code.casefold() == sought or (not words and code.casefold().startswith(f"{sought}-"))
    return sought in label.casefold() or code.casefold().startswith(sought)

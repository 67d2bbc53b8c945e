"""Identifiers of events, and invented personal data of the people behind them."""

from __future__ import annotations

import numpy as np

from .buyers import BUYERS
from .clock import Ints
from .intake import Leads
from .markets import MARKETS

MAIL_DOMAINS = ("example.com", "example.net", "example.org")  # reserved: RFC 2606, section 3
DIALLING = {
    "us": "+1", "gb": "+44", "de": "+49", "at": "+43", "fr": "+33", "es": "+34", "mx": "+52", "br": "+55",
    "au": "+61", "jp": "+81", "ae": "+971", "gr": "+30", "bg": "+359",
}  # fmt: skip
_GIVEN = (
    "alex ana andrea ben carla chen daniel elena emma fatima felix grace hana hugo ines ivan jack jonas julia kenji "
    "laila lea leo lucia maria mateo maya mia nina noah nora omar oscar paula petra rosa ruth sam sofia yuki"
)
_FAMILY = (
    "adams allen baker becker bell brown cruz diaz dubois evans fischer garcia gomez gray hall haddad hill ito jones "
    "khan kim klein lee lopez martin meyer moore ortiz park perez reed rossi santos sato silva smith stone tanaka "
    "weber wood young"
)
GIVEN, FAMILY = _GIVEN.split(), _FAMILY.split()


def event_ids(utc: Ints) -> list[str]:
    """24 hexadecimal characters each, rising with time: seconds, a machine, a counter, as BSON ids are built."""
    seconds = utc // 1_000_000
    return [f"{second:08x}5eedb0a51e{count:06x}" for count, second in enumerate(seconds.tolist())]


def addresses(leads: Leads, *, rng: np.random.Generator) -> list[str]:
    """An e-mail address for each lead; some people ask twice and are met again."""
    size = leads.buyer.size
    columns = (rng.integers(0, limit, size).tolist() for limit in (len(GIVEN), len(FAMILY), 900, len(MAIL_DOMAINS)))
    return [
        f"{GIVEN[given]}.{FAMILY[family]}{number}@{MAIL_DOMAINS[domain]}"
        for given, family, number, domain in zip(*columns, strict=True)
    ]


def telephones(leads: Leads, *, rng: np.random.Generator) -> list[str]:
    """A telephone number for each lead: the buyer's country, a made-up area, then 555 01xx, which is kept for fiction."""
    dial = [DIALLING[each.market.split("-")[0]] for each in BUYERS]
    areas = rng.integers(201, 990, leads.buyer.size).tolist()
    lines = rng.integers(0, 100, leads.buyer.size).tolist()
    rows = zip(leads.buyer.tolist(), areas, lines, strict=True)
    return [f"{dial[buyer]} {area} 555 01{line:02d}" for buyer, area, line in rows]


def regions(leads: Leads, *, rng: np.random.Generator) -> list[str]:
    """The region of each lead within its buyer's market; each region has two thirds of the one before it."""
    uniform = rng.random(leads.buyer.size)
    names = [MARKETS[each.market] for each in BUYERS]
    edges = [np.cumsum(np.power(2 / 3, np.arange(len(each)))) for each in names]
    chosen = np.zeros(leads.buyer.size, dtype=np.int64)
    for buyer in range(len(BUYERS)):
        here = leads.buyer == buyer
        chosen[here] = np.searchsorted(edges[buyer][:-1] / edges[buyer][-1], uniform[here], side="right")
    return [names[buyer][region] for buyer, region in zip(leads.buyer.tolist(), chosen.tolist(), strict=True)]

"""The twelve sources: how much each brings, how good it is, what it costs. A data table."""

from __future__ import annotations

from dataclasses import dataclass

FLOOR = 0.80  # accepted rate below which an agreement lets buyers refuse a source


@dataclass(frozen=True, slots=True)
class Source:
    """One source of leads.

    ``weight`` is its share of a buyer's leads before ``reach`` (a factor by market, else country, else ``*``);
    ``accept_from`` and ``accept_to`` the accepted rate at the beginning and end of the data, truths apart;
    ``returned`` and ``converted`` are rates of accepted leads; ``price_usd`` is paid per accepted lead.
    """

    id: str
    name: str
    channel: str
    country: str
    weight: float
    accept_from: float
    accept_to: float
    returned: float
    converted: float
    price_usd: float
    reach: dict[str, float]


_SPANISH = {"es": 6.0, "mx": 6.0, "us-tx": 1.0, "us": 0.8, "*": 0.15}

# fmt: off
SOURCES: tuple[Source, ...] = (
    Source("suncompare", "SunCompare", "Comparison site", "US", 860, 0.885, 0.914, 0.031, 0.047, 52.0, {"*": 1.0}),
    Source("paid-search", "Paid search", "Own campaign", "US", 918, 0.895, 0.921, 0.021, 0.048, 61.5, {"*": 1.0}),
    Source("brightquote", "BrightQuote", "Comparison site", "GB", 670, 0.845, 0.873, 0.039, 0.039, 44.0, {"gb": 1.3, "*": 1.0}),
    Source("rooftop-review", "Rooftop Review", "Publisher", "US", 535, 0.870, 0.902, 0.027, 0.040, 48.0, {"*": 1.0}),
    Source("paid-social", "Paid social", "Own campaign", "US", 550, 0.835, 0.797, 0.055, 0.034, 38.5, {"*": 1.0}),
    Source("homesavvy", "HomeSavvy", "Publisher", "GB", 420, 0.850, 0.880, 0.030, 0.034, 41.0, {"*": 1.0}),
    Source("lone-star-energy-guide", "Lone Star Energy Guide", "Publisher", "US", 300, 0.870, 0.902, 0.022, 0.039, 46.0, {"us-tx": 1.0, "us": 0.3, "*": 0.04}),
    Source("own-website", "Own website", "Own campaign", "US", 222, 0.915, 0.938, 0.015, 0.042, 33.0, {"*": 1.0}),
    Source("warm-transfers", "Warm transfers", "Telephone", "US", 152, 0.905, 0.926, 0.015, 0.044, 94.0, {"us": 1.0, "gb": 1.2, "*": 0.7}),
    Source("ecohouse-digest", "EcoHouse Digest", "Publisher", "DE", 168, 0.790, 0.722, 0.072, 0.025, 36.0, {"de": 1.8, "at": 1.8, "*": 1.0}),
    Source("energia-clara", "Energía Clara", "Publisher", "ES", 70, 0.825, 0.853, 0.031, 0.032, 40.0, _SPANISH),
    Source("native-display", "Native display", "Own campaign", "US", 200, 0.800, 0.800, 0.070, 0.018, 29.0, {"*": 1.0}),
)
# fmt: on

REASONS: tuple[str, ...] = (
    "Duplicate within 30 days",
    "Outside the service area",
    "Renter, not owner",
    "Telephone not in service",
    "Form incomplete",
    "Suspected fraud",
)
FRAUD = REASONS.index("Suspected fraud")

# Weights in the order of REASONS; a source that is not named has the usual ones.
USUAL_REASONS: tuple[float, ...] = (35.3, 23.3, 16.2, 14.4, 6.4, 4.4)
REASONS_BY_SOURCE: dict[str, tuple[float, ...]] = {
    "suncompare": (52.0, 20.0, 11.0, 10.0, 4.0, 3.0),
    "brightquote": (48.0, 21.0, 12.0, 11.0, 5.0, 3.0),
    "paid-social": (26.0, 24.0, 27.0, 11.0, 7.0, 5.0),
    "ecohouse-digest": (22.0, 38.0, 17.0, 12.0, 8.0, 3.0),
    "native-display": (14.0, 14.0, 12.0, 40.0, 12.0, 8.0),
}

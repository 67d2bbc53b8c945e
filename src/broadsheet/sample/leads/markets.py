"""Where leads come from: regions, public holidays that keep people away, house rates, what products are worth."""

from __future__ import annotations

from datetime import date, timedelta

# Regions of a market, in the words of the market, the busiest first.
MARKETS: dict[str, tuple[str, ...]] = {
    "us-tx": ("Central Texas", "North Texas", "Gulf Coast", "South Texas", "West Texas"),
    "us-mid": ("Illinois", "Minnesota", "Iowa", "Louisiana", "Missouri"),
    "us-east": ("New York", "Pennsylvania", "Georgia", "Virginia", "North Carolina", "Florida"),
    "us-west": ("California", "Oregon", "Nevada", "Washington"),
    "gb": ("Greater London", "South East", "North West", "Yorkshire", "Scotland", "Wales"),
    "de": ("Berlin", "Brandenburg", "Nordrhein-Westfalen", "Mecklenburg-Vorpommern", "Sachsen"),
    "at": ("Wien", "Niederösterreich", "Steiermark"),
    "fr": ("Occitanie", "Auvergne-Rhône-Alpes", "Nouvelle-Aquitaine"),
    "es": ("Andalucía", "Comunitat Valenciana", "Región de Murcia"),
    "mx": ("Ciudad de México", "Estado de México", "Querétaro"),
    "br": ("São Paulo", "Paraná", "Minas Gerais"),
    "au": ("New South Wales", "Victoria", "Queensland"),
    "jp": ("東京都", "神奈川県", "埼玉県", "千葉県"),
    "ae": ("دبي", "أبوظبي", "الشارقة"),
    "gr": ("Αττική", "Κεντρική Μακεδονία", "Κρήτη"),
    "bg": ("София", "Пловдив", "Варна"),
}
SOUTHERN = frozenset({"au", "br"})  # their summer is in December

# Units of a currency for one US dollar: fixed house rates, so that sums over buyers do not move with the market.
USD_RATES: dict[str, float] = {
    "USD": 1.0,
    "GBP": 0.77,
    "EUR": 0.90,
    "AUD": 1.52,
    "BRL": 5.60,
    "JPY": 150.0,
    "AED": 3.6725,
}

# Product: (contract value in US dollars, factor on a source's price per lead).
PRODUCTS: dict[str, tuple[float, float]] = {
    "Solar": (14_300.0, 1.0),
    "Battery": (9_200.0, 1.0),
    "Heat pump": (12_400.0, 0.95),
    "Roofing": (11_600.0, 0.9),
    "Windows": (7_800.0, 0.8),
    "Insulation": (4_600.0, 0.6),
    "Kitchen": (15_800.0, 1.1),
    "Mortgage": (4_200.0, 0.9),
    "Insurance": (1_450.0, 0.45),
    "Conveyancing": (1_900.0, 0.5),
}
HOLIDAY_SHARE = 0.3  # of a usual day's leads


def country_of(market: str) -> str:
    """ISO 3166 alpha-2 code of *market* in upper case: ``us-tx`` → ``US``."""
    return market.split("-")[0].upper()


def holidays_of(country: str, *, year: int) -> frozenset[date]:
    """The few days of *year* on which hardly anyone in *country* asks for an offer; not the legal calendar."""
    days = {date(year, 1, 1)}
    if country not in {"JP", "AE"}:
        days |= {date(year, 12, 24), date(year, 12, 25), date(year, 12, 26), date(year, 12, 31)}
    if country == "JP":
        days |= {date(year, 1, 2), date(year, 1, 3), date(year, 5, 3), date(year, 5, 4), date(year, 5, 5)}
    if country == "US":
        days |= {date(year, 7, 4), thanksgiving(year)}
    return frozenset(days)


def thanksgiving(year: int) -> date:
    """Fourth Thursday of November (5 U.S.C. 6103)."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)

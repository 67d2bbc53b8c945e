"""What people call a zone: the city that stands for it, in the reader's language."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import get_timezone_location

SPELT = {("America/Sao_Paulo", "en"): "São Paulo"}  # which CLDR leaves to the zone's name


@lru_cache(maxsize=2048)
def place(zone: str, language: str = "en") -> str:
    """ "New York" for America/New_York, "Wien" for Europe/Vienna in German; a zone without a place keeps its name.

    language: a BCP 47 tag; one that is not known reads as English.
    """
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    own = zone.rpartition("/")[2].replace("_", " ")
    try:
        found = get_timezone_location(zone, locale=locale, return_city=True)
    except (LookupError, ValueError):
        return own
    return SPELT.get((zone, locale.language)) or str(found).rpartition("/")[2] or own

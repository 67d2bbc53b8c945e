"""English names and ordinals used by reasons and by `words`; weekdays in other languages too."""

from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAY_KEYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MONTH_KEYS = tuple(name[:3].lower() for name in MONTHS)
SMALL_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def ordinal(number: int) -> str:
    """1 -> "1st", 22 -> "22nd", 13 -> "13th"."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{('th', 'st', 'nd', 'rd')[number % 10] if number % 10 < 4 else 'th'}"


def position(number: int) -> str:
    """Counting from either end: 3 -> "third", 12 -> "12th", -1 -> "last", -2 -> "second last"."""
    if number == -1:
        return "last"
    size = abs(number)
    spelled = SMALL_ORDINALS[size] if size < len(SMALL_ORDINALS) else ordinal(size)
    return spelled if number > 0 else f"{spelled} last"


def long_date(day: date) -> str:
    """ "5 January 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def listed(items: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


@lru_cache(maxsize=512)
def weekday_name(weekday: int, language: str) -> str:
    """0 = Monday. English for a language that is not known."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return str(locale.days["stand-alone"]["wide"][weekday])


def tongue(language: str) -> str:
    """“de” of “de-CH”."""
    return language.replace("_", "-").split("-")[0].casefold()

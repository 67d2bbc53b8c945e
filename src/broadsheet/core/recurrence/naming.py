"""English names and ordinals used by reasons and by `words`."""

from datetime import date

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

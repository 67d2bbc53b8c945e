"""Closures in the language of whoever reads: of weekdays, and of what has no name of its own.

English is what calendars say themselves. Names of holidays come from their sources, in the languages that these know.
"""

from datetime import date
from typing import Any

from broadsheet.core.recurrence.calendars.base import Calendar
from broadsheet.core.recurrence.calendars.days import DaySource, YearOfDays
from broadsheet.core.recurrence.naming import tongue

NAMELESS = {  # English -> the same elsewhere: what calendars call days to which nobody gave a name
    "closed": {"de": "geschlossen", "es": "cerrado", "fr": "fermé"},
    "extra working day": {
        "de": "zusätzlicher Geschäftstag",
        "es": "día laborable adicional",
        "fr": "jour ouvré en plus",
    },
    "half day": {"de": "halber Tag", "es": "media jornada", "fr": "demi-journée"},
    "a business day in {name}": {
        "de": "Geschäftstag in {name}",
        "es": "día hábil en {name}",
        "fr": "jour ouvré pour {name}",
    },
    "working day instead of another": {
        "de": "Geschäftstag anstelle eines anderen",
        "es": "día laborable en lugar de otro",
        "fr": "jour ouvré à la place d’un autre",
    },
    "no session": {"de": "kein Handel", "es": "sin sesión", "fr": "pas de séance"},
    "a session": {"de": "Handelstag", "es": "sesión", "fr": "séance"},
    "early close": {"de": "früher Schluss", "es": "cierre anticipado", "fr": "clôture anticipée"},
}


def closure_of(calendar: Calendar, day: date, language: str = "en") -> str:
    """`Calendar.closure` in that language (BCP 47), where the calendar knows it; else as the calendar says it."""
    said: Any = getattr(calendar, "closure_in", None) if tongue(language) != "en" else None
    return str(said(day, language)) if said else calendar.closure(day)


def days_of(source: DaySource, year: int, language: str) -> YearOfDays:
    """The days of a source under names of that language, where it knows them; else under its usual ones."""
    said: Any = getattr(source, "days_said", None) if tongue(language) != "en" else None
    found: YearOfDays = said(year, language) if said else source.days_in(year)
    return found


def nameless(english: str, language: str) -> str:
    """What a day without a name is called; any other text as it stands."""
    return NAMELESS.get(english, {}).get(tongue(language), english)

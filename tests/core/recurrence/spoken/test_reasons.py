"""Why it fires, and why not, in German, Spanish and French; English is what it was."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core.recurrence import explain, firings, next_firing, reason_in, timing_from
from broadsheet.core.recurrence.because import Because
from broadsheet.core.recurrence.calendars import Business, Event, Events, FixedDays, YearOfDays
from broadsheet.core.recurrence.fiscal import FiscalMonths

pytestmark = pytest.mark.feature("SCH-30")

CHRISTMAS = date(2026, 12, 25)


@dataclass(frozen=True)
class Feasts:
    """Two names for one day; German has one that English has not, which must not close anything."""

    def days_in(self, year, /):
        return YearOfDays(closed={date(year, 12, 25): "Christmas Day", date(year, 12, 31): ""})

    def days_said(self, year, language, /):
        if language != "de":
            return self.days_in(year)
        return YearOfDays(closed={date(year, 12, 25): "1. Weihnachtstag", date(year, 12, 30): "Zwischentag"})


OFFICE = Business(
    "Office", sources=(Feasts(),), own=(FixedDays(closed=((date(2026, 12, 28), "closed"), (date(2026, 12, 29), "Umzug"))),)
)  # fmt: skip
NAMES = {
    "calendars": {"office": OFFICE},
    "fiscal": {"ours": FiscalMonths(2)},
    "events": {"board": Events("Board", (Event(date(2027, 1, 14)), Event(date(2027, 2, 11), "Vorstand")))},
}
NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)
CASES = [
    ("{every: weekday}", "every weekday", "montags bis freitags", "de lunes a viernes", "du lundi au vendredi"),
    (
        "{every: week, on: [mon, sat], interval: 2, anchor: 2026-01-05}",
        "Monday of every 2nd week",
        "alle 2 Wochen am Montag",
        "cada 2 semanas, los lunes",
        "toutes les 2 semaines, le lundi",
    ),
    (
        "{every: month, on: {business_day: 1}, calendar: office}",
        "first business day of the month",
        "am ersten Geschäftstag jedes Monats",
        "el primer día hábil de cada mes",
        "le premier jour ouvré de chaque mois",
    ),
    (
        "{every: month, on: 25, roll: following, calendar: office}",
        "25th of the month; moved from Friday 25 December 2026: Christmas Day",
        "am 25. jedes Monats; verschoben von Freitag, 25. Dezember 2026 (1. Weihnachtstag)",
        "el día 25 de cada mes; trasladado desde el viernes 25 de diciembre de 2026 (Christmas Day)",
        "le 25 de chaque mois\u00a0; reporté du vendredi 25 décembre 2026 (Christmas Day)",
    ),
    (
        "{every: quarter, on: {nth: -1, weekday: fri}, fiscal: ours}",
        "last Friday of the fiscal quarter (FY2027 Q4)",
        "am letzten Freitag jedes Geschäftsquartals (FY2027 Q4)",
        "el último viernes de cada trimestre fiscal (FY2027 Q4)",
        "le dernier vendredi de chaque trimestre fiscal (FY2027 Q4)",
    ),
    ("{events: board}", "day of Board", "Termin aus „Board“", "fecha de «Board»", "date de «\u00a0Board\u00a0»"),
    (
        "{events: board, offset: {days: 28}}",
        "28 days after the day of Board",
        "28 Tage danach: Termin aus „Board“",
        "28 días después: fecha de «Board»",
        "28 jours après\u00a0: date de «\u00a0Board\u00a0»",
    ),
    (
        "{union: [{every: week, on: fri}, {every: month, on: 4}]}",
        "every Friday and 4th of the month",
        "jeden Freitag und am 4. jedes Monats",
        "todos los viernes y el día 4 de cada mes",
        "tous les vendredis et le 4 de chaque mois",
    ),
    ("{dates: [2027-01-01]}", "a date of the list", "ein Datum der Liste", "una fecha de la lista", "une date de la liste"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case[0][:40] for case in CASES])
def test_a_firing_says_why_in_the_language_of_its_reader(case):
    timing = timing_from({**yaml.safe_load(case[0]), "at": "08:00"}, default_zone="Europe/Berlin", **NAMES)
    firing = next_firing(timing, after=NOON)
    assert [reason_in(firing, language) for language in ("en-GB", "de-AT", "es", "fr")] == list(case[1:])
    assert firing.reason == case[1]  # what is written into the journal does not depend on a reader


def test_a_weekend_is_not_said_twice():
    when = {"every": "month", "on": 6, "roll": "following", "calendar": "office", "at": "08:00"}
    firing = next_firing(timing_from(when, default_zone="UTC", **NAMES), after=NOON)
    assert firing.reason == "6th of the month; moved from Sunday 6 December 2026: Sunday"
    assert reason_in(firing, "de") == "am 6. jedes Monats; verschoben von Sonntag, 6. Dezember 2026"
    assert reason_in(firing, "es") == "el día 6 de cada mes; trasladado desde el domingo 6 de diciembre de 2026"


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2026-12-24", "Donnerstag, 24. Dezember 2026 gehört nicht zur Regel; als Nächstes kommt Mittwoch, 30. Dezember 2026."),
        ("2026-12-25", "Freitag, 25. Dezember 2026: kein Versand, kein Geschäftstag (1. Weihnachtstag), deshalb verschoben auf Mittwoch, 30. Dezember 2026."),
        ("2026-12-30", "08:00, am 25. jedes Monats; verschoben von Freitag, 25. Dezember 2026 (1. Weihnachtstag)"),
        ("2020-12-30", "Der Zeitplan beginnt am 1. Januar 2021."),
    ],
)  # fmt: skip
def test_why_and_why_not_in_german(on, said):
    when = {"every": "month", "on": 25, "roll": "following", "calendar": "office", "at": "08:00", "from": "2021-01-01"}
    timing = timing_from(when, default_zone="UTC", **NAMES)
    assert explain(timing, on=date.fromisoformat(on), language="de").reason == said


def test_closures_without_a_name_are_said_and_names_of_ones_own_stay():
    assert OFFICE.closure_in(date(2026, 12, 28), "de") == OFFICE.closure_in(date(2026, 12, 31), "de") == "geschlossen"
    assert OFFICE.closure_in(date(2026, 12, 29), "fr") == OFFICE.closure(date(2026, 12, 29)) == "Umzug"
    assert OFFICE.closure_in(date(2026, 12, 26), "es") == "sábado"


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "ja"])
def test_a_name_never_decides_what_is_closed(language):
    days = [date.fromordinal(one) for one in range(date(2026, 12, 1).toordinal(), date(2027, 1, 31).toordinal())]
    assert [bool(OFFICE.closure_in(day, language)) for day in days] == [not OFFICE.is_business_day(day) for day in days]


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (datetime(2027, 3, 27, 12, tzinfo=UTC), "jeden Tag; verschoben auf 03:00 Uhr: die Uhr wurde vorgestellt"),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), "jeden Tag; 02:30 Uhr zum ersten Mal: die Uhr wurde zurückgestellt"),
    ],
)
def test_what_clocks_did_is_said_too(after, said):
    timing = timing_from({"every": "day", "at": "02:30"}, default_zone="Europe/Berlin")
    assert reason_in(next_firing(timing, after=after), "de") == said


def test_timings_that_meet_give_both_reasons_once():
    day = {"every": "day", "at": "08:00"}
    timing = timing_from({"union": [day, {"cron": "0 8 * * *"}, day]}, default_zone="UTC")
    firing = next_firing(timing, after=NOON)
    assert reason_in(firing, "de") == "jeden Tag und nach Cron „0 8 * * *“"
    assert firing.reason == 'every day and by cron "0 8 * * *"'


def test_a_walk_makes_no_reason(monkeypatch):
    asked = []
    for way in ("told", "__str__"):
        monkeypatch.setattr(Because, way, lambda self, teller=None: asked.append(self) or "")
    timing = timing_from({"every": "month", "on": 25, "roll": "following", "calendar": "office", "at": "08:00"}, default_zone="UTC", **NAMES)  # fmt: skip
    found = list(firings(timing, after=NOON, limit=50))
    assert (len(found), asked) == (50, [])
    assert found[0].reason == "" and len(asked) == 1


RULES = st.sampled_from([case[0] for case in CASES])


@settings(max_examples=60, deadline=None)
@given(RULES, st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.sampled_from(["de", "es", "fr"]))
def test_every_date_is_explained_in_every_language(rule, on, language):
    timing = timing_from({**yaml.safe_load(rule), "at": "08:00"}, default_zone="Europe/Berlin", **NAMES)
    here, english = explain(timing, on=on, language=language), explain(timing, on=on)
    assert (here.fires, here.firings) == (english.fires, english.firings)
    assert here.reason and "{" not in here.reason
    assert here.reason != english.reason

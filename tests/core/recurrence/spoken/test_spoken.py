"""Sentences in German, Spanish and French, as a speaker of each would say them."""

import pytest
import yaml

from broadsheet.core.recurrence import timing_from, words
from broadsheet.core.recurrence.calendars import Business, Events
from broadsheet.core.recurrence.fiscal import FiscalMonths

NAMES = {
    "calendars": {"nyse": Business("NYSE")},
    "fiscal": {"ours": FiscalMonths(2)},
    "events": {"board": Events("Board", ())},
}
CASES = [
    (
        '{every: day, at: "08:00", zone: America/New_York}',
        "Jeden Tag um 08:00 Uhr, Ortszeit New York",
        "Todos los días a las 08:00, hora de Nueva York",
        "Tous les jours à 08:00, heure de New York",
    ),
    (
        '{every: day, interval: 10, from: 2026-01-05, until: 2026-12-31, at: "08:00", zone: UTC}',
        "Alle 10 Tage um 08:00 Uhr, UTC, ab 5. Januar 2026, bis 31. Dezember 2026",
        "Cada 10 días a las 08:00, UTC, desde el 5 de enero de 2026, hasta el 31 de diciembre de 2026",
        "Tous les 10 jours à 08:00, UTC, à partir du 5 janvier 2026, jusqu’au 31 décembre 2026",
    ),
    (
        '{every: weekday, at: ["01:00", "17:00"], zone: Europe/Athens}',
        "Montags bis freitags um 01:00 und 17:00 Uhr, Ortszeit Athen",
        "De lunes a viernes a la 01:00 y a las 17:00, hora de Atenas",
        "Du lundi au vendredi à 01:00 et 17:00, heure d’Athènes",
    ),
    (
        '{every: week, on: [mon, sat], at: "08:00"}',
        "Jeden Montag und Samstag um 08:00 Uhr, Ortszeit London",
        "Todos los lunes y sábados a las 08:00, hora de Londres",
        "Tous les lundis et samedis à 08:00, heure de Londres",
    ),
    (
        '{every: week, on: [mon, thu, sun], interval: 2, anchor: 2026-01-05, at: "08:00"}',
        "Alle 2 Wochen am Montag, Donnerstag und Sonntag, gezählt ab 5. Januar 2026, um 08:00 Uhr, Ortszeit London",
        "Cada 2 semanas, los lunes, jueves y domingos, contando desde el 5 de enero de 2026, a las 08:00, hora de Londres",
        "Toutes les 2 semaines, le lundi, le jeudi et le dimanche, en comptant à partir du 5 janvier 2026, à 08:00,"
        " heure de Londres",
    ),
    (
        '{every: month, on: 1, at: "08:00"}',
        "Am 1. jedes Monats um 08:00 Uhr, Ortszeit London",
        "El día 1 de cada mes a las 08:00, hora de Londres",
        "Le 1er de chaque mois à 08:00, heure de Londres",
    ),
    (
        '{every: month, on: {day: 31, short: skip}, at: "08:00"}',
        "Am 31. jedes Monats, kürzere Monate ausgenommen, um 08:00 Uhr, Ortszeit London",
        "El día 31 de cada mes, salvo en los meses más cortos, a las 08:00, hora de Londres",
        "Le 31 de chaque mois, sauf les mois plus courts, à 08:00, heure de Londres",
    ),
    (
        '{every: month, on: {nth: -2, weekday: fri}, interval: 3, from: 2026-01-01, at: "08:00"}',
        "Alle 3 Monate am vorletzten Freitag um 08:00 Uhr, Ortszeit London, ab 1. Januar 2026",
        "Cada 3 meses, el penúltimo viernes a las 08:00, hora de Londres, desde el 1 de enero de 2026",
        "Tous les 3 mois, l’avant-dernier vendredi à 08:00, heure de Londres, à partir du 1er janvier 2026",
    ),
    (
        '{every: month, on: {business_day: -12}, at: "08:00"}',
        "Am zwölftletzten Geschäftstag jedes Monats um 08:00 Uhr, Ortszeit London",
        "El 12.º día hábil empezando por el final de cada mes a las 08:00, hora de Londres",
        "Le 12e jour ouvré en partant de la fin de chaque mois à 08:00, heure de Londres",
    ),
    (
        '{every: month, on: 15, roll: modified-following, calendar: nyse, at: "08:00"}',
        "Am 15. jedes Monats, falls kein Geschäftstag, am nächsten Geschäftstag desselben Monats (NYSE), um 08:00 Uhr,"
        " Ortszeit London",
        "El día 15 de cada mes, si no es hábil, el siguiente día hábil del mismo mes (NYSE), a las 08:00, hora de Londres",
        "Le 15 de chaque mois, si ce n’est pas un jour ouvré, le jour ouvré suivant du même mois (NYSE), à 08:00,"
        " heure de Londres",
    ),
    (
        '{every: quarter, on: {nth: -1, weekday: fri}, fiscal: ours, at: "17:00"}',
        "Am letzten Freitag jedes Geschäftsquartals um 17:00 Uhr, Ortszeit London",
        "El último viernes de cada trimestre fiscal a las 17:00, hora de Londres",
        "Le dernier vendredi de chaque trimestre fiscal à 17:00, heure de Londres",
    ),
    (
        '{every: year, on: {day: 1}, months: [mar, sep], at: "08:00"}',
        "Jedes Jahr am 1. März und am 1. September um 08:00 Uhr, Ortszeit London",
        "Cada año, el 1 de marzo y el 1 de septiembre a las 08:00, hora de Londres",
        "Chaque année, le 1er mars et le 1er septembre à 08:00, heure de Londres",
    ),
    (
        '{every: year, on: {nth: 1, weekday: mon}, months: [apr, oct], interval: 2, anchor: 2026-01-01, at: "08:00"}',
        "Alle 2 Jahre am ersten Montag im April und Oktober, gezählt ab 1. Januar 2026, um 08:00 Uhr, Ortszeit London",
        "Cada 2 años, el primer lunes de abril y octubre, contando desde el 1 de enero de 2026, a las 08:00,"
        " hora de Londres",
        "Tous les 2 ans, le premier lundi d’avril et d’octobre, en comptant à partir du 1er janvier 2026, à 08:00,"
        " heure de Londres",
    ),
    (
        '{events: board, offset: {business_days: -1}, at: "08:00"}',
        "1 Geschäftstag vor jedem Termin aus „Board“ um 08:00 Uhr, Ortszeit London",
        "1 día hábil antes de cada fecha de «Board» a las 08:00, hora de Londres",
        "1 jour ouvré avant chaque date de « Board » à 08:00, heure de Londres",
    ),
    (
        '{every: month, on: 15, offset: {days: 2}, at: "08:00"}',
        "2 Tage danach: am 15. jedes Monats um 08:00 Uhr, Ortszeit London",
        "2 días después: el día 15 de cada mes a las 08:00, hora de Londres",
        "2 jours après\u00a0: le 15 de chaque mois à 08:00, heure de Londres",
    ),
    (
        '{every: {minutes: 90}, anchor: "2026-01-05 08:00"}',
        "Alle 90 Minuten, gezählt ab 5. Januar 2026, 08:00 Uhr, Ortszeit London",
        "Cada 90 minutos, contando desde el 5 de enero de 2026 a las 08:00, hora de Londres",
        "Toutes les 90 minutes, en comptant à partir du 5 janvier 2026 à 08:00, heure de Londres",
    ),
    (
        '{union: [{every: week, on: mon}, {every: month, on: 1}], at: "08:00", gap: skip, overlap: both}',
        "Jeden Montag und am 1. jedes Monats um 08:00 Uhr, Ortszeit London, entfällt, wenn die Uhr diese Zeit überspringt,"
        " zweimal, wenn die Uhr diese Zeit wiederholt",
        "Todos los lunes y el día 1 de cada mes a las 08:00, hora de Londres, se omite cuando el cambio de hora se salta"
        " esa hora, dos veces cuando esa hora se repite",
        "Tous les lundis et le 1er de chaque mois à 08:00, heure de Londres, omis quand le changement d’heure saute cette"
        " heure, deux fois quand cette heure se répète",
    ),
    (
        '{dates: [2026-01-01, 2026-02-05], at: "08:00"}',
        "Am 1. Januar 2026 und 5. Februar 2026 um 08:00 Uhr, Ortszeit London",
        "El 1 de enero de 2026 y el 5 de febrero de 2026 a las 08:00, hora de Londres",
        "Le 1er janvier 2026 et le 5 février 2026 à 08:00, heure de Londres",
    ),
    (
        '{cron: "0 8 * * 1-5"}',
        "Montags bis freitags um 08:00 Uhr, Ortszeit London",
        "De lunes a viernes a las 08:00, hora de Londres",
        "Du lundi au vendredi à 08:00, heure de Londres",
    ),
    (
        '{cron: "30 6 1,15 * 1-5"}',
        "Am 1. jedes Monats und am 15. jedes Monats und montags bis freitags um 06:30 Uhr, Ortszeit London",
        "El día 1 de cada mes y el día 15 de cada mes y de lunes a viernes a las 06:30, hora de Londres",
        "Le 1er de chaque mois et le 15 de chaque mois et du lundi au vendredi à 06:30, heure de Londres",
    ),
    (
        '{cron: "*/5 8 * * 1-5"}',
        "Nach Cron „*/5 8 * * 1-5“, Ortszeit London",
        "Según cron «*/5 8 * * 1-5», hora de Londres",
        "Selon cron « */5 8 * * 1-5 », heure de Londres",
    ),
]


@pytest.mark.feature("SCH-30")
@pytest.mark.parametrize("language", ["de", "es", "fr"])
@pytest.mark.parametrize("case", CASES, ids=[case[0][:40] for case in CASES])
def test_a_rule_is_said_in_the_language_of_its_reader(case, language):
    timing = timing_from(yaml.safe_load(case[0]), default_zone="Europe/London", **NAMES)
    assert words(timing, language) == case[1 + ["de", "es", "fr"].index(language)]


@pytest.mark.parametrize(
    ("tag", "begin"), [("de-CH", "Jeden"), ("es_MX", "Todos"), ("FR", "Tous"), ("en-GB", "Every"), ("ja", "Every")]
)
def test_regions_share_their_language_and_others_get_english(tag, begin):
    timing = timing_from({"every": "day", "at": "08:00"}, default_zone="UTC")
    assert words(timing, tag).startswith(begin)

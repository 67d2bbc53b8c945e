"""French."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from broadsheet.core.recurrence.month_patterns import DayOfMonth
from broadsheet.core.recurrence.phrases import Phrases
from broadsheet.core.recurrence.spoken.speech import Joint, Speech, clock, listed

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
ORDINALS = (
    "", "premier", "deuxième", "troisième", "quatrième", "cinquième", "sixième", "septième", "huitième", "neuvième",
    "dixième",
)  # fmt: skip
VOWELS = "aâàeéèêiîoôuûAÂÀEÉÈÊIÎOÔUÛ"
UNITS = {
    ("period", False): ("mois", "mois"),
    ("quarter", False): ("trimestre", "trimestres"),
    ("half", False): ("semestre", "semestres"),
    ("year", False): ("année", "ans"),
    ("period", True): ("mois fiscal", "mois fiscaux"),
    ("quarter", True): ("trimestre fiscal", "trimestres fiscaux"),
    ("half", True): ("semestre fiscal", "semestres fiscaux"),
    ("year", True): ("exercice", "exercices"),
}
DISTANCES = {"hours": "heures", "minutes": "minutes", "seconds": "secondes"}


class French(Speech):
    language = "fr"
    weekdays = WEEKDAYS
    weekday_date = "{weekday} {date}"
    colon = "\u00a0: "
    own_clock = "heure de chaque destinataire"
    gaps = {
        "skip": "omis quand le changement d’heure saute cette heure",
        "shift": "retardé d’autant quand le changement d’heure saute cette heure",
    }
    overlaps = {
        "second": "la seconde fois quand cette heure se répète",
        "both": "deux fois quand cette heure se répète",
    }
    rolls = {
        "following": "si ce n’est pas un jour ouvré, le jour ouvré suivant",
        "preceding": "si ce n’est pas un jour ouvré, le jour ouvré précédent",
        "modified-following": "si ce n’est pas un jour ouvré, le jour ouvré suivant du même mois",
        "modified-preceding": "si ce n’est pas un jour ouvré, le jour ouvré précédent du même mois",
        "nearest": "si ce n’est pas un jour ouvré, le jour ouvré le plus proche",
        "skip": "seulement les jours ouvrés",
    }
    shorts = {
        "clamp": "ou le dernier jour des mois plus courts",
        "skip": "sauf les mois plus courts",
        "next": "ou le 1er du mois suivant si le mois est plus court",
    }
    joints: dict[Joint, str] = {"union": " et ", "all_of": ", à condition que ce soit aussi ", "except": ", mais pas "}
    once = "Une fois"
    both_days = "les jours qui répondent à la fois au jour et au jour de la semaine"

    phrases = Phrases(
        moved="{reason}\u00a0; reporté du {day} ({closure})",
        changes={
            "forward": "reporté à {time}\u00a0: passage à l’heure d’été",
            "first": "{time} pour la première fois\u00a0: les horloges ont reculé",
            "second": "{time} pour la seconde fois\u00a0: les horloges ont reculé",
        },
        hindrances={
            "not_begun": "la règle commence le {date}",
            "over": "la règle a pris fin le {date}",
            "closed": "ce n’est pas un jour ouvré ({closure})",
            "moved": "ce n’est pas un jour ouvré ({closure}), donc reporté au {to}",
            "left_out": "ce n’est pas un jour ouvré ({closure}), donc omis",
            "excluded": "il est exclu ({reason})",
            "exdate": "il est exclu (EXDATE)",
            "not_all": "toutes les règles n’ont pas ce jour",
        },
        moved_weekday="{reason}\u00a0; reporté du {day}",
        both=" et ",
        then="\u00a0; ",
        listed="une date de la liste",
        added="une date ajoutée à la règle (RDATE)",
        start="la date de début",
        event="date de «\u00a0{name}\u00a0»",
        starts="La planification commence le {date}.",
        ended="La planification a pris fin le {date}.",
        no="Le {day}\u00a0: pas d’envoi, {why}.",
        off="Le {day} n’est pas une date de la règle\u00a0; la suivante est le {next}.",
        off_for_good="Le {day} n’est pas une date de la règle, et aucune ne suit.",
        jumped="Les horloges ont sauté cette heure, et la planification omet de telles heures.",
        no_moment="aucun moment de la règle ne tombe ce jour-là",
        never_met="Aucun moment n’est dans toutes les règles.",
        all_out="Tous ses moments sont exclus.",
        more="{told}\u00a0; et {n} de plus",
    )

    def every_day(self, interval: int) -> str:
        return "Tous les jours" if interval == 1 else f"Tous les {interval} jours"

    def every_weekday(self, interval: int) -> str:
        return (
            "Du lundi au vendredi" if interval == 1 else f"Tous les {interval} jours de semaine (du lundi au vendredi)"
        )

    def weekly(self, weekdays: Sequence[int], interval: int) -> str:
        if interval == 1:
            return f"Tous les {listed([f'{WEEKDAYS[weekday]}s' for weekday in weekdays], 'et')}"
        return f"Toutes les {interval} semaines, {listed([f'le {WEEKDAYS[weekday]}' for weekday in weekdays], 'et')}"

    def day(self, day: int) -> str:
        return f"le {_number(day)}"

    def nth(self, nth: int, what: int | str) -> str:
        noun = WEEKDAYS[what] if isinstance(what, int) else {"day": "jour", "business_day": "jour ouvré"}[what]
        if nth > 0:
            return f"le {_ordinal(nth)} {noun}"
        known = {-1: "le dernier", -2: "l’avant-dernier", -3: "l’antépénultième"}
        return f"{known[nth]} {noun}" if nth in known else f"le {_ordinal(-nth)} {noun} en partant de la fin"

    def of_each(self, phrase: str, unit: str, interval: int, *, fiscal: bool) -> str:
        one, many = UNITS[unit, fiscal]
        return f"{_capital(phrase)} de chaque {one}" if interval == 1 else f"Tous les {interval} {many}, {phrase}"

    def yearly(self, pattern: Any, months: Sequence[int], interval: int) -> str:
        names = [MONTHS[month - 1] for month in months]
        if isinstance(pattern, DayOfMonth):
            phrase = listed([f"le {_number(pattern.day)} {name}" for name in names], "et")
        else:
            phrase = f"{self.pattern(pattern)[0]} {listed([_of(name) for name in names], 'et')}"
        return f"Chaque année, {phrase}" if interval == 1 else f"Tous les {interval} ans, {phrase}"

    def distance(self, number: int, unit: str) -> str:
        return f"Toutes les {DISTANCES[unit]}" if number == 1 else f"Toutes les {number} {DISTANCES[unit]}"

    def shifted(self, days: int, *, business: bool) -> str:
        return f"{_days(days, business=business)} {'après' if days > 0 else 'avant'}"

    def beside_events(self, days: int, name: str, *, business: bool) -> str:
        return f"{self.shifted(days, business=business)} chaque date de « {name} »"

    def on_events(self, name: str) -> str:
        return f"À chaque date de « {name} »"

    def at_session(self, edge: str, minutes: int, name: str) -> str:
        noun = {"open": "l’ouverture", "close": "la clôture"}[edge]
        if not minutes:
            return f"À {noun} les jours de {name}"
        unit = "minute" if abs(minutes) == 1 else "minutes"
        return f"{abs(minutes)} {unit} {'avant' if minutes < 0 else 'après'} {noun} les jours de {name}"

    def on_dates(self, dates: Sequence[str]) -> str:
        return f"Le {listed(dates, 'et le')}"

    def by_cron(self, text: str) -> str:
        return f"Selon cron « {text} »"

    def by_rule(self, text: str) -> str:
        return f"Selon la règle {text}"

    def at(self, times: Sequence[str]) -> str:
        return f"à {listed(times, 'et')}"

    def zone(self, zone: str) -> str:
        place = self.place(zone)
        return f"heure {_of(place)}" if place else zone

    def dated(self, day: date, /) -> str:
        return f"{_number(day.day)} {MONTHS[day.month - 1]} {day.year}"

    def since(self, day: date) -> str:
        return f"à partir du {self.dated(day)}"

    def until(self, day: date) -> str:
        return f"jusqu’au {self.dated(day)}"

    def counted_from(self, day: date) -> str:
        return f"en comptant à partir du {self.dated(day)}"

    def counted_from_moment(self, moment: datetime) -> str:
        return f"{self.counted_from(moment)} {self.at([clock(moment.time())])}"


def _number(day: int) -> str:
    """Only the first of a month is an ordinal."""
    return "1er" if day == 1 else str(day)


def _ordinal(number: int) -> str:
    return ORDINALS[number] if number < len(ORDINALS) else f"{number}e"


def _of(name: str) -> str:
    """ "de mars", "d’avril"."""
    return f"d’{name}" if name[:1] in VOWELS else f"de {name}"


def _days(days: int, *, business: bool) -> str:
    many = "s" if abs(days) > 1 else ""
    return f"{abs(days)} jour{many}{f' ouvré{many}' if business else ''}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

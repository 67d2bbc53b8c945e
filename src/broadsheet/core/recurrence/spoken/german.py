"""German."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from broadsheet.core.recurrence.month_patterns import DayOfMonth
from broadsheet.core.recurrence.phrases import Phrases
from broadsheet.core.recurrence.spoken.speech import Joint, Speech, clock, listed

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
ORDINALS = (
    "",
    "ersten",
    "zweiten",
    "dritten",
    "vierten",
    "fünften",
    "sechsten",
    "siebten",
    "achten",
    "neunten",
    "zehnten",
)
LAST = (
    "", "letzten", "vorletzten", "drittletzten", "viertletzten", "fünftletzten", "sechstletzten", "siebtletzten",
    "achtletzten", "neuntletzten", "zehntletzten", "elftletzten", "zwölftletzten",
)  # fmt: skip
UNITS = {  # genitive after “jedes”, plural
    ("period", False): ("Monats", "Monate"),
    ("quarter", False): ("Quartals", "Quartale"),
    ("half", False): ("Halbjahres", "Halbjahre"),
    ("year", False): ("Jahres", "Jahre"),
    ("period", True): ("Geschäftsmonats", "Geschäftsmonate"),
    ("quarter", True): ("Geschäftsquartals", "Geschäftsquartale"),
    ("half", True): ("Geschäftshalbjahres", "Geschäftshalbjahre"),
    ("year", True): ("Geschäftsjahres", "Geschäftsjahre"),
}
DISTANCES = {
    "hours": ("Jede Stunde", "Stunden"),
    "minutes": ("Jede Minute", "Minuten"),
    "seconds": ("Jede Sekunde", "Sekunden"),
}


class German(Speech):
    language = "de"
    weekdays = WEEKDAYS
    lasting = frozenset(WEEKDAYS)
    own_clock = "Ortszeit jedes Empfängers"
    gaps = {
        "skip": "entfällt, wenn die Uhr diese Zeit überspringt",
        "shift": "um ebenso viel später, wenn die Uhr diese Zeit überspringt",
    }
    overlaps = {
        "second": "beim zweiten Mal, wenn die Uhr diese Zeit wiederholt",
        "both": "zweimal, wenn die Uhr diese Zeit wiederholt",
    }
    rolls = {
        "following": "falls kein Geschäftstag, am nächsten Geschäftstag",
        "preceding": "falls kein Geschäftstag, am Geschäftstag davor",
        "modified-following": "falls kein Geschäftstag, am nächsten Geschäftstag desselben Monats",
        "modified-preceding": "falls kein Geschäftstag, am Geschäftstag davor im selben Monat",
        "nearest": "falls kein Geschäftstag, am nächstgelegenen Geschäftstag",
        "skip": "nur an Geschäftstagen",
    }
    shorts = {
        "clamp": "in kürzeren Monaten am letzten Tag",
        "skip": "kürzere Monate ausgenommen",
        "next": "nach kürzeren Monaten am Ersten des Folgemonats",
    }
    joints: dict[Joint, str] = {"union": " und ", "all_of": ", sofern zugleich ", "except": ", aber nicht "}
    once = "Einmal"
    both_days = "an Tagen, die zu Tag und Wochentag passen"

    phrases = Phrases(
        moved="{reason}; verschoben von {day} ({closure})",
        changes={
            "forward": "verschoben auf {time} Uhr: die Uhr wurde vorgestellt",
            "first": "{time} Uhr zum ersten Mal: die Uhr wurde zurückgestellt",
            "second": "{time} Uhr zum zweiten Mal: die Uhr wurde zurückgestellt",
        },
        hindrances={
            "not_begun": "die Regel beginnt am {date}",
            "over": "die Regel endete am {date}",
            "closed": "kein Geschäftstag ({closure})",
            "moved": "kein Geschäftstag ({closure}), deshalb verschoben auf {to}",
            "left_out": "kein Geschäftstag ({closure}), deshalb ausgelassen",
            "excluded": "ausgenommen ({reason})",
            "exdate": "ausgenommen (EXDATE)",
            "not_all": "nicht alle Regeln haben diesen Tag",
        },
        moved_weekday="{reason}; verschoben von {day}",
        both=" und ",
        listed="ein Datum der Liste",
        added="zur Regel hinzugefügt (RDATE)",
        start="das Datum des Beginns",
        event="Termin aus „{name}“",
        starts="Der Zeitplan beginnt am {date}.",
        ended="Der Zeitplan endete am {date}.",
        no="{day}: kein Versand, {why}.",
        off="{day} gehört nicht zur Regel; als Nächstes kommt {next}.",
        off_for_good="{day} gehört nicht zur Regel, und danach kommt nichts mehr.",
        jumped="Die Uhr übersprang diese Zeit, und der Zeitplan lässt solche Zeiten aus.",
        no_moment="kein Zeitpunkt der Regel fällt auf diesen Tag",
        never_met="Kein Zeitpunkt ist in allen Regeln.",
        all_out="Alle Zeitpunkte sind ausgenommen.",
        more="{told}; und {n} weitere",
    )

    def every_day(self, interval: int) -> str:
        return "Jeden Tag" if interval == 1 else f"Alle {interval} Tage"

    def every_weekday(self, interval: int) -> str:
        return "Montags bis freitags" if interval == 1 else f"Alle {interval} Wochentage (Montag bis Freitag)"

    def weekly(self, weekdays: Sequence[int], interval: int) -> str:
        days = listed([WEEKDAYS[weekday] for weekday in weekdays], "und")
        return f"Jeden {days}" if interval == 1 else f"Alle {interval} Wochen am {days}"

    def day(self, day: int) -> str:
        return f"am {day}."

    def nth(self, nth: int, what: int | str) -> str:
        noun = WEEKDAYS[what] if isinstance(what, int) else {"day": "Tag", "business_day": "Geschäftstag"}[what]
        return f"am {_position(nth)} {noun}"

    def of_each(self, phrase: str, unit: str, interval: int, *, fiscal: bool) -> str:
        genitive, plural = UNITS[unit, fiscal]
        return f"{_capital(phrase)} jedes {genitive}" if interval == 1 else f"Alle {interval} {plural} {phrase}"

    def yearly(self, pattern: Any, months: Sequence[int], interval: int) -> str:
        names = [MONTHS[month - 1] for month in months]
        if isinstance(pattern, DayOfMonth):
            phrase = listed([f"am {pattern.day}. {name}" for name in names], "und")
        else:
            phrase = f"{self.pattern(pattern)[0]} im {listed(names, 'und')}"
        return f"Jedes Jahr {phrase}" if interval == 1 else f"Alle {interval} Jahre {phrase}"

    def distance(self, number: int, unit: str) -> str:
        one, many = DISTANCES[unit]
        return one if number == 1 else f"Alle {number} {many}"

    def shifted(self, days: int, *, business: bool) -> str:
        return f"{_days(days, business=business)} {'danach' if days > 0 else 'davor'}"

    def beside_events(self, days: int, name: str, *, business: bool) -> str:
        return f"{_days(days, business=business)} {'nach' if days > 0 else 'vor'} jedem Termin aus „{name}“"

    def on_events(self, name: str) -> str:
        return f"An jedem Termin aus „{name}“"

    def at_session(self, edge: str, minutes: int, name: str) -> str:
        noun = {"open": "Öffnung", "close": "Schluss"}[edge]
        if not minutes:
            return f"{'Bei' if edge == 'close' else 'Zur'} {noun} an Handelstagen von {name}"
        unit = "Minute" if abs(minutes) == 1 else "Minuten"
        after = "nach der" if edge == "open" else "nach"
        before = "vor der" if edge == "open" else "vor"
        return f"{abs(minutes)} {unit} {before if minutes < 0 else after} {noun} an Handelstagen von {name}"

    def on_dates(self, dates: Sequence[str]) -> str:
        return f"Am {listed(dates, 'und')}"

    def by_cron(self, text: str) -> str:
        return f"Nach Cron „{text}“"

    def by_rule(self, text: str) -> str:
        return f"Nach der Regel {text}"

    def at(self, times: Sequence[str]) -> str:
        return f"um {listed(times, 'und')} Uhr"

    def zone(self, zone: str) -> str:
        place = self.place(zone)
        return f"Ortszeit {place}" if place else zone

    def dated(self, day: date, /) -> str:
        return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"

    def since(self, day: date) -> str:
        return f"ab {self.dated(day)}"

    def until(self, day: date) -> str:
        return f"bis {self.dated(day)}"

    def counted_from(self, day: date) -> str:
        return f"gezählt ab {self.dated(day)}"

    def counted_from_moment(self, moment: datetime) -> str:
        return f"gezählt ab {self.dated(moment)}, {clock(moment.time())} Uhr"


def _position(nth: int) -> str:
    """In the dative: “dritten”, “12.”, “vorletzten”, “13.-letzten”."""
    if nth > 0:
        return ORDINALS[nth] if nth < len(ORDINALS) else f"{nth}."
    return LAST[-nth] if -nth < len(LAST) else f"{-nth}.-letzten"


def _days(days: int, *, business: bool) -> str:
    noun = "Geschäftstag" if business else "Tag"
    return f"{abs(days)} {noun}{'e' if abs(days) > 1 else ''}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

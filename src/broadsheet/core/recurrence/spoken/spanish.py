"""Spanish."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from broadsheet.core.recurrence.month_patterns import DayOfMonth
from broadsheet.core.recurrence.phrases import Phrases
from broadsheet.core.recurrence.spoken.speech import Joint, Speech, clock, listed

WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
ORDINALS = ("", "primer", "segundo", "tercer", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno", "décimo")
LAST = ("", "último", "penúltimo", "antepenúltimo")
UNITS = {
    ("period", False): ("mes", "meses"),
    ("quarter", False): ("trimestre", "trimestres"),
    ("half", False): ("semestre", "semestres"),
    ("year", False): ("año", "años"),
    ("period", True): ("mes fiscal", "meses fiscales"),
    ("quarter", True): ("trimestre fiscal", "trimestres fiscales"),
    ("half", True): ("semestre fiscal", "semestres fiscales"),
    ("year", True): ("año fiscal", "años fiscales"),
}
DISTANCES = {"hours": ("hora", "horas"), "minutes": ("minuto", "minutos"), "seconds": ("segundo", "segundos")}


class Spanish(Speech):
    language = "es"
    weekdays = WEEKDAYS
    weekday_date = "{weekday} {date}"
    own_clock = "hora de cada destinatario"
    gaps = {
        "skip": "se omite cuando el cambio de hora se salta esa hora",
        "shift": "se retrasa lo mismo que el reloj cuando el cambio de hora se salta esa hora",
    }
    overlaps = {
        "second": "la segunda vez cuando esa hora se repite",
        "both": "dos veces cuando esa hora se repite",
    }
    rolls = {
        "following": "si no es hábil, el siguiente día hábil",
        "preceding": "si no es hábil, el día hábil anterior",
        "modified-following": "si no es hábil, el siguiente día hábil del mismo mes",
        "modified-preceding": "si no es hábil, el día hábil anterior del mismo mes",
        "nearest": "si no es hábil, el día hábil más cercano",
        "skip": "solo si es día hábil",
    }
    shorts = {
        "clamp": "o el último día de los meses más cortos",
        "skip": "salvo en los meses más cortos",
        "next": "o el primer día del mes siguiente si el mes es más corto",
    }
    joints: dict[Joint, str] = {"union": " y ", "all_of": ", siempre que también ", "except": ", pero no "}
    once = "Una vez"
    both_days = "los días que cumplen a la vez día y día de la semana"

    phrases = Phrases(
        moved="{reason}; trasladado desde el {day} ({closure})",
        changes={
            "forward": "trasladado a la hora {time}: los relojes se adelantaron",
            "first": "{time} h por primera vez: los relojes se atrasaron",
            "second": "{time} h por segunda vez: los relojes se atrasaron",
        },
        hindrances={
            "not_begun": "la regla empieza el {date}",
            "over": "la regla terminó el {date}",
            "closed": "no es día hábil ({closure})",
            "moved": "no es día hábil ({closure}), así que se traslada al {to}",
            "left_out": "no es día hábil ({closure}), así que se omite",
            "excluded": "está excluido ({reason})",
            "exdate": "está excluido (EXDATE)",
            "not_all": "no todas las reglas tienen ese día",
        },
        moved_weekday="{reason}; trasladado desde el {day}",
        both=" y ",
        listed="una fecha de la lista",
        added="una fecha añadida a la regla (RDATE)",
        start="la fecha de inicio",
        event="fecha de «{name}»",
        starts="La programación empieza el {date}.",
        ended="La programación terminó el {date}.",
        no="El {day}: sin envío, {why}.",
        off="El {day} no es una de las fechas de la regla; la siguiente es el {next}.",
        off_for_good="El {day} no es una de las fechas de la regla, y no sigue ninguna.",
        jumped="Los relojes se saltaron esa hora, y la programación omite tales horas.",
        no_moment="ningún momento de la regla cae en ese día",
        never_met="Ningún momento está en todas las reglas.",
        all_out="Todos sus momentos están excluidos.",
        more="{told}; y {n} más",
    )

    def every_day(self, interval: int) -> str:
        return "Todos los días" if interval == 1 else f"Cada {interval} días"

    def every_weekday(self, interval: int) -> str:
        return "De lunes a viernes" if interval == 1 else f"Cada {interval} días entre semana (de lunes a viernes)"

    def weekly(self, weekdays: Sequence[int], interval: int) -> str:
        days = listed([_plural(weekday) for weekday in weekdays], "y")
        return f"Todos los {days}" if interval == 1 else f"Cada {interval} semanas, los {days}"

    def day(self, day: int) -> str:
        return f"el día {day}"

    def nth(self, nth: int, what: int | str) -> str:
        noun = WEEKDAYS[what] if isinstance(what, int) else {"day": "día", "business_day": "día hábil"}[what]
        if nth > 0:
            return f"el {_ordinal(nth)} {noun}"
        return f"el {LAST[-nth]} {noun}" if -nth < len(LAST) else f"el {_ordinal(-nth)} {noun} empezando por el final"

    def of_each(self, phrase: str, unit: str, interval: int, *, fiscal: bool) -> str:
        one, many = UNITS[unit, fiscal]
        return f"{_capital(phrase)} de cada {one}" if interval == 1 else f"Cada {interval} {many}, {phrase}"

    def yearly(self, pattern: Any, months: Sequence[int], interval: int) -> str:
        names = [MONTHS[month - 1] for month in months]
        if isinstance(pattern, DayOfMonth):
            phrase = listed([f"el {pattern.day} de {name}" for name in names], "y")
        else:
            phrase = f"{self.pattern(pattern)[0]} de {listed(names, 'y')}"
        return f"Cada año, {phrase}" if interval == 1 else f"Cada {interval} años, {phrase}"

    def distance(self, number: int, unit: str) -> str:
        one, many = DISTANCES[unit]
        return f"Cada {one}" if number == 1 else f"Cada {number} {many}"

    def shifted(self, days: int, *, business: bool) -> str:
        return f"{_days(days, business=business)} {'después' if days > 0 else 'antes'}"

    def beside_events(self, days: int, name: str, *, business: bool) -> str:
        return f"{self.shifted(days, business=business)} de cada fecha de «{name}»"

    def on_events(self, name: str) -> str:
        return f"En cada fecha de «{name}»"

    def at_session(self, edge: str, minutes: int, name: str) -> str:
        noun = {"open": "apertura", "close": "cierre"}[edge]
        article = {"open": "la", "close": "el"}[edge]
        if not minutes:
            return f"{'A la' if edge == 'open' else 'Al'} {noun} los días de {name}"
        unit = "minuto" if abs(minutes) == 1 else "minutos"
        side = "antes" if minutes < 0 else "después"
        return f"{abs(minutes)} {unit} {side} {'de la' if article == 'la' else 'del'} {noun} los días de {name}"

    def on_dates(self, dates: Sequence[str]) -> str:
        return f"El {listed(dates, 'y el')}"

    def by_cron(self, text: str) -> str:
        return f"Según cron «{text}»"

    def by_rule(self, text: str) -> str:
        return f"Según la regla {text}"

    def at(self, times: Sequence[str]) -> str:
        return listed([f"a {'la' if one.startswith('01:') else 'las'} {one}" for one in times], "y")

    def zone(self, zone: str) -> str:
        place = self.place(zone)
        return f"hora de {place}" if place else zone

    def dated(self, day: date, /) -> str:
        return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"

    def since(self, day: date) -> str:
        return f"desde el {self.dated(day)}"

    def until(self, day: date) -> str:
        return f"hasta el {self.dated(day)}"

    def counted_from(self, day: date) -> str:
        return f"contando desde el {self.dated(day)}"

    def counted_from_moment(self, moment: datetime) -> str:
        return f"contando desde el {self.dated(moment)} {self.at([clock(moment.time())])}"


def _plural(weekday: int) -> str:
    """Names on -s do not change."""
    name = WEEKDAYS[weekday]
    return name if name.endswith("s") else f"{name}s"


def _ordinal(number: int) -> str:
    return ORDINALS[number] if number < len(ORDINALS) else f"{number}.º"


def _days(days: int, *, business: bool) -> str:
    many = abs(days) > 1
    return f"{abs(days)} {'días' if many else 'día'}{(' hábiles' if many else ' hábil') if business else ''}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

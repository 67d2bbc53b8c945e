"""The parts of a recurrence rule, checked against RFC 5545, section 3.3.10, and RFC 7529, section 4."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from broadsheet.core.recurrence.errors import RuleError

Freq = Literal["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
Skip = Literal["OMIT", "BACKWARD", "FORWARD"]
FREQS: tuple[Freq, ...] = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
SKIPS: tuple[Skip, ...] = ("OMIT", "BACKWARD", "FORWARD")
SUB_DAILY = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
RANGES = {  # name -> (attribute, lowest, highest, negative too)
    "BYSECOND": ("by_second", 0, 60, False),
    "BYMINUTE": ("by_minute", 0, 59, False),
    "BYHOUR": ("by_hour", 0, 23, False),
    "BYMONTHDAY": ("by_month_day", 1, 31, True),
    "BYYEARDAY": ("by_year_day", 1, 366, True),
    "BYWEEKNO": ("by_week_no", 1, 53, True),
    "BYMONTH": ("by_month", 1, 12, False),
    "BYSETPOS": ("by_set_pos", 1, 366, True),
}
NOT_WITH = {  # the table of section 3.3.10: N/A entries
    "BYWEEKNO": frozenset(FREQS) - {"YEARLY"},
    "BYYEARDAY": frozenset({"DAILY", "WEEKLY", "MONTHLY"}),
    "BYMONTHDAY": frozenset({"WEEKLY"}),
}


@dataclass(frozen=True, slots=True)
class Parts:
    """What an RRULE says. Numbers are kept ascending and each once.

    freq, interval: the period, and every how many of them.
    count: after how many occurrences it ends. until: the last moment that may be one: a local date (its whole day), a
        naive local time, or an aware UTC time. At most one of the two.
    by_day: (n, weekday) with 0 = Monday; n is 0 for every such weekday, else the nth of the month or year.
    week_start: weekday on which weeks begin, for WEEKLY with an interval and for BYWEEKNO.
    skip: RFC 7529: what becomes of a day that its month does not have.
    rscale: whether RSCALE=GREGORIAN is written; SKIP needs it.
    """

    freq: Freq
    interval: int = 1
    count: int | None = None
    until: date | datetime | None = None
    by_second: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_hour: tuple[int, ...] = ()
    by_day: tuple[tuple[int, int], ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_week_no: tuple[int, ...] = ()
    by_month: tuple[int, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    week_start: int = 0
    skip: Skip = "OMIT"
    rscale: bool = False

    def __post_init__(self) -> None:
        if self.freq not in FREQS:
            raise RuleError("rrule.FREQ", f'"{self.freq}" is not known', f"Write one of: {', '.join(FREQS)}.")
        if self.interval < 1:
            raise RuleError("rrule.INTERVAL", f"{self.interval} is not a positive whole number", "Write 1 or more.")
        for name, (attribute, low, high, negative) in RANGES.items():
            values = tuple(sorted(set(getattr(self, attribute))))
            object.__setattr__(self, attribute, values)
            _check_range(name, values, low, high, negative=negative)
        object.__setattr__(self, "by_day", tuple(sorted(set(self.by_day), key=lambda pair: (pair[1], pair[0]))))
        self._check_limits()
        self._check_combinations()
        self._check_weekdays()

    def _check_limits(self) -> None:
        if self.count is not None and self.until is not None:
            raise RuleError("rrule.COUNT", "COUNT and UNTIL exclude each other", "Keep one of the two.")
        if self.count is not None and self.count < 1:
            raise RuleError("rrule.COUNT", f"{self.count} is not a positive whole number", "Write 1 or more.")
        if self.skip not in SKIPS:
            raise RuleError("rrule.SKIP", f'"{self.skip}" is not known', f"Write one of: {', '.join(SKIPS)}.")
        if self.skip != "OMIT" and not self.rscale:
            raise RuleError("rrule.SKIP", "SKIP needs RSCALE (RFC 7529, section 4.1)", "Add RSCALE=GREGORIAN.")

    def _check_combinations(self) -> None:
        for name, freqs in NOT_WITH.items():
            if getattr(self, RANGES[name][0]) and self.freq in freqs:
                fitting = " or ".join(freq for freq in FREQS if freq not in freqs)
                raise RuleError(
                    f"rrule.{name}",
                    f"{name} has no meaning with FREQ={self.freq} (RFC 5545, section 3.3.10)",
                    f"Use it with FREQ={fitting}.",
                )
        others = (self.by_day, *(getattr(self, RANGES[name][0]) for name in RANGES if name != "BYSETPOS"))
        if self.by_set_pos and not any(others):
            raise RuleError(
                "rrule.BYSETPOS", "BYSETPOS needs another BY part to choose from", "Add BYDAY, for instance."
            )

    def _check_weekdays(self) -> None:
        most = 5 if self.freq == "MONTHLY" or self.by_month else 53
        for nth, weekday in self.by_day:
            name = f"{nth or ''}{DAYS[weekday]}"
            if nth and self.freq not in ("MONTHLY", "YEARLY"):
                raise RuleError(
                    "rrule.BYDAY",
                    f"{name} has no meaning with FREQ={self.freq}: only months and years number their weekdays",
                    f"Write {DAYS[weekday]}, or use FREQ=MONTHLY or YEARLY.",
                )
            if nth and self.by_week_no:
                raise RuleError("rrule.BYDAY", f"{name} cannot stand beside BYWEEKNO", f"Write {DAYS[weekday]}.")
            if abs(nth) > most:
                raise RuleError(
                    "rrule.BYDAY", f"{name}: there is no such weekday", f"Write 1 to {most}, or -1 for the last."
                )

    @property
    def has_times(self) -> bool:
        """Whether the rule itself says at what time of day."""
        return self.freq in SUB_DAILY or bool(self.by_hour or self.by_minute or self.by_second)

    @property
    def needs_start(self) -> str:
        """Which part of DTSTART the rule's dates depend on, in words; empty when on none."""
        if self.interval > 1:
            return f"an interval of {self.interval} needs a date to count from"
        if self.count is not None:
            return "COUNT needs a date to count from"
        if self.freq == "WEEKLY" and not self.by_day:
            return "the weekday comes from the start"
        days = self.by_day or self.by_month_day or self.by_year_day
        if self.freq in ("MONTHLY", "YEARLY") and not days:
            return "the day comes from the start"
        return ""


def _check_range(name: str, values: tuple[int, ...], low: int, high: int, *, negative: bool) -> None:
    for value in values:
        if not low <= (abs(value) if negative else value) <= high:
            either = f", or -{high} to -{low}" if negative else ""
            raise RuleError(f"rrule.{name}", f"{value} is out of range", f"Write {low} to {high}{either}.")

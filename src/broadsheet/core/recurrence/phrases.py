"""What reasons and explanations are put together from: one `Phrases` a language, English among them.

English is here and not in `spoken`, since reasons are English wherever nobody asks for another language: in the journal,
on the command line and in logs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from broadsheet.core.recurrence.naming import WEEKDAYS, long_date


@dataclass(frozen=True, slots=True)
class Phrases:
    """Texts with places in braces. `reason`, `closure` and `why` stand in the middle of a sentence; `day`, `next` and
    `to` are dates with their weekday, `date` is one without.

    changes: what a change of clocks did, by `ClockChange.kind`. hindrances: why not on a date, by `Hindrance.kind`.
    """

    moved: str
    changes: Mapping[str, str]
    hindrances: Mapping[str, str]
    both: str
    """Between two reasons that both hold."""

    moved_weekday: str = field(default="", kw_only=True)
    """`moved` where nothing but the weekday closes the day, which `day` says already. English says it again."""

    then: str = field(default="; ", kw_only=True)
    """Between what belongs together without a word."""

    listed: str
    """Why, of a date that is written out."""

    added: str
    start: str
    event: str
    """Why, of an event without a title; `name` is that of the list."""

    starts: str
    ended: str
    no: str
    off: str
    """Not one of the rule's dates: `next` is the first that follows."""

    off_for_good: str
    jumped: str
    no_moment: str
    never_met: str
    all_out: str
    more: str


class Teller(Protocol):
    """Says reasons in one language."""

    @property
    def language(self) -> str:
        """A BCP 47 tag."""

    @property
    def phrases(self) -> Phrases: ...

    def why(self, rule: Any, day: date, /) -> str:
        """Why one of the rule's dates is one, as it stands in the middle of a sentence."""

    def dated(self, day: date, /) -> str:
        """ "5 January 2026"."""

    def named(self, day: date, /) -> str:
        """ "Monday 5 January 2026"."""


class English:
    """The rules' own words."""

    language = "en"
    phrases = Phrases(
        moved="{reason}; moved from {day}: {closure}",
        changes={
            "forward": "moved to {time}: clocks went forward",
            "first": "first {time}: clocks went back",
            "second": "second {time}: clocks went back",
        },
        hindrances={
            "not_begun": "the rule starts on {date}",
            "over": "the rule ended on {date}",
            "closed": "it is no business day: {closure}",
            "moved": "it is no business day ({closure}), so its firing is moved to {to}",
            "left_out": "it is no business day ({closure}), so its firing is left out",
            "excluded": "it is excluded ({reason})",
            "exdate": "it is excluded (EXDATE)",
            "not_all": "not every one of the rules has that date",
        },
        both=" and ",
        listed="a date of the list",
        added="a date added to the rule (RDATE)",
        start="the date of the start",
        event="day of {name}",
        starts="The schedule starts on {date}.",
        ended="The schedule ended on {date}.",
        no="{day} does not fire: {why}.",
        off="{day} is not one of the rule's dates; the next is {next}.",
        off_for_good="{day} is not one of the rule's dates, and none follows.",
        jumped="Clocks went forward over that time, and the schedule skips such times.",
        no_moment="none of the rule's moments falls on it",
        never_met="No moment is in all of the rules.",
        all_out="All of its moments are excluded.",
        more="{told}; and {n} more",
    )

    def why(self, rule: Any, day: date, /) -> str:
        return str(rule.why(day))

    def dated(self, day: date, /) -> str:
        return long_date(day)

    def named(self, day: date, /) -> str:
        return f"{WEEKDAYS[day.weekday()]} {long_date(day)}"


ENGLISH: Teller = English()

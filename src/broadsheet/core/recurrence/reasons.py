"""Reasons of firings in a reader's language."""

from typing import Protocol

from broadsheet.core.recurrence.because import Cause, told
from broadsheet.core.recurrence.phrases import ENGLISH, Teller
from broadsheet.core.recurrence.spoken import speech_of


class Reasoned(Protocol):
    """A `Firing`, or a `Spread` of one over many clocks."""

    @property
    def because(self) -> Cause: ...


def reason_in(firing: Reasoned, language: str = "en") -> str:
    """Why it fires then, e.g. "am dritten Geschäftstag jedes Monats": `Firing.reason`, in German, Spanish or French.

    language: a BCP 47 tag; English for all others. Holidays have the names that their calendars know in it.
    """
    return told(firing.because, teller_of(language))


def teller_of(language: str) -> Teller:
    """Who says reasons in that language."""
    return speech_of(language) or ENGLISH

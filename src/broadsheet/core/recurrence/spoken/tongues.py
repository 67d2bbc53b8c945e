"""Which languages there are. One more is a module with a `Speech`, and its line here."""

from broadsheet.core.recurrence.spoken.french import French
from broadsheet.core.recurrence.spoken.german import German
from broadsheet.core.recurrence.spoken.spanish import Spanish
from broadsheet.core.recurrence.spoken.speech import Speech

LANGUAGES: dict[str, Speech] = {"de": German(), "es": Spanish(), "fr": French()}


def speech_of(language: str) -> Speech | None:
    """The speech of a BCP 47 tag (“de”, “de-CH”); None for English and for languages without words of their own."""
    return LANGUAGES.get(language.replace("_", "-").split("-")[0].casefold())


def has_words(language: str) -> bool:
    """Whether rules are said in that language itself; in others they are in English."""
    return speech_of(language) is not None or language.replace("_", "-").split("-")[0].casefold() == "en"

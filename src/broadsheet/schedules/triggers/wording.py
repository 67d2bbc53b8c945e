"""What starts a schedule, as a sentence: its rule, where it has one, and whatever else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broadsheet.core.document.numbers import numbers_for
from broadsheet.core.recurrence import Timing, words

from .definition import MilestoneDefinition

if TYPE_CHECKING:
    from broadsheet.schedules.definition import ScheduleDefinition

EVENT = {
    "en": "when the event “{event}” happens", "de": "wenn das Ereignis „{event}“ eintritt",
    "es": "cuando ocurre el evento «{event}»", "fr": "quand l’événement « {event} » se produit",
}  # fmt: skip
CALL = {
    "en": "when another system calls", "de": "wenn ein anderes System aufruft",
    "es": "cuando llama otro sistema", "fr": "quand un autre système appelle",
}  # fmt: skip
REACHES = {
    "en": "once, when {metric} of {dataset} reaches {mark}", "de": "einmal, wenn {metric} von {dataset} {mark} erreicht",
    "es": "una vez, cuando {metric} de {dataset} alcanza {mark}", "fr": "une fois, quand {metric} de {dataset} atteint {mark}",
}  # fmt: skip
OVER = {"en": " ({over})", "de": " ({over})", "es": " ({over})", "fr": " ({over})"}
SINCE = {"en": " since {day}", "de": " seit {day}", "es": " desde {day}", "fr": " depuis {day}"}


def started_words(definition: ScheduleDefinition, timing: Timing, language: str = "en") -> str:
    """ "Every Monday at 08:00, New York time; when the event “import.finished” happens". *timing* is its rule's;
    *language* a BCP 47 tag, English where there are no words of its own."""
    said = [words(timing, language)] if definition.when else []
    others = triggers_words(definition, language)
    if not said and others:
        others = [others[0][:1].upper() + others[0][1:], *others[1:]]
    return "; ".join([*said, *others])


def triggers_words(definition: ScheduleDefinition, language: str = "en") -> list[str]:
    """What starts it beside its rule, each as the middle of a sentence."""
    tongue = language.partition("-")[0].lower()
    tongue = tongue if tongue in EVENT else "en"
    names = dict.fromkeys(one.event for one in definition.on_event)
    said = [EVENT[tongue].format(event=name) for name in names]
    if definition.on_call is not None:
        said.append(CALL[tongue])
    if definition.milestone is not None:
        said.append(_milestone(definition.milestone, tongue))
    return said


def _milestone(one: MilestoneDefinition, tongue: str) -> str:
    mark = number_words(one.reaches, tongue)
    text = REACHES[tongue].format(metric=one.metric, dataset=one.dataset, mark=mark)
    if one.over:
        return text + OVER[tongue].format(over=one.over)
    return text + (SINCE[tongue].format(day=one.since.isoformat()) if one.since else "")


def number_words(value: float, language: str) -> str:
    """*value* with the language's own separators; whole numbers without decimals."""
    return numbers_for(language).number(value, 0 if float(value).is_integer() else 2)

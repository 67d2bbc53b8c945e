"""What `broadsheet when` says around a rule's own words, in the languages that rules are said in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Labels:
    """local, utc, why: heads of the columns. fires, silent: with the `day` in braces. never: no firing is left."""

    local: str
    utc: str
    why: str
    fires: str
    silent: str
    never: str


LABELS = {
    "en": Labels("There", "UTC", "Why then", "{day}: fires.", "{day}: does not fire.", "It never fires again."),
    "de": Labels(
        "Dort", "UTC", "Warum dann", "{day}: mit Versand.", "{day}: kein Versand.", "Danach kommt kein Versand mehr."
    ),
    "es": Labels("Allí", "UTC", "Por qué entonces", "{day}: con envío.", "{day}: sin envío.", "No habrá más envíos."),
    "fr": Labels(
        "Sur place",
        "UTC",
        "Pourquoi alors",
        "{day}\u00a0: envoi.",
        "{day}\u00a0: pas d’envoi.",
        "Il n’y aura plus d’envoi.",
    ),
}

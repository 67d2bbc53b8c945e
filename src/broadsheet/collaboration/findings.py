"""What checks of content found, in words, in the language that is active."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def finding_words(finding: Mapping[str, Any]) -> str:
    """A finding as `core.checks.Finding.stored` wrote it, as a sentence. A check of a later release has its own English."""
    figures = finding["figures"]
    word = WORDS.get(finding["check"])
    if word is None:
        return str(finding["text"])
    values = {key: f"{one:,}" if isinstance(one, int | float) else one for key, one in figures.items()}
    return (word(figures) % {**values, "compared": _compared(figures)}).strip()


def findings_words(findings: Iterable[Mapping[str, Any]]) -> str:
    """All of them, one after the other."""
    return " ".join(finding_words(one) for one in findings)


def _compared(figures: Mapping[str, Any]) -> str:
    """ "8 runs", "8 Mondays"."""
    runs, weekday = figures.get("runs", 0), figures.get("weekday")
    words = {
        None: ngettext("%(n)d run", "%(n)d runs", runs),
        0: _("%(n)d Mondays"),
        1: _("%(n)d Tuesdays"),
        2: _("%(n)d Wednesdays"),
        3: _("%(n)d Thursdays"),
        4: _("%(n)d Fridays"),
        5: _("%(n)d Saturdays"),
        6: _("%(n)d Sundays"),
    }
    return words[weekday] % {"n": runs}


def _rows(figures: Mapping[str, Any]) -> str:
    return ngettext(
        "%(rows)s row; the median of the last %(compared)s was %(usual)s.",
        "%(rows)s rows; the median of the last %(compared)s was %(usual)s.",
        figures["rows"],
    )


def _blank(figures: Mapping[str, Any]) -> str:
    return ngettext(
        "“%(block)s” is blank; the median of the last %(compared)s was %(usual)s row.",
        "“%(block)s” is blank; the median of the last %(compared)s was %(usual)s rows.",
        figures["usual"],
    )


def _stale(figures: Mapping[str, Any]) -> str:
    if figures["set"]:
        return _("The newest row of “%(dataset)s” was %(age)s hours old; up to %(limit)s hours are allowed.")
    return _("The newest row of “%(dataset)s” was %(age)s hours old; up to %(limit)s hours are usual.")


def _size(figures: Mapping[str, Any]) -> str:
    if figures.get("channel"):
        return _("The files are %(megabytes)s MB; %(limit)s MB may go by “%(channel)s”.")
    return _("The files are %(megabytes)s MB; %(limit)s MB may go.")


WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "failed_block": lambda _figures: _("Data “%(data)s” of “%(block)s” could not be read. %(why)s"),
    "blank_block": _blank,
    "collapse": _rows,
    "stale": _stale,
    "size": _size,
    "empty_file": lambda _figures: _("The file “%(file)s” is empty."),
    "share": lambda _figures: _("%(held)s of %(slices)s slices look wrong."),
}

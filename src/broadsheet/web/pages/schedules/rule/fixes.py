"""What is wrong with a rule, with a button that mends it where that can be known.

A fix is sent with the form as ``fix=field=value``: the value then stands in that field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from broadsheet.core.recurrence import RuleError
from broadsheet.core.recurrence.language.phrase import PhraseError
from broadsheet.schedules.calendars.public import countries
from broadsheet.web.pages.calendars import ready

SUGGESTION = re.compile(r'Did you mean "([^"]+)"\?')
QUOTED = re.compile(r'["“]([^"”]*)["”]')
Told = dict[str, Any]


def told(error: RuleError) -> str:
    """ "There is no time zone … Did you mean …?"."""
    return f"{error.message[:1].upper()}{error.message[1:]}. {error.fix}"


def of_words(error: RuleError, text: str) -> Told:
    """What is wrong with the sentence *text*."""
    error = _with_calendar(error)
    flat = " ".join(text.split())
    found = SUGGESTION.search(error.fix)
    if found and (place := _place(error, flat)):
        better = f"{flat[: place[0]]}{found[1]}{flat[place[1] :]}"
        return _fixed(error, _("Use “%(word)s”") % {"word": found[1]}, "words", better)
    if error.path == "at" and "no time of day" in error.message:
        return _fixed(error, _("At 08:00"), "words", f"{flat.rstrip(' ,.')} at 08:00")
    return {"text": told(error)}


def of_parts(error: RuleError, field: str, given: Mapping[str, Any], *, today: date) -> Told:
    """What is wrong with the parts, *field* being the one that it is about; *given*: what stands in the fields."""
    error = _with_calendar(error)
    found, value = SUGGESTION.search(error.fix), str(given.get(field, ""))
    wrong = QUOTED.search(error.message)
    if found and wrong and wrong[1] and wrong[1] in value:
        return _fixed(error, _("Use “%(word)s”") % {"word": found[1]}, field, value.replace(wrong[1], found[1]))
    last = error.path.rpartition(".")[2]
    if last == "at" and "no time of day" in error.message:
        return _fixed(error, _("At 08:00"), "at", "08:00")
    if last == "at" and "has its own times" in error.message:
        return _fixed(error, _("Leave the time out"), "at", "")
    if last in ("anchor", "from") and not given.get("starts"):  # what an interval or a distance counts from
        return _fixed(error, _("Count from today"), "starts", today.isoformat())
    if last == "calendar" and "no effect" in error.message:
        return _fixed(error, _("Move what falls on a closed day to the next business day"), "roll", "following")
    return {"text": told(error)}


def _with_calendar(error: RuleError) -> RuleError:
    """A calendar that is not there gets the nearest of all: the rule itself knows no names of ready-made ones."""
    wrong = QUOTED.search(error.message)
    if not error.message.startswith("there is no calendar") or not wrong:
        return error
    known = [*error.fix.removeprefix("Known are: ").rstrip(".").split(", "), *ready.OFTEN, *ready.MARKETS]
    known += [code.lower() for code in countries()]
    near = get_close_matches(wrong[1].casefold(), known, n=1)
    fix = f'Did you mean "{near[0]}"?' if near else _("Write a country or market such as us, gb-eng or nyse.")
    return RuleError(error.path, error.message, fix)


def _place(error: RuleError, flat: str) -> tuple[int, int] | None:
    """From where to where the wrong word stands."""
    if isinstance(error, PhraseError) and error.end > error.start:
        return error.start, error.end
    wrong = QUOTED.search(error.message)
    at = flat.casefold().find(wrong[1].casefold()) if wrong and wrong[1] else -1
    return (at, at + len(wrong[1])) if wrong and at >= 0 else None


def _fixed(error: RuleError, label: str, field: str, value: str) -> Told:
    return {"text": told(error), "fix": {"label": label, "name": "fix", "value": f"{field}={value}"}}

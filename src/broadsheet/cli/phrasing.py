"""How a rule is mended in the form in which it was given: an RRULE by its own properties, words by words."""

from __future__ import annotations

import re
from datetime import date

from broadsheet.core.recurrence import RuleError
from broadsheet.core.recurrence.language import parse

PROPERTY = re.compile(r"[ \t]+(?=(?:RRULE|RDATE|EXDATE|EXRULE)[:;])", re.IGNORECASE)
NTH = re.compile(
    r"\b(?:every|each) +(2nd|second|3rd|third|4th|fourth|5th|fifth) +((?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
ORDINALS = {"2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth"}
STARTING = ("from", "anchor")


def lines_of(rrule: str) -> str:
    """A line for each property: on a command line they stand behind one another."""
    return PROPERTY.sub("\n", rrule.strip())


def starting(error: RuleError, form: str, rule: str, today: date) -> str:
    """How to say what the rule counts from, in its own form; "" where that is not what is wrong with it.

    form: "rrule", "cron" or "" for words and mappings. A mapping has keys, which the error itself names.
    """
    if error.path not in STARTING:
        return ""
    if form == "rrule":
        return _first_of_rrule(rule, today)
    if form or _meaning(rule) is None:
        return ""
    clock = " 08:00" if error.path == "anchor" else ""
    told = f"Write “{rule.strip()}, counted from {today}{clock}”"
    monthly = NTH.sub(
        lambda found: f"{_ordinal(found[1])} {found[2].capitalize()} of each month", rule.strip(), count=1
    )
    if monthly != rule.strip() and _meaning(monthly) is not None:
        return f"{told}, or, for a day of each month, “{monthly}”."
    return f"{told}."


def _first_of_rrule(rule: str, today: date) -> str:
    recurrence = rule.strip() if re.match(r"RRULE:", rule.strip(), re.IGNORECASE) else f"RRULE:{rule.strip()}"
    return f"Begin with the first time that counts: “DTSTART:{today:%Y%m%d}T080000 {recurrence}”."


def _ordinal(word: str) -> str:
    return ORDINALS.get(word.casefold(), word.casefold())


def _meaning(text: str) -> object | None:
    """What the words mean; None where they mean nothing."""
    try:
        return parse(text, default_zone="UTC")
    except RuleError:
        return None

"""A rule as somebody asks about it: plain words, RRULE or cron text, or the mapping; all become the mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from broadsheet.core.recurrence import RuleError
from broadsheet.core.recurrence.language import parse

from .calendars import CalendarError, Shelf

Form = Literal["text", "rrule", "cron"]
MEMBERS = ("union", "all_of", "except", "not_on")  # keys whose lists hold rules
BUSINESS = {"roll", "session"}  # keys that ask for business days


def when_of(form: Form, text: str, *, zone: str, at: Sequence[str] = ()) -> dict[str, Any]:
    """The `when:` mapping that *text* means. *zone*: IANA name, where words name none. *at*: times of day of an RRULE
    that has none. Raises RuleError."""
    if at and form != "rrule":
        raise RuleError("at", "it goes with an RRULE alone", "Write the time of day into the rule.")
    if form == "text":
        return parse(text, default_zone=zone)
    if not text.strip():
        raise RuleError(form, "it is empty", "Write a rule.")
    return {form: text.strip(), **({"at": at[0] if len(at) == 1 else list(at)} if at else {})}


def one_rule(when: Mapping[str, Any] | Sequence[Any]) -> dict[str, Any]:
    """A `when:` as one mapping: a list of rules is their union, and a list of one is that rule."""
    if isinstance(when, Mapping):
        return dict(when)
    return dict(when[0]) if len(when) == 1 and isinstance(when[0], Mapping) else {"union": list(when)}


def over(when: Mapping[str, Any], calendar: str, shelf: Shelf) -> dict[str, Any]:
    """The rule over the *calendar*, in every part that asks for business days and names no calendar of its own.

    A rule of which no part asks for any gets the name too, and is refused for it when it is read. Raises RuleError for
    a calendar that *shelf* does not have.
    """
    try:
        shelf.calendar(calendar)
    except CalendarError as error:
        raise RuleError("calendar", error.message.rstrip("."), error.fix) from error
    found = _over(when, calendar)
    return found if found != when or calendar in _named(when) else {**found, "calendar": calendar}


def _over(when: Mapping[str, Any], calendar: str) -> dict[str, Any]:
    found = dict(when)
    for key in MEMBERS:
        if isinstance(found.get(key), list):
            found[key] = [_over(one, calendar) if isinstance(one, Mapping) else one for one in found[key]]
    return {**found, "calendar": calendar} if _asks(found) and not found.get("calendar") else found


def _asks(when: Mapping[str, Any]) -> bool:
    on, offset = when.get("on", when.get(True)), when.get("offset")  # type: ignore[call-overload]  # YAML reads on so
    counted = isinstance(on, Mapping) and "business_day" in on
    return counted or (isinstance(offset, Mapping) and "business_days" in offset) or bool(BUSINESS & when.keys())


def _named(when: Mapping[str, Any]) -> set[str]:
    """The calendars that the rule and its members name."""
    members = [one for key in MEMBERS for one in when.get(key) or () if isinstance(one, Mapping)]
    return {str(when.get("calendar", "")), *(name for one in members for name in _named(one))}

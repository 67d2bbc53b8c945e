"""The calendars that a rule may name: the organization's own, and the ready-made ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from broadsheet.core.recurrence.naming import MONTH_KEYS
from broadsheet.core.recurrence.period_definition import MONTH_SPELLINGS
from broadsheet.schedules.calendars import Shelf, kept
from broadsheet.schedules.calendars.public import countries
from broadsheet.web.pages.calendars import ready

Pairs = list[tuple[str, str]]
WEEKS = ("iso", "broadcast")


@dataclass(frozen=True, slots=True)
class Choices:
    """Names and labels: ``calendars`` of business days, ``fiscal`` years, ``events``; the last two begin with none."""

    calendars: Pairs
    fiscal: Pairs
    events: Pairs


def choices(shelf: Shelf, *, fiscal: str = "", events: str = "") -> Choices:
    """What may be chosen. *fiscal*, *events*: what is chosen now, and is offered even where it is not known."""
    own = [(name, one.title) for name, one in sorted(shelf.definitions.items())]
    years = [(name, one.title) for name, one in sorted(shelf.definitions.items()) if one.fiscal]
    fiscals = [
        ("", _("the calendar")),
        *_fiscal_years(),
        *[(name, _("of %(name)s") % {"name": label}) for name, label in years],
    ]
    lists = [("", _("choose")), *((name, one.title) for name, one in sorted(shelf.definitions.items()) if one.events)]
    known = set(shelf.definitions)
    return Choices(
        calendars=[*own, *(pair for pair in _ready_made(get_language() or "") if pair[0] not in known)],
        fiscal=_with(fiscals, fiscal),
        events=_with(lists, events),
    )


def _with(pairs: Pairs, chosen: str) -> Pairs:
    return pairs if chosen in dict(pairs) else [*pairs, (chosen, chosen)]


def _fiscal_years() -> Pairs:
    months = [
        (key, _("fiscal, from %(month)s") % {"month": format_date(date(2024, number, 1), "F")})
        for number, key in enumerate(MONTH_KEYS, start=1)
        if number > 1
    ]
    return [*months, ("iso", _("of ISO weeks")), ("broadcast", _("of broadcast weeks"))]


@lru_cache(maxsize=8)
def _ready_made(language: str) -> tuple[tuple[str, str], ...]:
    """Usual ones first, then markets and countries."""
    often = [(one.name, one.label) for name in ready.OFTEN if (one := ready.named(name))]
    others = [*ready.MARKETS.items(), *((code.lower(), label) for code, label in countries().items())]
    return tuple(dict([*often, *others]).items())


def label_of(name: str, shelf: Shelf) -> str:
    """What people call the calendar *name*."""
    own = shelf.definitions.get(name)
    found = None if own else ready.named(name)
    return own.title if own else found.label if found else name


def by_name(post: QueryDict, organization_id: int) -> None:
    """Put the calendar's name where somebody typed its label; what is neither stays for the rule to refuse."""
    word = post.get("calendar", "").strip().casefold()
    if not word or word in dict(_ready_made(get_language() or "")):
        return
    own = kept.shelf_of(organization_id, around=timezone.now().date()).definitions
    pairs = [*((name, one.title) for name, one in own.items()), *_ready_made(get_language() or "")]
    if word not in own:
        post["calendar"] = next(
            (name for name, label in pairs if label.casefold() == word), post.get("calendar", "").strip()
        )


def link(name: str) -> str:
    return reverse("web:settings-calendar", args=[name])


def calendars_in(when: object) -> list[str]:
    """The calendars of business days that a rule names, at any depth."""
    return _named(when, ("calendar",))


def names_in(when: object) -> list[str]:
    """The calendars that a rule names for anything, at any depth: of business days, of events, of a fiscal year."""
    fiscal = [name for name in _named(when, ("fiscal",)) if name.lower() not in MONTH_SPELLINGS and name not in WEEKS]
    return [*_named(when, ("calendar", "events")), *fiscal]


def _named(when: object, keys: tuple[str, ...]) -> list[str]:
    if isinstance(when, Mapping):
        own = [str(when[key]) for key in keys if when.get(key)]
        return own + [name for one in when.values() for name in _named(one, keys)]
    if isinstance(when, list | tuple):
        return [name for one in when for name in _named(one, keys)]
    return []

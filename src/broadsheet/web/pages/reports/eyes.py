"""Through whose eyes a report's page shows it: as asked, as last time, or who suits the looker; and the field to choose."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from broadsheet.runs.readers import Eyes

from .exporting import READER

REMEMBERED = "seen-as"  # in the session: the chosen recipient by report
MOST = 50  # reports that are remembered


def chosen_eyes(request: HttpRequest, report: str, eyes: Sequence[Eyes], *, personal: bool) -> str:
    """The key of a recipient, or empty for nobody in particular. A choice is remembered until signing out."""
    known = {"", *(one.key for one in eyes)}
    kept: dict[str, str] = request.session.get(REMEMBERED, {})
    asked = request.GET.get(READER)
    if asked is None:
        last = kept.get(report)
        return last if last in known and last is not None else _suiting(eyes) if personal else ""
    if eyes and asked in known and kept.get(report) != asked:
        others = [(name, key) for name, key in kept.items() if name != report]
        request.session[REMEMBERED] = dict([*others, (report, asked)][-MOST:])
    return asked


def _suiting(eyes: Sequence[Eyes]) -> str:
    """Who reads the looker's own language, else the first."""
    own = (get_language() or "en").partition("-")[0]
    ordered = by_name(eyes)
    mine = (one for one in ordered if one.language.partition("-")[0] == own)
    found = next(mine, ordered[0] if ordered else None)
    return found.key if found else ""


def by_name(eyes: Sequence[Eyes]) -> list[Eyes]:
    """In the order of names as people look for them: accents and case make no difference."""
    return sorted(eyes, key=lambda one: (_plain(one.name), one.name, one.key))


def _plain(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


def reader_field(eyes: Sequence[Eyes], chosen: str) -> dict[str, Any]:
    """The choice of a recipient, for `fields.as_field`."""
    known = [(one.key, f"{one.name} ({one.key})" if one.name != one.key else one.name) for one in by_name(eyes)]
    if chosen and chosen not in {one.key for one in eyes}:
        known = [(chosen, chosen), *known]
    choices = [("", _("nobody in particular: every row")), *known]
    return {"name": READER, "label": _("Seen as"), "kind": "select", "value": chosen, "choices": choices}

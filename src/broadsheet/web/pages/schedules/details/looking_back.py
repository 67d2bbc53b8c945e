"""“When would it have gone on?”: the draft's figure over the last periods, judged one by one, for who may see it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import ValidationError

from broadsheet.core.conditions import Rehearsed
from broadsheet.core.policy import Actor
from broadsheet.schedules.actions.look_back import LookedBack, look_back
from broadsheet.schedules.conditions.threshold_definition import OnlyIf
from broadsheet.schedules.conditions.wording import written
from broadsheet.sources.errors import SourceError
from broadsheet.web import telling

Data = dict[str, Any]
ASK, ANSWER = "preview", "figure"  # the button that asks for it, and its value


def looked_back(actor: Actor, only_if: Mapping[str, Any] | None, *, zone: str, now: datetime) -> Data:
    """lead: a sentence; rows: day, value and state of each value, newest first, or none."""
    try:
        if not only_if:
            return {"lead": _("Choose first what it depends on.")}
        meant = OnlyIf.model_validate(only_if)
        found = look_back(actor, meant, zone=zone, now=now)
    except ValidationError:
        return {"lead": _("Say first which figure it is, and how much.")}
    except SourceError as error:
        return {"lead": _("It cannot be asked now. %(why)s") % {"why": error}}
    if found.hidden:
        return {"lead": _("Its figures are not yours to see. Ask somebody who may see all of the dataset.")}
    if not found.values:
        return {"lead": _("It can be told for whole days, weeks, months and the like, and for no unusual figure.")}
    return {"lead": _lead(found), "rows": [_row(one, found) for one in reversed(found.values)]}


def _lead(found: LookedBack) -> str:
    went, number = sum(one.went_on for one in found.values), len(found.values)
    first, last = telling.day(found.values[0].start), telling.day(found.values[-1].start)
    if not went:
        said = _("With none of the last %(all)d values, of %(first)s to %(last)s, would it have gone on.")
        return said % {"all": number, "first": first, "last": last}
    said = ngettext(
        "With %(n)d of the last %(all)d values, of %(first)s to %(last)s, it would have gone on.",
        "With %(n)d of the last %(all)d values, of %(first)s to %(last)s, it would have gone on.",
        went,
    )
    return said % {"n": went, "all": number, "first": first, "last": last}


def _row(one: Rehearsed, found: LookedBack) -> Data:
    known = one.value is not None and found.column is not None
    value = written(found.column, one.value) if known else _("no figure")  # type: ignore[arg-type]
    word = _("went on") if one.went_on else _("skipped")
    return {"day": telling.day(one.start), "value": value, "state": "ok" if one.went_on else "skipped", "word": word}

"""What one run may use, as fields of the form: read from them, and filled from a definition. Empty fields bound nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from broadsheet.schedules.limits import LimitsDefinition

from .rule.numbers import Errors, number, number_text, whole

Data = dict[str, Any]
FIELD = "limit-"  # before the names of limits
NAMES = tuple(LimitsDefinition.model_fields)
WHOLE = ("rows", "memory_megabytes")
LEAST = {"rows": 1, "megabytes": 0.1, "seconds": 1, "cpu_seconds": 1, "memory_megabytes": 50}


def limit_fields(one: Callable[..., Data]) -> list[Data]:
    """In the order of the definition; each says what the server allows at most, where it does."""
    labels = {
        "rows": _("Rows of all its queries"),
        "megabytes": _("Megabytes of all its queries"),
        "seconds": _("Time to make it (seconds)"),
        "cpu_seconds": _("Processor time to draw it (seconds)"),
        "memory_megabytes": _("Memory to draw one slice (megabytes)"),
    }
    return [one(f"{FIELD}{name}", labels[name], "number", hint=_most(name), attrs=_attributes(name)) for name in NAMES]


def _attributes(name: str) -> Data:
    return {"min": LEAST[name], "step": 1 if name in WHOLE else "any"}


def _most(name: str) -> str:
    ceiling = settings.RUN_LIMITS.get(name)
    return _("The server allows %(most)s at most.") % {"most": f"{ceiling:,g}"} if ceiling else ""


def limits_from(post: QueryDict, before: Mapping[str, Any], errors: Errors) -> Data:
    """The definition's ``limits``: *before* where the form did not ask for them."""
    found = dict(before)
    for name in NAMES:
        field = f"{FIELD}{name}"
        typed = post.get(field)
        if typed is None:
            continue
        found.pop(name, None)
        if typed.strip():
            read = whole if name in WHOLE else number
            found[name] = read(post, field, errors, default=0, most=None)
    return found


def limits_posted(limits: Mapping[str, Any]) -> dict[str, str]:
    """What the form would send of a definition's ``limits``."""
    return {f"{FIELD}{name}": number_text(limits[name]) if name in limits else "" for name in NAMES}

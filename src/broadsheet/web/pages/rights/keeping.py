"""What a form says, kept as the definition file would be; what is wrong goes to the field that it is about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from broadsheet.access.errors import AccessError
from broadsheet.core.document.loading import DefinitionError, dump, load
from broadsheet.web.pages.settings.forms import Wrong


def keep(
    request: HttpRequest, kind: str, name: str, data: Mapping[str, Any], save: Callable[..., str], *,
    fields: Collection[str] = (),
) -> Wrong | None:  # fmt: skip
    """Save *data* as the definition of *kind* called *name*, and say so; or what is wrong, at the *fields* that are named.
    Raises Refused."""
    try:
        [loaded] = load(dump(kind, name, data), file="form")
        effect = save(request.actor, loaded, now=timezone.now())  # type: ignore[attr-defined]
    except DefinitionError as error:
        return wrong_at(error, {"name", "label", *fields}, kind=kind)
    except AccessError as error:
        return Wrong({}, (str(error),))
    if effect == "same":
        messages.info(request, _("Nothing was changed."))
    else:
        messages.success(request, _("“%(name)s” is kept.") % {"name": name})
    return None


def wrong_at(error: DefinitionError, fields: Collection[str], *, kind: str) -> Wrong:
    """The problems at the fields that they are about; those within a list at its number, as “conditions.0.hours”."""
    at: dict[str, list[str]] = {}
    others = []
    for problem in error.problems:
        head, *rest = ["name"] if problem.path == kind else problem.path.split(".")
        told = f"{problem.message} {problem.fix}".strip()
        if head not in fields:
            others.append(told)
        else:
            within = rest[:2] if head == "conditions" else []
            at.setdefault(".".join((head, *within)), []).append(told)
    return Wrong(at, tuple(others))


def said(request: HttpRequest, act: Callable[[], object], *, done: str) -> bool:
    """Do *act*, and tell *done*, or why it cannot be; whether it was done. Raises Refused."""
    try:
        act()
    except AccessError as error:
        messages.error(request, str(error))
        return False
    except DefinitionError as error:
        for problem in error.problems:
            messages.error(request, f"{problem.message} {problem.fix}".strip())
        return False
    messages.success(request, done)
    return True

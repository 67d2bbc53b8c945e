"""What a run used, beside what it may: facts of `partials/used.html`, and a column of its slices."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from broadsheet.runs.models import Occurrence, Slice
from broadsheet.runs.spending import limits_of
from broadsheet.runs.used import used_by
from broadsheet.schedules.limits import LimitsDefinition
from broadsheet.web import telling
from broadsheet.web.templatetags.broadsheet import size

Shown = dict[str, Any]


def used(run: Occurrence) -> list[Shown]:
    """Empty where nothing was made yet."""
    found = used_by(run)
    if found is None:
        return []
    own = LimitsDefinition.model_validate(run.definition.get("policies", {}).get("limits", {}))
    most = {name: one.most for name, one in limits_of(own, settings.RUN_LIMITS).items()}
    peak = _("%(size)s for a slice") % {"size": megabytes(found.peak_megabytes)} if found.peak_megabytes else ""
    return [
        _fact(_("Queries"), f"{found.queries:,}"),
        _fact(_("Their rows"), f"{found.rows:,}", f"{most['rows']:,.0f}" if most["rows"] else ""),
        _fact(_("Their size"), size(found.bytes), megabytes(most["megabytes"]) if most["megabytes"] else ""),
        _fact(_("Time"), telling.span(found.seconds), _seconds(most["seconds"])),
        _fact(
            _("Processor time"),
            telling.span(found.cpu_seconds),
            _seconds(most["cpu_seconds"]),
        ),
        *(
            [_fact(_("Most memory"), peak, megabytes(bound) if (bound := most["memory_megabytes"]) else "")]
            if peak
            else []
        ),
    ]


def _fact(term: str, value: str, most: str = "") -> Shown:
    return {"term": term, "value": _("%(used)s of %(most)s") % {"used": value, "most": most} if most else value}


def _seconds(most: float | None) -> str:
    """A bound as its author wrote it."""
    return _("%(n)s s") % {"n": f"{most:,g}"} if most else ""


def megabytes(number: float) -> str:
    return _("%(n)s MB") % {"n": f"{number:,.0f}"}


def took(slice: Slice) -> str:
    """Of one slice: "0.2 s, 84 MB"; empty where it was not drawn or nothing is known."""
    use = getattr(slice, "use", None)
    if use is None or use.ended_by or not slice.made_at:
        return ""
    return ", ".join(
        filter(None, (telling.span(use.cpu_seconds), megabytes(use.peak_megabytes) if use.peak_megabytes else ""))
    )

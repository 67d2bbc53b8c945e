"""A schedule's conditions in words, in the page's language."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from broadsheet.schedules.conditions.readiness import USUAL_HOURS
from broadsheet.schedules.conditions.readiness_definition import Probe, Readiness
from broadsheet.schedules.conditions.threshold_definition import OnlyIf

OTHERWISE = {
    "wait": gettext_lazy("it waits until the deadline of the run"),
    "stale": gettext_lazy("it is sent, marked as older than it should be"),
    "skip": gettext_lazy("it is skipped"),
    "alert": gettext_lazy("it is skipped, and the owner is told"),
}
STATUS = {
    "ok": gettext_lazy("in order"),
    "firing": gettext_lazy("met"),
    "no_data": gettext_lazy("no figure"),
    "error": gettext_lazy("could not be asked"),
}
GLYPHS = {"ok": "ok", "firing": "running", "no_data": "due", "error": "failed"}
NO_DATA = {"fire": gettext_lazy("it runs"), "skip": gettext_lazy("it is skipped"), "keep": gettext_lazy("it goes by the last time")}  # fmt: skip
ERROR = {
    "fire": gettext_lazy("it runs"),
    "skip": gettext_lazy("it is skipped"),
    "retry": gettext_lazy("it is tried again"),
}


def probe_words(probe: Probe) -> str:
    """ "“lead-events” is not older than 6 hours"."""
    names = {"of": probe.of, "hours": f"{probe.hours or USUAL_HOURS:g}", "name": probe.name}
    match probe.kind:
        case "fresh":
            return _("“%(of)s” is not older than %(hours)s hours") % names
        case "source":
            return _("the source “%(of)s” is not older than %(hours)s hours") % names
        case "file":
            return _("a file “%(name)s” has come to “%(of)s”, not older than %(hours)s hours") % names
    when = probe.period or _("the report’s period")
    least = probe.at_least or 1
    rows = ngettext("a row", "%(n)s rows or more", least) % {"n": f"{least:,}"}
    some = _(", counting some rows only") if probe.where else ""
    return _("“%(of)s” has %(rows)s for %(when)s") % {"of": probe.of, "rows": rows, "when": when} + some


def ready_words(ready: Readiness) -> str:
    """How long it waits, and what then."""
    if ready.otherwise == "wait":
        return _("It is looked again every %(every)g minutes; when it is not there, %(then)s.") % {
            "every": ready.every_minutes, "then": OTHERWISE[ready.otherwise],
        }  # fmt: skip
    return _("It is looked again every %(every)g minutes; when it is not there within %(within)g minutes, %(then)s.") % {
        "every": ready.every_minutes, "within": ready.within_minutes, "then": OTHERWISE[ready.otherwise],
    }  # fmt: skip


def figure_words(only_if: OnlyIf) -> str:
    """ "“cost_per_lead” of “lead-events” for yesterday is above 50"."""
    some = _(", counting some rows only") if only_if.where else ""
    return _("“%(metric)s” of “%(dataset)s” for %(period)s%(some)s %(limit)s") % {
        "metric": only_if.metric, "dataset": only_if.dataset, "period": only_if.period, "some": some,
        "limit": _limit(only_if),
    }  # fmt: skip


def _limit(only_if: OnlyIf) -> str:
    if only_if.above is not None:
        return _("is above %(n)s") % {"n": f"{only_if.above:g}"}
    if only_if.below is not None:
        return _("is below %(n)s") % {"n": f"{only_if.below:g}"}
    pair = only_if.between or only_if.outside
    if pair is not None:
        words = _("is between %(low)s and %(high)s") if only_if.between else _("is outside of %(low)s to %(high)s")
        return words % {"low": f"{pair[0]:g}", "high": f"{pair[1]:g}"}
    if only_if.anomaly is not None:
        scores = {
            "up": _("is unusually high (score above %(n)s)"),
            "down": _("is unusually low (score below −%(n)s)"),
            "any": _("is unusual (score beyond %(n)s)"),
        }
        return scores[only_if.anomaly.direction] % {"n": f"{only_if.anomaly.score:g}"}
    change = only_if.change
    assert change is not None  # it has one of the kinds
    by = f"{change.by:g} %" if change.unit == "percent" else f"{change.by:g}"
    moves = {
        "up": _("has risen by %(n)s or more"),
        "down": _("has fallen by %(n)s or more"),
        "any": _("has changed by %(n)s or more"),
    }
    return moves[change.direction] % {"n": by}


def rest_words(only_if: OnlyIf) -> Iterator[str]:
    """What else counts, a sentence each."""
    if only_if.in_a_row > 1:
        yield _("It must be so %(n)d firings in a row.") % {"n": only_if.in_a_row}
    if only_if.clears is not None:
        yield _("It is over when it is back at %(n)s.") % {"n": f"{only_if.clears:g}"}
    if only_if.cooldown_hours:
        yield _("After a run none follows for %(n)s hours.") % {"n": f"{only_if.cooldown_hours:g}"}
    if only_if.once:
        yield _("It runs when that begins, and again only after it was over.")
    yield _("Without a figure: %(then)s. When it cannot be asked: %(error)s.") % {
        "then": NO_DATA[only_if.no_data], "error": ERROR[only_if.error],
    }  # fmt: skip

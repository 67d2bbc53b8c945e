"""What is set in each folded part of the form, in a line: of a draft as of a saved definition."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from broadsheet.schedules.checks import Checks
from broadsheet.schedules.conditions.readiness_definition import Readiness
from broadsheet.schedules.conditions.threshold_definition import OnlyIf
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.limits import LimitsDefinition
from broadsheet.schedules.retrying import FallbackDefinition, RetryDefinition
from broadsheet.schedules.triggers.definition import MilestoneDefinition, OnCall, OnEvent
from broadsheet.schedules.triggers.wording import triggers_words

from ..condition_words import OTHERWISE, figure_words
from ..falling_back import fallback_words
from .checks import checks_words
from .defaults import defaults_words
from .making import making_words
from .retries import retry_words
from .triggers import listed
from .turns import turn_words

Data = Mapping[str, Any]
TITLES = {
    "starts": gettext_lazy("What else starts it"), "making": gettext_lazy("When it is made and begins"),
    "defaults": gettext_lazy("Where nothing else is said"), "ready": gettext_lazy("Wait until data has come"),
    "figure": gettext_lazy("Only if a figure is worth it"), "checks": gettext_lazy("Checks of the content"),
    "tries": gettext_lazy("Tried again"), "fallback": gettext_lazy("What takes over"),
    "turns": gettext_lazy("Its turn when many are due"), "limits": gettext_lazy("What one run may use"),
}  # fmt: skip


def said(data: Data, channels: Mapping[str, object]) -> dict[str, str]:
    """A line by the part's name, in the order of the form; a part that makes no sense yet says so. *data*: a definition's, or
    a draft's; *channels*: labels by name."""
    found = {}
    for name in TITLES:
        try:
            found[name] = capfirst(_said(name, data, channels))
        except (ValidationError, TypeError, ValueError, AttributeError):  # what is wrong is told at its field
            found[name] = _("To mend")
    return found


def _said(name: str, data: Data, channels: Mapping[str, object]) -> str:
    policies, audience = data.get("policies") or {}, data.get("audience") or {}
    match name:
        case "starts":
            return _starts(data)
        case "making":
            return making_words(policies)
        case "defaults":
            return defaults_words(audience.get("defaults") or {}, audience.get("where") or {})
        case "ready":
            return _ready(data.get("ready"))
        case "figure":
            only = data.get("only_if")
            return _("only if %(what)s") % {"what": figure_words(OnlyIf.model_validate(only))} if only else _("whatever the figures are")  # fmt: skip
        case "checks":
            return checks_words(Checks.model_validate(data.get("checks") or {}))
        case "turns":
            return turn_words(policies)
        case "tries":
            return retry_words(RetryDefinition.model_validate(policies.get("retry") or {}))
        case "fallback":
            return _fallback(policies.get("fallback"), channels)
    return _limits(LimitsDefinition.model_validate(policies.get("limits") or {}))


def _starts(data: Data) -> str:
    shaped = SimpleNamespace(
        on_event=[OnEvent.model_validate(one) for one in listed(data)],
        on_call=_one(OnCall, data.get("on_call")),
        milestone=_one(MilestoneDefinition, data.get("milestone")),
    )
    words = triggers_words(shaped, get_language() or "en")  # type: ignore[arg-type]  # the three that it looks at
    return "; ".join(words) or _("nothing but the clock")


def _one(model: type[BaseModel], given: Any) -> BaseModel | None:
    return None if given is None else model.model_validate(given)


def _ready(given: Any) -> str:
    if not given:
        return _("it waits for nothing")
    ready = Readiness.model_validate({"probes": given} if isinstance(given, list) else given)
    number = len(ready.probes)
    what = ngettext("waits for %(n)d thing", "waits for %(n)d things", number) % {"n": number}
    if ready.otherwise == "wait":
        return f"{what}; {OTHERWISE[ready.otherwise]}"
    within = _("%(what)s, for %(within)g minutes at most; then %(then)s")
    return within % {"what": what, "within": ready.within_minutes, "then": OTHERWISE[ready.otherwise]}


def _fallback(given: Any, channels: Mapping[str, object]) -> str:
    if given is None:
        return _("nothing: what fails ends as failed")
    fallback = FallbackDefinition.model_validate(given)
    if not (fallback.channel or fallback.at):
        return _("what each recipient’s row says")
    return fallback_words(fallback, channels).rstrip(".")


def _limits(limits: LimitsDefinition) -> str:
    words = {
        "rows": _("%(n)s rows"), "megabytes": _("%(n)s MB of data"), "seconds": _("%(n)s s to make it"),
        "cpu_seconds": _("%(n)s s of processor time"), "memory_megabytes": _("%(n)s MB to draw a slice"),
    }  # fmt: skip
    given = limits.model_dump(exclude_none=True)
    listed_limits = ", ".join(
        words[name] % {"n": f"{value:,g}" if value % 1 else f"{value:,.0f}"} for name, value in given.items()
    )
    return _("at most %(what)s") % {"what": listed_limits} if given else _("no bounds but the server’s")


def glance(definition: ScheduleDefinition, channels: Mapping[str, object], *, edit: str) -> list[dict[str, Any]]:
    """The lines of a saved schedule: term, text, usual (nothing was chosen), and href of where it is changed (*edit*: that
    page, empty for who may not)."""
    stored = definition.stored()
    usual = said({"audience": {}}, channels)
    return [
        {
            "term": TITLES[name], "text": text, "usual": text == usual[name],
            "href": f"{edit}#fold-{name}" if edit else "",
        }
        for name, text in said(stored, channels).items()
    ]  # fmt: skip

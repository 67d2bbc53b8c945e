"""What is set up, as the settings' templates show it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from broadsheet.plugins import Setting

from .forms import Typed, Wrong


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that was sent and could not be kept: ``of`` names the thing it belongs to (empty: a new one), ``part``
    the engine or channel, and what was typed (``limits``: into a channel's own fields). Secrets in it are never shown again either."""

    of: str
    part: str
    name: str
    label: str
    given: Typed
    wrong: Wrong = field(default_factory=Wrong)
    limits: Mapping[str, str] = field(default_factory=dict)

    def but(self, wrong: Wrong) -> Tried:
        return replace(self, wrong=wrong)


def setting_facts(settings: Collection[Setting], values: Mapping[str, Any]) -> list[dict[str, str]]:
    """The settings that were given, in words; secrets are not among them."""
    facts = []
    for one in settings:
        value = values.get(one.name)
        if one.secret or value in (None, "", [], ()):
            continue
        facts.append({"term": _(one.label), "value": _said(one, value)})
    return facts


def _said(setting: Setting, value: Any) -> str:
    if setting.kind == "flag":
        return _("yes") if value else _("no")
    if setting.kind == "choice":
        return str(dict(setting.choices).get(str(value), value))
    if isinstance(value, Mapping):
        return ", ".join(map(str, value))
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def form_notice(wrong: Wrong | None) -> dict[str, Any] | None:
    """What is wrong and belongs to no field."""
    if wrong is None or not wrong.others:
        return None
    return {"state": "failed", "title": _("It cannot be kept"), "points": list(wrong.others)}

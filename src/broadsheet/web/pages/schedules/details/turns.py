"""Which runs begin first when many are due, as fields of the form and in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

Data = dict[str, Any]
LEVELS = {
    "highest": gettext_lazy("highest"), "high": gettext_lazy("high"), "normal": gettext_lazy("normal"),
    "low": gettext_lazy("low"), "lowest": gettext_lazy("lowest"),
}  # fmt: skip
WEIGHTS = {
    "auto": gettext_lazy("as the last ones took"),
    "light": gettext_lazy("light"),
    "heavy": gettext_lazy("heavy"),
}


def turn_rows(one: Callable[..., Data]) -> list[list[Data]]:
    """Rows of fields."""
    ageing = _("Who waits moves up a level every ten minutes.")
    classes = _("Heavy runs leave room for light ones, and may have workers of their own.")
    return [
        [
            one("priority", _("Priority"), "select", choices=list(LEVELS.items()), hint=ageing),
            one("weight", _("Weight"), "select", choices=list(WEIGHTS.items()), hint=classes),
        ],
        [one("at_once", _("Runs of it side by side"), "number", attrs={"min": 1, "max": 20})],
    ]


def turn_words(policies: Mapping[str, Any]) -> str:
    """ "high priority; heavy; 2 runs side by side"."""
    said = [_("%(level)s priority") % {"level": LEVELS.get(policies.get("priority", "normal"), "")}]
    weight = policies.get("weight", "auto")
    if weight != "auto":
        said.append(str(WEIGHTS.get(weight, weight)))
    many = policies.get("at_once", 1)
    if many != 1:
        said.append(ngettext("%(n)s run side by side", "%(n)s runs side by side", int(many)) % {"n": many})
    return "; ".join(said)

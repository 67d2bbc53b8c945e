"""When what failed is tried again, as fields of the form and in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from broadsheet.schedules.retrying import EVERY_CAUSE, RetryDefinition

from ..rule.numbers import Errors, number, number_text, whole
from .spans import span_from, span_words

Data = dict[str, Any]
FIELD = "retry-"
TRIES, FIRST, FACTOR, MOST = "tries", f"{FIELD}first", f"{FIELD}factor", f"{FIELD}most"
CHANCE, LIFE, ON = f"{FIELD}chance", f"{FIELD}life", f"{FIELD}on"
FIELDS = {
    "tries": TRIES, "first_seconds": FIRST, "factor": FACTOR, "ceiling_seconds": MOST, "jitter": CHANCE,
    "lifetime_hours": LIFE, "on": ON,
}  # fmt: skip
USUAL = RetryDefinition()
CAUSES = {
    "source": gettext_lazy("the source does not answer"),
    "store": gettext_lazy("the store does not answer"),
    "connection": gettext_lazy("the channel cannot be reached"),
    "timeout": gettext_lazy("the channel takes too long"),
    "temporary": gettext_lazy("the channel says “later”"),
    "fault": gettext_lazy("something of ours fails"),
}
SHOWN = 4  # waits that are told one by one


def retry_rows(one: Callable[..., Data]) -> list[list[Data]]:
    """Rows of fields."""
    attrs = {"autocomplete": "off"}
    longer = _("4 with a first wait of 1 min: 1, 4, 16 minutes.")
    chance = _("So that many do not come at once.")
    causes = [(name, str(CAUSES[name])) for name in EVERY_CAUSE]
    return [
        [
            one(TRIES, _("Tries for each delivery"), "number", attrs={"min": 1, "max": 20}),
            one(FIRST, _("The first wait"), hint=_("Such as 30 s, 10 min or 2 h."), attrs=attrs),
        ],
        [
            one(FACTOR, _("Each wait is so many times the one before"), "number", hint=longer, attrs={"min": 1, "max": 10, "step": "any"}),
            one(MOST, _("No wait is longer than"), hint=_("Such as 1 h."), attrs=attrs),
        ],
        [
            one(CHANCE, _("Left to chance of each wait (percent)"), "number", hint=chance, attrs={"min": 0, "max": 100, "step": "any"}),
            one(LIFE, _("No try later than (hours)"), "number", hint=_("After the first one. Empty: until sending ends."), attrs={"min": 0, "max": 744, "step": "any"}),
        ],
        [one(ON, _("Tried again when"), "checks", choices=causes) | {"css": "whole"}],
    ]  # fmt: skip


def retry_from(post: QueryDict, before: Mapping[str, Any], errors: Errors) -> Data:
    """The definition's ``retry``: what the form did not ask for stays as *before*."""
    data = dict(before)
    _put(data, "tries", whole(post, TRIES, errors, default=USUAL.tries), USUAL.tries)
    if FIRST not in post:
        return data
    _put(data, "first_seconds", span_from(post, FIRST, errors, default=USUAL.first_seconds), USUAL.first_seconds)
    _put(data, "factor", number(post, FACTOR, errors, default=USUAL.factor), USUAL.factor)
    _put(data, "ceiling_seconds", span_from(post, MOST, errors, default=USUAL.ceiling_seconds), USUAL.ceiling_seconds)
    chance = number(post, CHANCE, errors, default=USUAL.jitter * 100) / 100
    _put(data, "jitter", round(chance, 12), USUAL.jitter)
    life = number(post, LIFE, errors, default=0) if post.get(LIFE, "").strip() else None
    _put(data, "lifetime_hours", life, None)
    chosen = post.getlist(ON)
    on = [name for name in EVERY_CAUSE if name in chosen]
    if set(on) != set(before.get("on", EVERY_CAUSE)):  # else in the order in which they were written
        _put(data, "on", on, list(EVERY_CAUSE))
    return data


def _put(data: Data, name: str, value: Any, usual: Any) -> None:
    data.pop(name, None)
    if value != usual:
        data[name] = value


def retry_posted(retry: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """What the form would send of a definition's ``retry``."""
    life = retry.get("lifetime_hours")
    return {
        TRIES: str(retry.get("tries", USUAL.tries)),
        FIRST: span_words(retry.get("first_seconds", USUAL.first_seconds)),
        FACTOR: number_text(retry.get("factor", USUAL.factor)),
        MOST: span_words(retry.get("ceiling_seconds", USUAL.ceiling_seconds)),
        CHANCE: number_text(round(retry.get("jitter", USUAL.jitter) * 100, 10)),
        LIFE: "" if life is None else number_text(life),
        ON: list(retry.get("on", EVERY_CAUSE)),
    }


def retry_words(retry: RetryDefinition) -> str:
    """ "5 tries, after 1 min, 4 min, 16 min and 1 h"."""
    tries = ngettext("%(n)d try", "%(n)d tries", retry.tries) % {"n": retry.tries}
    waits = [min(retry.first_seconds * retry.factor**count, retry.ceiling_seconds) for count in range(retry.tries - 1)]
    if not waits:
        return tries
    listed = ", ".join(span_words(round(one, 3)) for one in waits[:SHOWN])
    text = _("%(tries)s, with waits of %(waits)s") % {"tries": tries, "waits": listed}
    if len(waits) > SHOWN:
        text = _("%(text)s and more") % {"text": text}
    if len(retry.on) < len(EVERY_CAUSE):
        text += "; " + _("not for every fault")
    return text

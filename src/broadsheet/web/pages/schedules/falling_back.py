"""What takes over from a delivery that failed, as fields of the form: read from them, and filled from a definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from broadsheet.schedules.retrying import FallbackDefinition

from .rule.numbers import Errors, number, number_text

Data = dict[str, Any]
CHANNEL, AT, HOURS, AFTER = "fallback-channel", "fallback-at", "fallback-hours", "fallback-after"
FIELDS = {"channel": CHANNEL, "at": AT, "hours": HOURS, "after_minutes": AFTER}
SAME, ROWS = ":same", ":rows"  # choices that are no channel's name
USUAL = {name: FallbackDefinition.model_fields[name].default for name in ("hours", "after_minutes")}


def fallback_rows(one: Callable[..., Data], channels: Sequence[tuple[str, str]]) -> list[list[Data]]:
    """Rows of fields."""
    none = ("", _("nothing: it ends as failed"))
    others = [(SAME, _("the same channel, once more")), (ROWS, _("what each recipient’s row says"))]
    never = _("Never from one that may have arrived.")
    clock = _("When the recipient’s clock next shows it, such as 07:00. Empty: at once.")
    out = _("A channel that is left alone because it keeps failing counts as failed after so long.")
    return [
        [
            one(CHANNEL, _("What takes over then"), "select", things=True, choices=[none, *channels, *others], hint=never),
            one(AT, _("Takes over at"), hint=clock, attrs={"autocomplete": "off"}),
        ],
        [
            one(HOURS, _("It is tried for (hours)"), "number", attrs={"min": 0, "max": 168, "step": "any"}),
            one(AFTER, _("A channel that is out fails after (minutes)"), "number", hint=out, attrs={"min": 0, "max": 1440, "step": "any"}),
        ],
    ]  # fmt: skip


def fallback_from(post: QueryDict, before: Mapping[str, Any] | None, errors: Errors) -> Data | None:
    """The definition's ``fallback``: *before* where the form did not ask for it; None: nothing takes over."""
    if CHANNEL not in post and AT not in post:
        return dict(before) if before is not None else None
    chosen = post.get(CHANNEL, "").strip()
    typed = {"channel": "" if chosen in (SAME, ROWS) else chosen, "at": post.get(AT, "").strip()}
    kept = {name: value for name, value in (before or {}).items() if name not in typed}
    for name, usual in USUAL.items():
        if FIELDS[name] in post:
            kept.pop(name, None)
            typed_number = number(post, FIELDS[name], errors, default=usual)
            kept |= {} if typed_number == usual else {name: typed_number}
    said = {name: value for name, value in typed.items() if value}
    return {**said, **kept} if said or chosen else None  # one that names neither goes by what each recipient's row says


def fallback_posted(fallback: Mapping[str, Any] | None) -> dict[str, str]:
    """What the form would send of a definition's ``fallback``."""
    was = fallback or {}
    numbers = {FIELDS[name]: number_text(was.get(name, usual)) for name, usual in USUAL.items()}
    other = "" if fallback is None else SAME if was.get("at") else ROWS
    return {CHANNEL: was.get("channel") or other, AT: was.get("at", ""), **numbers}


def fallback_words(fallback: Any, channels: Mapping[str, object]) -> str:
    """What takes over, in a sentence; empty where nothing does. *fallback*: a `FallbackDefinition` or None."""
    if fallback is None:
        return ""
    if fallback.channel:
        label = str(channels.get(fallback.channel, fallback.channel))
        words = _("What fails goes by %(channel)s") % {"channel": label}
    else:
        words = _("What fails goes once more")
    if not fallback.at:
        return f"{words}."
    clock = _("when their clock shows %(at)s") % {"at": fallback.at}
    return f"{words}, {clock}."

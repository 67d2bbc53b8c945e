"""What takes over from a delivery that failed, as fields of the form: read from them, and filled from a definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

Data = dict[str, Any]
CHANNEL, AT = "fallback-channel", "fallback-at"


def fallback_fields(one: Callable[..., Data], channels: Sequence[tuple[str, str]]) -> Data:
    """By field, with dashes as underscores."""
    none = ("", _("none: it ends as failed"))
    never = _("Never from one that may have arrived.")
    clock = _("When the recipient’s clock next shows it, such as 07:00. Empty: at once.")
    return {
        "fallback_channel": one(CHANNEL, _("What takes over then"), "select", choices=[none, *channels], hint=never),
        "fallback_at": one(AT, _("Takes over at"), hint=clock, attrs={"autocomplete": "off"}),
    }


def fallback_from(post: QueryDict, before: Mapping[str, Any] | None) -> Data | None:
    """The definition's ``fallback``: *before* where the form did not ask for it; None: nothing takes over."""
    if CHANNEL not in post and AT not in post:
        return dict(before) if before is not None else None
    typed = {"channel": post.get(CHANNEL, "").strip(), "at": post.get(AT, "").strip()}
    kept = {name: value for name, value in (before or {}).items() if name not in typed}
    said = {name: value for name, value in typed.items() if value}
    # One that names neither goes by what each recipient's row says; the form shows nothing of it, and lets it stand.
    by_rows = before is not None and not before.get("channel") and not before.get("at")
    return {**said, **kept} if said or by_rows else None


def fallback_posted(fallback: Mapping[str, Any] | None) -> dict[str, str]:
    """What the form would send of a definition's ``fallback``."""
    return {CHANNEL: (fallback or {}).get("channel", ""), AT: (fallback or {}).get("at", "")}


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

"""The truth in one sentence: how many of today's deliveries have been accepted by now, and what became of the others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.web import telling

OTHERS = ("failed", "unconfirmed", "held", "expired", "retrying", "sending", "due", "suppressed", "skipped")


def sentence(counts: Mapping[str, int], *, now: datetime, to_come: int) -> str:
    """*counts*: today's deliveries by state; *to_come*: firings that are still due today."""
    total, accepted = sum(counts.values()), counts.get("accepted", 0)
    if not total:
        return _nothing(to_come)
    clock = telling.clock(now)
    if accepted == total:
        words = ngettext(
            "By %(time)s, the one delivery of today had been accepted.",
            "By %(time)s, all %(n)s deliveries of today had been accepted.",
            total,
        )
        return words % {"time": clock, "n": f"{total:,}"}
    first = ngettext(
        "By %(time)s, %(accepted)s of %(n)s delivery had been accepted.",
        "By %(time)s, %(accepted)s of %(n)s deliveries had been accepted.",
        total,
    ) % {"time": clock, "accepted": f"{accepted:,}" if accepted else _("none"), "n": f"{total:,}"}
    parts = [_other(state, counts[state]) for state in OTHERS if counts.get(state)]
    rest = ", ".join(parts)
    return f"{first} {rest[:1].upper()}{rest[1:]}."


def _nothing(to_come: int) -> str:
    if not to_come:
        return _("Nothing has gone out today, and nothing more is due.")
    return ngettext(
        "Nothing has gone out yet today. %(n)s run is due.", "Nothing has gone out yet today. %(n)s runs are due.", to_come
    ) % {"n": number(to_come).capitalize()}  # fmt: skip


def _other(state: str, count: int) -> str:
    words = {
        "failed": ngettext("%(n)s has failed", "%(n)s have failed", count),
        "unconfirmed": ngettext("%(n)s is unconfirmed", "%(n)s are unconfirmed", count),
        "held": ngettext("%(n)s is held", "%(n)s are held", count),
        "expired": ngettext("%(n)s has expired", "%(n)s have expired", count),
        "retrying": ngettext("%(n)s is being retried", "%(n)s are being retried", count),
        "sending": ngettext("%(n)s is on its way", "%(n)s are on their way", count),
        "due": ngettext("%(n)s is being made", "%(n)s are being made", count),
        "suppressed": ngettext("%(n)s was suppressed", "%(n)s were suppressed", count),
        "skipped": ngettext("%(n)s was left out", "%(n)s were left out", count),
    }
    return words[state] % {"n": number(count)}


def number(count: int) -> str:
    """Words up to twelve, then figures."""
    words = (
        _("none"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"),
        _("ten"), _("eleven"), _("twelve"),
    )  # fmt: skip
    return words[count] if count < len(words) else f"{count:,}"

"""The vocabulary of states: word, glyph, texture and meaning, in the order in which trouble is shown first.

Leaves to others: how states follow each other (`core.lifecycle`), and the drawings (`components/sprite.html`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class State:
    """``glyph`` names the drawing and the colour; ``texture`` the pattern of its part of a bar, None for solid."""

    word: Promise
    glyph: str
    meaning: Promise
    texture: str | None = None


STATES: dict[str, State] = {
    "failed": State(_("failed"), "failed", _("all tries used; resend, or another way"), "lost"),
    "unconfirmed": State(_("unconfirmed"), "unconfirmed", _("cut after the last byte; only you resend"), "lost"),
    "missed": State(_("missed"), "missed", _("nothing was running then"), "lost"),
    "held": State(_("held"), "held", _("stopped before sending, with the reason"), "held"),
    "approval": State(_("waits for approval"), "approval", _("waits for a person"), "accent"),
    "conflict": State(_("conflict"), "conflict", _("two things want one moment"), "slow"),
    "retrying": State(_("retrying"), "retrying", _("tried again at the time shown"), "slow"),
    "partial": State(_("in part"), "partial", _("a run, some of it accepted"), "slow"),
    "stale": State(_("stale"), "stale", _("sent on time with older data, marked so"), "slow"),
    "running": State(_("running"), "running", _("being made or sent now"), "accent"),
    "sending": State(_("sending"), "running", _("on its way now"), "accent"),
    "suppressed": State(_("suppressed"), "suppressed", _("address bounced or unsubscribed; not tried"), "mute"),
    "skipped": State(_("skipped"), "skipped", _("left out by a rule or a person"), "mute"),
    "expired": State(_("expired"), "expired", _("its deadline passed, or its share ended"), "mute"),
    "moved": State(_("moved"), "moved", _("by a calendar or a person, who is named"), "accent"),
    "new": State(_("new"), "new", _("this draft adds it"), "accent"),
    "waiting": State(_("waiting"), "retrying", _("its data has not come; it looks again by itself"), "slow"),
    "due": State(_("due"), "due", _("not begun"), "hollow"),
    "paused": State(_("paused"), "held", _("stands still until a person lets it go on"), "held"),
    "accepted": State(_("accepted"), "accepted", _("the other side took it, proof kept")),
    "ok": State(_("in order"), "ok", _("nothing to do")),
}


def state_of(name: str) -> State:
    """The entry of *name*; an unknown one is shown by its own name under the hollow ring, never as success."""
    return STATES.get(str(name)) or State(str(name), "due", "", "hollow")  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar: ``x`` and ``width`` in percent of its length."""

    name: str
    label: str
    count: int
    href: str
    state: State
    x: str
    width: str


GAP = 0.5  # percent between parts
LEAST = 1.2  # percent: one of a thousand is still seen


def parts(counts: list[dict[str, Any]]) -> list[Part]:
    """Parts of a bar from ``{"state", "count", "href", "label"}`` mappings; those of count 0 are left out."""
    shown = [entry for entry in counts if entry["count"]]
    total = sum(entry["count"] for entry in shown) or 1
    widths = [max(LEAST, 100 * entry["count"] / total) for entry in shown]
    scale = (100 - GAP * max(0, len(shown) - 1)) / (sum(widths) or 1)
    result, x = [], 0.0
    for entry, share in zip(shown, widths, strict=True):
        width = share * scale
        state = state_of(entry["state"])
        label = str(entry.get("label") or f"{entry['count']:,} {state.word}")
        place = (f"{x:.2f}%", f"{width:.2f}%")
        result.append(Part(str(entry["state"]), label, entry["count"], entry.get("href", ""), state, *place))
        x += width + GAP
    return result

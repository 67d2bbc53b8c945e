"""Rows of the ledger as `partials/delivery_rows.html` shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from broadsheet.collaboration.findings import findings_words
from broadsheet.core.lifecycle import Delivery as State
from broadsheet.core.policy import Actor
from broadsheet.delivery.actions.fall_back import AGAIN
from broadsheet.delivery.actions.resend import RESENDABLE
from broadsheet.delivery.models import Delivery
from broadsheet.schedules.queries import may_on
from broadsheet.schedules.retrying import RetryDefinition
from broadsheet.web import telling
from broadsheet.web.templatetags.states import state_of

TRIES = RetryDefinition().tries
OPEN = (State.DUE, State.SENDING, State.RETRYING)
Row = dict[str, Any]


def row(delivery: Delivery) -> Row:
    """One row. Needs the occurrence, its schedule and the channel joined."""
    occurrence = delivery.occurrence
    return {
        "id": delivery.pk,
        "href": reverse("web:delivery", args=[delivery.pk]),
        "src": reverse("web:delivery-proofs", args=[delivery.pk]),
        "who": delivery.recipient_name,
        "address": delivery.address,
        "from": occurrence.schedule.title,
        "from_href": reverse("web:run", args=[occurrence.pk]),
        "place": telling.city(delivery.zone),
        "from_under": f"{telling.city(delivery.zone)}, {telling.moment(occurrence.fire_at)}",
        "via": str(delivery.channel),
        "formats": formats_words(delivery.formats),
        "state": delivery.state,
        "left": left(delivery),
        "tries": tries(delivery),
        "proof": telling.cut(delivery.proof or delivery.reason, 90),
        "fixed": not resendable(delivery),
    }


def resendable(delivery: Delivery) -> bool:
    """Whether a person may send it again; what was accepted never is."""
    return delivery.state in (*RESENDABLE, State.RETRYING) and not is_taken_over(delivery)


def is_taken_over(delivery: Delivery) -> bool:
    """Whether its fallback reached the recipient, or still may."""
    fallback = delivery.taken_over_by
    return fallback is not None and fallback.state not in (*AGAIN, State.SUPPRESSED)


def left(delivery: Delivery) -> object:
    """When it went, or when it is tried next."""
    if delivery.state == State.RETRYING and delivery.next_try_at is not None:
        return _("next %(time)s") % {"time": telling.clock(delivery.next_try_at)}
    if delivery.state == State.DUE and delivery.next_try_at is not None:
        return _("until %(time)s") % {"time": _soon(delivery.next_try_at)}
    return delivery.settled_at if delivery.state in (State.ACCEPTED, State.FAILED, State.UNCONFIRMED) else ""


def _soon(at: datetime) -> str:
    """The time alone where it is today: the column is narrow."""
    return telling.clock(at) if telling.local(at).date() == timezone.localdate() else telling.moment(at)


def tries(delivery: Delivery) -> str:
    """ "1", or "2 of 5" while there may be more, and where they are used up."""
    if delivery.state in (State.RETRYING, State.FAILED, State.SENDING):
        return _("%(n)d of %(most)d") % {"n": delivery.attempts, "most": most_tries(delivery)}
    return str(delivery.attempts)


def most_tries(delivery: Delivery) -> int:
    """As the schedule said when this run was made."""
    policies = delivery.occurrence.definition.get("policies", {})
    return int(policies.get("retry", {}).get("tries", TRIES))


def next_words(delivery: Delivery) -> str:
    """What comes next, beside the state."""
    fallback = delivery.taken_over_by
    if fallback is not None:
        return _("“%(channel)s” took over: %(state)s.") % {
            "channel": fallback.channel, "state": state_of(fallback.state).word,
        }  # fmt: skip
    if delivery.waits_for and delivery.next_try_at is not None:
        return _("It is looked at again at %(at)s. %(reason)s") % {
            "at": telling.moment(delivery.next_try_at), "reason": delivery.reason,
        }  # fmt: skip
    match delivery.state:
        case State.RETRYING if delivery.next_try_at is not None:
            return _("try %(n)d of %(most)d at %(time)s") % {
                "n": delivery.attempts + 1, "most": most_tries(delivery), "time": telling.moment(delivery.next_try_at),
            }  # fmt: skip
        case State.UNCONFIRMED:
            return _("It may have arrived. It is not sent again unless a person says so.")
        case State.FAILED:
            return _("It is not tried again by itself. Mend the cause, then resend it.")
        case State.DUE if delivery.next_try_at is not None:
            return waits(delivery)
        case State.DUE:
            return _("It leaves as soon as its files are made.")
        case State.HELD:
            return held_words(delivery)
        case State.EXPIRED:
            return _("Its deadline passed. Resend it if it is still wanted.")
        case State.SUPPRESSED | State.SKIPPED:
            return delivery.reason
        case _:
            return ""


def held_words(delivery: Delivery) -> str:
    """What a check found in its slice; else the reason that was written with it."""
    found = delivery.slice.findings if delivery.slice else []
    return findings_words(one for one in found if one["do"] == "hold") or delivery.reason


def decisions(actor: Actor, delivery: Delivery) -> list[Row]:
    """Release and drop, where it is held, for who may decide."""
    if delivery.state != State.HELD or not may_on(actor, "schedule.run", delivery.occurrence.schedule):
        return []
    release, drop = (reverse(f"web:delivery-{act}", args=[delivery.pk]) for act in ("release", "drop"))
    return [
        {"label": _("Release it"), "action": release, "outlined": True, "busy": _("Releasing")},
        {"label": _("Drop this one"), "action": drop, "outlined": True, "busy": _("Dropping")},
    ]


def waits(delivery: Delivery) -> str:
    """When it leaves, on the recipient's clock and the reader's, and what it waits for."""
    at = delivery.next_try_at
    assert at is not None
    words = _("It leaves %(there)s in %(city)s, %(here)s on your clock.") % {
        "there": telling.moment(at, zone=delivery.zone), "city": telling.city(delivery.zone), "here": telling.moment(at),
    }  # fmt: skip
    return f"{words} {delivery.reason}".strip()


def formats_words(formats: list[str]) -> str:
    return ", ".join(name.upper() for name in formats)

"""One delivery's evidence: the talk with the other side, the bytes that went, and its life."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from broadsheet.compliance.queries import entries
from broadsheet.core.lifecycle import Delivery as State
from broadsheet.core.policy import Actor, may
from broadsheet.delivery.models import Attempt, Delivery
from broadsheet.runs import queries as runs
from broadsheet.runs.models import SliceFile
from broadsheet.schedules.queries import may_on
from broadsheet.web import telling
from broadsheet.web.templatetags.states import state_of

from .presenting import decisions, resendable

Shown = dict[str, Any]
SHOWN_ACTS = 20


def detail(actor: Actor, delivery: Delivery, *, page: bool = False) -> Shown:
    """The variables of `partials/proofs.html`; *page*: it stands on the delivery's own page, with its acts above."""
    attempts = list(delivery.tries.all())
    files = runs.files(delivery.slice_id, delivery.formats)
    return {
        "said_title": _("What the two sides said") if delivery.channel.kind != "email" else "",
        "wire": wire(attempts[-1]) if attempts else [],
        "wire_note": _wire_note(delivery, attempts),
        "files_title": _files_title(delivery),
        "files": [*(_file(actor, delivery, one) for one in files), *_message(actor, delivery)],
        "files_note": _files_note(delivery, files),
        "life": life(actor, delivery, attempts),
        "acts": [] if page else _acts(actor, delivery),
    }


def wire(attempt: Attempt) -> list[Shown]:
    """Lines of the talk; a line's time is whole where the second changes, else only its part of it."""
    lines = attempt.transcript
    moments = [telling.local(datetime.fromisoformat(line["at"])) for line in lines]
    same = [
        False,
        *(before.replace(microsecond=0) == after.replace(microsecond=0) for before, after in pairwise(moments)),
    ]
    return [
        {
            "at": f".{at.microsecond // 1000:03d}" if again else f"{at:%H:%M:%S}.{at.microsecond // 100_000}",
            "ours": line["who"] == "we",
            "text": line["text"],
        }
        for line, at, again in zip(lines, moments, same, strict=False)
    ]


def life(actor: Actor, delivery: Delivery, attempts: list[Attempt]) -> list[Shown]:
    """What became of it, oldest first; who sent it again or opened it for who may read the journal."""
    events: list[tuple[datetime, str]] = []
    slice = delivery.slice
    if slice is not None and slice.made_at is not None:
        words = _("made in %(span)s: %(rows)s rows") % {
            "span": telling.span(slice.seconds), "rows": f"{slice.rows:,}",
        }  # fmt: skip
        events.append((slice.made_at, words))
    for attempt in attempts:
        events.append((attempt.ended_at, _try_words(attempt, try_state(delivery, attempt, attempts))))
    ended = attempts[-1].ended_at if attempts else None
    if delivery.settled_at is not None and delivery.settled_at != ended:
        events.append(
            (delivery.settled_at, " ".join(filter(None, (str(state_of(delivery.state).word), delivery.reason))))
        )
    if delivery.read_at is not None:
        events.append((delivery.read_at, _("read in the inbox")))
    events += _journal(actor, delivery)
    return [{"at": at, "text": text} for at, text in sorted(events, key=lambda event: event[0])]


def try_state(delivery: Delivery, attempt: Attempt, attempts: list[Attempt]) -> str:
    """How one try ended, in the vocabulary of states: not taken is retrying, but for the last that there was."""
    if attempt.state != "retry":
        return attempt.state
    given_up = attempt.pk == attempts[-1].pk and delivery.state == State.FAILED
    return "failed" if given_up else "retrying"


def _try_words(attempt: Attempt, state: str) -> str:
    word = state_of(state).word
    took = telling.span(attempt.ended_at - attempt.started_at)
    return _("try %(n)d, %(span)s: %(word)s") % {"n": attempt.number, "span": took, "word": word}


def _journal(actor: Actor, delivery: Delivery) -> list[tuple[datetime, str]]:
    if not may(actor, "journal.read"):
        return []
    said = {
        "delivery.resent": _("sent again by %(who)s"), "delivery.released": _("released by %(who)s"),
        "delivery.dropped": _("dropped by %(who)s"), "artifact.opened": _("%(file)s opened by %(who)s"),
    }  # fmt: skip
    found = entries(actor, subject=str(delivery.pk)).filter(action__in=said)[:SHOWN_ACTS]
    return [(one.at, said[one.action] % {"who": one.actor, "file": one.detail.get("file", "")}) for one in found]


def _wire_note(delivery: Delivery, attempts: list[Attempt]) -> str:
    if not attempts:
        return delivery.reason
    if delivery.channel.kind == "email":
        return _("Message-ID %(id)s") % {"id": delivery.message_id}
    return ""


def _file(actor: Actor, delivery: Delivery, file: SliceFile) -> Shown:
    # The same right as `delivery.actions.open_file` asks for: no link to what would be refused.
    href = reverse("web:delivery-file", args=[delivery.pk, file.format]) if may(actor, "data.all") else ""
    return {
        "name": file.filename,
        "href": href,
        "note": file.format.upper(),
        "bytes": file.artifact.size,
        "digest": file.artifact.sha256,
    }


def _message(actor: Actor, delivery: Delivery) -> list[Shown]:
    """The whole message, where the channel writes one and it has gone."""
    if not delivery.sent_sha256:
        return []
    href = reverse("web:delivery-message", args=[delivery.pk]) if may(actor, "data.all") else ""
    name, size, digest = _("The whole message"), delivery.sent_size, delivery.sent_sha256
    return [{"name": name, "href": href, "note": "", "bytes": size, "digest": digest}]


def _files_title(delivery: Delivery) -> str:
    """What went, or what would: a try that may have arrived counts as sent."""
    if delivery.state in (State.ACCEPTED, State.UNCONFIRMED) or delivery.sent_sha256:
        return _("What was sent, byte for byte")
    return _("What would be sent")


def _files_note(delivery: Delivery, files: list[SliceFile]) -> str:
    if files and delivery.state == State.ACCEPTED:
        return _("Stored once under these hashes, so these are the bytes that left.")
    if files:
        return _("Stored once under these hashes, so these are the bytes that leave when it is sent.")
    if delivery.slice is not None and delivery.slice.error:
        return delivery.slice.error
    return _("No file was made for it yet.") if delivery.state in (State.DUE, State.SENDING) else _("It has no files.")


def _acts(actor: Actor, delivery: Delivery) -> list[Shown]:
    acts: list[Shown] = decisions(actor, delivery)
    if resendable(delivery) and may_on(actor, "delivery.resend", delivery.occurrence.schedule):
        acts.append({"label": _("Resend it"), "action": reverse("web:delivery-resend", args=[delivery.pk])})
    return [*acts, {"label": _("Its page"), "href": reverse("web:delivery", args=[delivery.pk])}]

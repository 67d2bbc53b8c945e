"""Send by mail what people were told: claim, send through the first channel that takes it, settle.

Any number of processes may do this at once. One that dies leaves an honest state: tried again where nothing can have
arrived, unconfirmed otherwise.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import InterfaceError, OperationalError
from django.db.models import F
from django.db.models.functions import Now

from broadsheet.access.queries import members_among
from broadsheet.collaboration.letter import letter
from broadsheet.collaboration.models import Mailing
from broadsheet.collaboration.models import mailing as states
from broadsheet.delivery.actions.channels import secrets_of
from broadsheet.delivery.models import StoredChannel
from broadsheet.delivery.ports import CHANNELS, Outgoing, Receipt
from broadsheet.delivery.queries import mail_channels, suppressed

LEASE = timedelta(minutes=10)  # longer than all channels of an organization take for one try
TRIED_FOR = timedelta(days=1)  # a notice that is older is on its page, and no news
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=2), timedelta(hours=1)
AT_ONCE = 50  # mails before other chores have their turn
PROOF = 2_000

Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


class LostClaim(RuntimeError):
    """Another process has the mail now: nothing may be handed over or settled."""


def mail_due(*, clock: Clock, limit: int = AT_ONCE) -> int:
    """One try of each mail that is due; how many there were. Raises OperationalError when the database is away."""
    recover()
    due = Mailing.objects.filter(state=states.DUE, next_try_at__lte=clock()).order_by("next_try_at", "pk")
    return sum(_mailed(key, clock=clock) for key in list(due.values_list("pk", flat=True)[:limit]))


def recover() -> None:
    """Decide about mails whose sender died."""
    dead = Mailing.objects.filter(state=states.SENDING, lease_until__lt=Now())
    dead.filter(handed_over_at__isnull=True).update(state=states.DUE, lease_until=None, fence=F("fence") + 1)
    dead.filter(handed_over_at__isnull=False).update(
        state=states.UNCONFIRMED, settled_at=Now(), lease_until=None, fence=F("fence") + 1,
        proof="The server stopped after the message had been handed over; it may have arrived.",
    )  # fmt: skip


def claim(key: int, *, now: datetime) -> Mailing | None:
    """The mail, claimed as its next try; None when it is not to be sent now, or another process was first."""
    won = Mailing.objects.filter(pk=key, state=states.DUE, next_try_at__lte=now).update(
        state=states.SENDING, lease_until=Now() + LEASE, fence=F("fence") + 1, tries=F("tries") + 1, handed_over_at=None
    )
    if not won:
        return None
    return Mailing.objects.select_related("notification__person", "notification__organization").get(pk=key)


def _mailed(key: int, *, clock: Clock) -> bool:
    mail = claim(key, now=clock())
    if mail is None:
        return False
    try:
        _settle(mail, _try(mail, clock=clock), now=clock())
    except LostClaim:
        log.warning("mail settled by another action=notice mailing=%s", mail.pk)
    except (OperationalError, InterfaceError):
        raise  # `recover` decides about it
    except Exception:  # a worker's border
        reference = uuid4().hex[:8]
        log.exception("a notice failed action=notice mailing=%s reference=%s", mail.pk, reference)
        _faulty(mail, f"Something of ours failed; the log has it under {reference}.", now=clock())
    return True


def _faulty(mail: Mailing, told: str, *, now: datetime) -> None:
    mail.refresh_from_db(fields=["handed_over_at"])
    ended = Receipt("retry" if mail.handed_over_at is None else "unconfirmed", told)
    try:
        _settle(mail, ended, now=now)
    except LostClaim:
        log.warning("mail settled by another action=notice mailing=%s", mail.pk)


def _try(mail: Mailing, *, clock: Clock) -> Receipt | str:
    """How the try ended, or why the mail is not to be sent after all."""
    barred = _barred(mail)
    if barred:
        return barred
    notification = mail.notification
    message = letter(notification, message_id=mail.message_id)
    ends = []
    for channel in mail_channels(notification.organization_id):
        receipt = _through(channel, message, mail, clock=clock)
        if receipt.state in {"accepted", "unconfirmed"}:
            return receipt
        ends.append(receipt)
    again = [one for one in ends if one.state == "retry"]
    return (again or ends or [Receipt("retry", "There is no e-mail channel that works.")])[0]


def _through(channel: StoredChannel, message: Outgoing, mail: Mailing, *, clock: Clock) -> Receipt:
    receipt = CHANNELS.get(channel.kind).send(
        message, settings=channel.settings, secrets=secrets_of(channel), clock=clock,
        handing_over=lambda: _write(mail, handed_over_at=clock()),
    )  # fmt: skip
    if receipt.state in {"retry", "failed"}:
        _write(mail, handed_over_at=None)  # it said that it did not take it
    return receipt


def _barred(mail: Mailing) -> str:
    notification, person = mail.notification, mail.notification.person
    if notification.read_at is not None:
        return "It was read before it was sent."
    if not person.mail_notices:
        return "The person wants no mail."
    if not members_among(notification.organization_id, [person.pk]):
        return "The person has left."
    return suppressed(notification.organization_id, None).get(person.email.lower(), "")


def _settle(mail: Mailing, ended: Receipt | str, *, now: datetime) -> None:
    if isinstance(ended, str):
        _end(mail, states.SKIPPED, ended, now=now)
    elif ended.state == "retry":
        wait = max(timedelta(seconds=ended.wait), min(FIRST_WAIT * 2 ** min(mail.tries - 1, 10), LONGEST_WAIT))
        if now + wait > mail.notification.created_at + TRIED_FOR:
            _end(mail, states.FAILED, ended.proof, now=now)
        else:
            _write(mail, state=states.DUE, next_try_at=now + wait, lease_until=None, proof=ended.proof[:PROOF])
    else:
        _end(mail, ended.state, ended.proof, now=now)


def _end(mail: Mailing, state: str, proof: str, *, now: datetime) -> None:
    _write(mail, state=state, settled_at=now, next_try_at=None, lease_until=None, proof=proof[:PROOF])


def _write(mail: Mailing, **fields: object) -> None:
    """Change the row while the claim is held. Raises LostClaim."""
    if not Mailing.objects.filter(pk=mail.pk, fence=mail.fence, state=states.SENDING).update(**fields):
        raise LostClaim(f"Mail {mail.pk} is not ours any more.")

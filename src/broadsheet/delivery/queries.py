"""Deliveries, channels and caught mail that an actor may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from broadsheet.access.reach import within, within_schedules
from broadsheet.core.lifecycle import Delivery as Sent
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require
from broadsheet.delivery.bouncing import has_bounced
from broadsheet.delivery.errors import UnknownDelivery
from broadsheet.delivery.models import CaughtMail, Delivery, StoredChannel, Suppression
from broadsheet.delivery.models.delivery import TAKEN_OVER
from broadsheet.delivery.ports import CHANNELS


def channels(actor: Actor, permission: str = "channel.read") -> QuerySet[StoredChannel]:
    """The organization's channels on which the actor holds *permission*, by name. Raises Refused."""
    reached = within(actor, permission, "channel")
    return StoredChannel.objects.filter(reached, organization_id=actor.organization_id).select_related("gate")


def deliveries(
    actor: Actor, *, schedule: str = "", state: str = "", occurrence: UUID | None = None, text: str = ""
) -> QuerySet[Delivery]:
    """The ledger, newest firing first, trouble before success. Raises Refused."""
    reached = reached_by(actor, "delivery.read")
    found = Delivery.objects.filter(reached, organization_id=actor.organization_id)
    if schedule:
        found = found.filter(occurrence__schedule__name=schedule)
    if state:
        found = found.filter(state__in=state.split(","))
    if occurrence is not None:
        found = found.filter(occurrence_id=occurrence)
    if text:
        found = found.filter(
            Q(recipient_name__icontains=text) | Q(address__icontains=text) | Q(proof__icontains=text)
            | Q(recipient_key__icontains=text)
        )  # fmt: skip
    return found.select_related(
        "occurrence__schedule", "channel", "slice", "fallback__channel", "shared_fallback__channel"
    ).order_by("-occurrence__fire_at", "recipient_name", "channel_id")


def reached_by(actor: Actor, permission: str) -> Q:
    """The deliveries on which *actor* holds *permission*: those of the schedules that they reach. Raises Refused."""
    of = "occurrence__schedule"
    return within_schedules(actor, permission, at=f"{of}_id", report=f"{of}__report_id", owner=f"{of}__owner_id")


def delivery(actor: Actor, key: UUID | str) -> Delivery:
    """One row of the ledger. Raises UnknownDelivery."""
    try:
        found = deliveries(actor).filter(pk=UUID(str(key))).first()
    except ValueError:
        found = None
    if found is None:
        raise UnknownDelivery(f"There is no delivery {key} here. Look in the ledger.")
    return found


def counts(occurrence_ids: list[UUID]) -> dict[UUID, dict[str, int]]:
    """Deliveries by state, for each occurrence; what was taken over counts as what took over."""
    rows = (
        last_of_each(Delivery.objects.filter(occurrence_id__in=occurrence_ids))
        .values_list("occurrence_id", "state")
        .annotate(number=Count("pk"))
        .order_by()
    )
    found: dict[UUID, dict[str, int]] = {}
    for key, state, number in rows:
        found.setdefault(key, {})[state] = number
    return found


def state_counts(found: QuerySet[Delivery]) -> Counter[str]:
    """How many of *found* are in each state."""
    return Counter(dict(found.order_by().values_list("state").annotate(number=Count("pk"))))


def open_through(channel: StoredChannel) -> QuerySet[Delivery]:
    """The channel's deliveries that are to be sent, now or later."""
    return Delivery.objects.filter(channel=channel, state__in=(Sent.DUE, Sent.RETRYING, Sent.SENDING))


def last_of_each(found: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """*found*, of a delivery and its fallback one: the fallback while what it took over from has failed, else that, since a
    person sent it again. Two that one fallback took over from are one then. So each recipient counts once by what became of
    them."""
    taken_over = Q(state__in=TAKEN_OVER) & (Q(fallback__isnull=False) | Q(shared_fallback__isnull=False))
    idle = Q(fallback_of__isnull=False) & ~Q(fallback_of__state__in=TAKEN_OVER)
    others = Delivery.objects.filter(shared_fallback=OuterRef("pk"), state__in=TAKEN_OVER)
    return found.exclude(taken_over).exclude(idle & ~Exists(others))


def mail_channels(organization_id: int) -> list[StoredChannel]:
    """The channels that reach mail addresses: those that passed their last test first, those that failed it left out."""
    kinds = [one.descriptor.id for one in CHANNELS.all() if "unsubscribe" in one.descriptor.capabilities]
    found = StoredChannel.objects.filter(organization_id=organization_id, kind__in=kinds).exclude(ok=False)
    return sorted(found, key=lambda one: (not one.ok, one.name))


def suppressed(organization_id: int, schedule_id: int | None) -> dict[str, str]:
    """Addresses (in small letters) that this schedule must not send to, with the reason; of None those that get
    nothing at all. Who wants no more, and does not exist either, wants no more."""
    mine = Suppression.objects.filter(organization_id=organization_id)
    rows = mine.filter(Q(schedule_id=schedule_id) | Q(schedule__isnull=True)).values_list("address", "reason")
    return dict(sorted(rows, key=lambda row: not has_bounced(row[1])))


def suppressed_for(delivery: Delivery) -> str:
    """Why the delivery's address must not be sent to; empty where it may."""
    mine = Suppression.objects.filter(organization_id=delivery.organization_id, address=delivery.address.lower())
    of = Q(schedule_id=delivery.occurrence.schedule_id) | Q(schedule__isnull=True)
    return min(mine.filter(of).values_list("reason", flat=True), key=has_bounced, default="")


def inbox(actor: Actor, address: str, *, text: str = "") -> QuerySet[Delivery]:
    """What was delivered through a portal to the person with *address*, newest first."""
    require(actor, "report.read")
    found = Delivery.objects.filter(
        organization_id=actor.organization_id, channel__kind="portal", address__iexact=address, state="accepted"
    )
    if text:
        found = found.filter(Q(occurrence__schedule__title__icontains=text) | Q(slice__files__filename__icontains=text))
    return (
        found.select_related("occurrence__schedule", "slice")
        .prefetch_related("slice__files__artifact")
        .distinct()
        .order_by("-settled_at")
    )


def inbox_item(actor: Actor, address: str, key: UUID) -> Delivery:
    """One of them. Raises UnknownDelivery, also for what was delivered to somebody else."""
    found = inbox(actor, address).filter(pk=key).first()
    if found is None:
        raise UnknownDelivery(f"There is nothing {key} in this inbox. Look at the list.")
    return found


def unread(actor: Actor, address: str) -> int:
    """How much of the inbox was never opened."""
    return inbox(actor, address).filter(read_at__isnull=True).order_by().count()


def of_messages(actor: Actor, message_ids: Iterable[str]) -> dict[str, Delivery]:
    """The deliveries that messages were sent for, by Message-ID; others are left out. Raises Refused."""
    require(actor, "mail.read")
    keys = {key for key in map(_key_of, message_ids) if key is not None}
    mine = Delivery.objects.filter(organization_id=actor.organization_id, pk__in=keys)
    return {one.message_id: one for one in mine.select_related("occurrence__schedule")}


def _key_of(message_id: str) -> UUID | None:
    try:
        return UUID(message_id.strip("<>").partition("@")[0])
    except ValueError:
        return None


def caught(actor: Actor, *, text: str = "") -> QuerySet[CaughtMail]:
    """Mail that the built-in catcher took for this organization, newest first, each with its ``size`` in bytes. Raises Refused."""
    require(actor, "mail.read")
    found = CaughtMail.objects.filter(organization_id=actor.organization_id).defer("content")
    found = found.annotate(size=Length("content"))
    if text:
        found = found.filter(Q(subject__icontains=text) | Q(recipient__icontains=text))
    return found


def caught_mail(actor: Actor, key: int) -> CaughtMail:
    """One mail with its bytes. Raises UnknownDelivery, Refused."""
    found = caught(actor).defer(None).filter(pk=key).first()
    if found is None:
        raise UnknownDelivery(f"There is no mail {key} here. Look at the list of caught mail.")
    return found

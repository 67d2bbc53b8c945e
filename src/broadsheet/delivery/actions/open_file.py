"""Open a file that was sent: the right is read anew each time, and every opening is in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from broadsheet.compliance.actions.record import record
from broadsheet.core.lifecycle import Delivery as State
from broadsheet.core.policy import Actor, may, may_somewhere
from broadsheet.core.policy.roles import Refused
from broadsheet.delivery.errors import UnknownDelivery
from broadsheet.delivery.models import Delivery
from broadsheet.delivery.queries import reached_by
from broadsheet.reports.queries import definition_of, fields_of
from broadsheet.runs.models import SliceFile
from broadsheet.sources.secured.clearance import require_cleared


@dataclass(frozen=True, slots=True)
class Opened:
    """The file's name, kind and bytes' hash, for whoever serves it from the artifact store. ``size`` in bytes."""

    filename: str
    media_type: str
    sha256: str
    size: int


@transaction.atomic
def open_file(actor: Actor, key: UUID, form: str, *, address: str, now: datetime) -> Opened:
    """The file in *form* (a format's id) that belongs to the delivery *key*.

    Open to who may read deliveries and sees all rows anyway, which is `data.all`; and to the person with
    *address* whose inbox it was delivered to. Everybody else meets UnknownDelivery, as for a file that is not there: the
    file holds its recipient's rows, and the ledger must not be a way around row rules.
    """
    delivery = Delivery.objects.filter(organization_id=actor.organization_id, pk=key).select_related("channel").first()
    if delivery is None or not (_sees(actor, delivery) or _theirs(actor, delivery, address)):
        raise UnknownDelivery(f"There is no delivery {key} here. Look in the ledger.")
    file = SliceFile.objects.filter(slice__deliveries=delivery, format=form).select_related("artifact").first()
    if file is None or form not in delivery.formats:
        raise UnknownDelivery(f"The delivery {key} has no file in the format “{form}”.")
    kept = file.artifact
    record(
        actor, "artifact.opened", str(delivery.pk), now=now,
        file=file.filename, sha256=kept.sha256, recipient=delivery.recipient_name,
    )  # fmt: skip
    return Opened(file.filename, kept.media_type, kept.sha256, kept.size)


def _sees(actor: Actor, delivery: Delivery) -> bool:
    if not (may(actor, "data.all") and may_somewhere(actor, "delivery.read")):
        return False
    if not Delivery.objects.filter(reached_by(actor, "delivery.read"), pk=delivery.pk).exists():
        return False
    return cleared_for(actor, delivery)


def cleared_for(actor: Actor, delivery: Delivery) -> bool:
    """Whether *actor* may see every field that the delivery's report shows, as they are classed now."""
    version = delivery.occurrence.report_version
    try:
        require_cleared(actor, fields_of(definition_of(version)) if version else {})
    except Refused:
        return False
    return True


def _theirs(actor: Actor, delivery: Delivery, address: str) -> bool:
    if not may_somewhere(actor, "report.read"):
        return False  # a token of theirs that was not given it
    inbox = delivery.channel.kind == "portal" and delivery.state == State.ACCEPTED
    return inbox and bool(address) and delivery.address.lower() == address.lower()

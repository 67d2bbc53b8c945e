"""Send one recipient's report to the asker alone: the whole way, and nobody else hears of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from broadsheet.compliance.actions.record import record
from broadsheet.core.policy import Actor, Reader
from broadsheet.core.policy.roles import require
from broadsheet.delivery.models import StoredChannel
from broadsheet.delivery.ports import CHANNELS
from broadsheet.reports import queries as reports
from broadsheet.runs.models import Occurrence
from broadsheet.runs.readers import reader_of_schedule
from broadsheet.runs.rows import row_of
from broadsheet.schedules import queries as schedules
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.errors import ScheduleError
from broadsheet.schedules.models import Schedule
from broadsheet.sources.secured.clearance import require_cleared

PERSONAL = "unsubscribe"  # what channels to a person's own address can do


@transaction.atomic
def run_test(actor: Actor, name: str, *, recipient: str, address: str, now: datetime) -> Occurrence:
    """A run of kind “test”: what the recipient with the key *recipient* would get now, sent to *address* only.

    It goes through the schedule's e-mail channels and the inbox; folders and webhooks belong to others and get nothing.
    Raises ScheduleError for a schedule without such a channel, or a recipient who is not in its audience.
    """
    schedule = schedules.schedule(actor, name, "schedule.run")
    require(actor, "data.all")
    require_cleared(actor, reports.fields_of(reports.definition_of(reports.latest(schedule.report))))
    definition = schedules.definition_of(schedule)
    if not address:
        raise ScheduleError("A test goes to the asker's own address, and this asker has none. Sign in as a person.")
    reader = reader_of_schedule(actor, schedule, recipient, now=now)
    made = row_of(
        schedule,
        fire_at=now,
        now=now,
        kind="test",
        reason=f"A test by {actor.name}: what {reader.name} would get",
        requested_by=actor.name,
        definition=_to_me(definition, reader, channels=_personal(schedule, definition), address=address).stored(),
    )
    made.save(force_insert=True)
    record(actor, "schedule.tested", name, now=now, recipient=recipient)
    return made


def _personal(schedule: Schedule, definition: ScheduleDefinition) -> list[str]:
    kinds = dict(StoredChannel.objects.filter(organization_id=schedule.organization_id).values_list("name", "kind"))
    named = [one.channel for one in definition.channels if one.channel in kinds]
    found = [one for one in named if _personal_kind(kinds[one])]
    if not found:
        raise ScheduleError("This schedule sends neither e-mail nor to the inbox, so there is no test to send.")
    return found


def is_personal(channel: StoredChannel) -> bool:
    """Whether the channel sends to a person's own address."""
    return _personal_kind(channel.kind)


def _personal_kind(kind: str) -> bool:
    return kind == "portal" or PERSONAL in CHANNELS.get(kind).descriptor.capabilities


def _to_me(definition: ScheduleDefinition, reader: Reader, *, channels: list[str], address: str) -> ScheduleDefinition:
    me = {
        "key": reader.key, "name": reader.name, "address": address, "language": reader.language, "zone": reader.zone,
        "currency": reader.currency or "", "formats": list(reader.formats), "attributes": dict(reader.attributes),
    }  # fmt: skip
    plain = definition.model_dump(mode="json", by_alias=True)
    plain["audience"] = {"people": [me]}
    plain["channels"] = [one for one in plain["channels"] if one["channel"] in channels]
    return ScheduleDefinition.model_validate(plain)

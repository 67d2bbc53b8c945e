"""Who a schedule sends to, now: its audience's query asked, or its list read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from broadsheet.core.document.tables import Ask, Filter, Grouping
from broadsheet.core.policy import Reader
from broadsheet.schedules.audience import Audience, Fields, audience
from broadsheet.schedules.definition import AudienceDefinition
from broadsheet.sources.actions.ask import Request, answer_all

LIST_FIELDS = Fields("key", "name", "address", "language", "zone", "currency", "formats")


def recipients(
    organization_id: int, definition: AudienceDefinition, *, formats: list[str], as_of: datetime
) -> Audience:
    """Readers and invalid rows. The query runs unrestricted: it is the owner's list, and no row of it is sent.

    Raises the errors of `sources.errors`.
    """
    rows = _asked(organization_id, definition, as_of=as_of) if definition.dataset else _listed(definition)
    fields = definition.fields() if definition.dataset else _list_fields(definition)
    return audience(rows, fields, defaults=definition.recipient_defaults(), formats=formats)


def _asked(organization_id: int, definition: AudienceDefinition, *, as_of: datetime) -> list[dict[str, Any]]:
    fields = definition.fields()
    single = (fields.key, fields.name, fields.address, fields.language, fields.zone, fields.currency, fields.formats)
    columns = dict.fromkeys([name for name in (*single, *fields.attributes) if name])
    ask = Ask(
        definition.dataset,
        by=tuple(Grouping(name) for name in columns),
        filters=tuple(Filter(name, "=", value) for name, value in definition.where.items()),
        rows=True,
    )
    owner = Reader("audience", "", unrestricted=True)
    table = answer_all(organization_id, [Request("audience", ask, owner)], as_of=as_of)["audience"]
    return list(table.records())


def _listed(definition: AudienceDefinition) -> list[dict[str, Any]]:
    return [
        {
            **one.attributes,
            "key": one.key or one.address or one.name,
            "name": one.name, "address": one.address, "language": one.language, "zone": one.zone,
            "currency": one.currency, "formats": ",".join(one.formats),
        }
        for one in definition.people
    ]  # fmt: skip


def _list_fields(definition: AudienceDefinition) -> Fields:
    names = dict.fromkeys(name for one in definition.people for name in one.attributes)
    address = "address" if any(one.address for one in definition.people) else ""
    return Fields("key", "name", address, "language", "zone", "currency", "formats", tuple(names))

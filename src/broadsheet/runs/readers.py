"""Through whose eyes a report can be looked at: the recipients of the schedules that send it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from broadsheet.core.policy import Actor, Reader
from broadsheet.core.policy.roles import require
from broadsheet.schedules import queries as schedules
from broadsheet.schedules.errors import ScheduleError
from broadsheet.schedules.models import Schedule
from broadsheet.schedules.needs import lacked, needed_by, told, with_what_it_needs
from broadsheet.schedules.recipients import recipients
from broadsheet.sources.errors import SourceError

SHOWN = 10  # keys in one message


@dataclass(frozen=True, slots=True)
class Eyes:
    """A recipient: ``key`` is what `preview.reader_for` takes, ``name`` for people, ``schedule`` its title, and the
    ``language`` that the report will speak."""

    key: str
    name: str
    schedule: str
    language: str = ""


def readers_of(actor: Actor, report: str, *, now: datetime) -> list[Eyes]:
    """Recipients of every schedule over *report*, each key once, in the order of schedule and audience.

    A schedule whose audience cannot be read now is left out, and so is who lacks what the report's row rules compare:
    the list is an offer. Raises Refused.
    """
    require(actor, "data.all")
    wanted = needed_by(actor.organization_id, report)
    found: dict[str, Eyes] = {}
    for schedule in schedules.schedules(actor).filter(report__name=report):
        definition = schedules.definition_of(schedule)
        try:
            audience = recipients(actor.organization_id, definition.audience, as_of=now)
        except SourceError:
            continue
        for reader in with_what_it_needs(audience, wanted).readers:
            found.setdefault(
                reader.key, Eyes(reader.key, reader.name or reader.address, schedule.title, reader.language)
            )
    return list(found.values())


def reader_of_schedule(actor: Actor, schedule: Schedule, recipient: str, *, now: datetime) -> Reader:
    """The reader with the key or address *recipient* in the schedule's audience of this moment; the first of it when
    *recipient* is empty. Raises ScheduleError when there is none, when they lack what the report's row rules compare, or
    when the audience cannot be read, and Refused."""
    require(actor, "data.all")
    definition = schedules.definition_of(schedule)
    try:
        found = recipients(actor.organization_id, definition.audience, as_of=now)
    except SourceError as error:
        raise ScheduleError(f"The audience of “{schedule.name}” cannot be read. {error}") from error
    wanted = needed_by(actor.organization_id, definition.report)
    for reader in found.readers:
        if recipient in ("", reader.key, reader.address):
            if lacks := lacked(reader, wanted):
                raise ScheduleError(" ".join(told(lacks)))
            return reader
    who = f"no recipient “{recipient}”" if recipient else "no valid recipient"
    which = nearest(recipient, [reader.key for reader in found.readers]) if recipient else ""
    raise ScheduleError(f"“{schedule.name}” has {who} in its audience. Use a key or address of it. {which}".rstrip())


def nearest(asked: str, keys: Sequence[str]) -> str:
    """ "There are: b7, b1 and 12 more.", those most like *asked* first; "" for no keys."""
    wanted = asked.casefold()
    found = sorted(dict.fromkeys(keys), key=lambda key: -SequenceMatcher(None, wanted, key.casefold()).ratio())
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"There {'are' if len(found) > 1 else 'is'}: {', '.join(found[:SHOWN])}{more}." if found else ""

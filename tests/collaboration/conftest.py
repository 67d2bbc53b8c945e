"""People who were told something, and a mail channel in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.adapters.channels.memory import MemoryChannel
from tests.plugins.django import NOW, Cast

from broadsheet.collaboration.calendar_moved import KIND, CalendarMoved, MovedFiring, MovedSchedule

MONDAY, TUESDAY = datetime(2026, 11, 30, 13, tzinfo=UTC), datetime(2026, 12, 1, 13, tzinfo=UTC)
REASONS = {"en": "every Monday; moved from Monday 30 November 2026: stocktaking", "de": "jeden Montag; verschoben"}
MOVED = CalendarMoved(
    "ours", "Our <days>", "changed", "Amir",
    (
        MovedSchedule(
            "buyers-monday", "Purchases, Mondays", "America/New_York",
            (MovedFiring(MONDAY, TUESDAY, REASONS), MovedFiring(TUESDAY, None, {"en": "closed"}), MovedFiring(None, MONDAY, {})),
            more=4,
        ),
        MovedSchedule("second", "", "Europe/Berlin", trouble="calendar: there is no such calendar."),
    ),
    more=2,
)  # fmt: skip


@pytest.fixture
def tell(cast: Cast, organization: Any) -> Callable[..., Any]:
    """``tell("editor")`` tells the person of that role of a calendar that moved two schedules; the notification."""
    from broadsheet.collaboration.actions.notify import notify
    from broadsheet.collaboration.models import Notification

    def told(role: str = "editor", moved: CalendarMoved = MOVED, *, now: datetime = NOW) -> Any:
        person = getattr(cast, role)
        place = person.memberships.get().organization_id
        notify(place, [person.pk], kind=KIND, data=moved.stored(), link="/settings/calendars/ours/", now=now)
        return Notification.objects.filter(person=person).latest("pk")

    return told


class MemoryMail(MemoryChannel):
    """Takes what is for mail addresses."""

    descriptor = MemoryChannel.descriptor.__class__(
        id="memory-mail", label="Mail in memory", capabilities=frozenset({"unsubscribe"})
    )


@pytest.fixture
def mail(organization: Any) -> Iterator[MemoryMail]:
    """The channel, installed for this test, and kept in the organization under the name “mail”."""
    from broadsheet.delivery.models import StoredChannel
    from broadsheet.delivery.ports import CHANNELS

    channel = MemoryMail()
    CHANNELS.register(channel)
    StoredChannel.objects.create(organization=organization, name="mail", kind="memory-mail", updated_at=NOW)
    yield channel
    CHANNELS._loaded.pop("memory-mail")

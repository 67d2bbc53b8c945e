"""What can go wrong with schedules, one class per reaction of the caller."""

from __future__ import annotations


class ScheduleError(Exception):
    """What was asked for cannot be; the message says what to change. Its author must mend it."""


class UnknownSchedule(ScheduleError):
    """There is no such schedule in the organization."""


class NotNow(ScheduleError):
    """It cannot be as the schedule stands; the message says what to do instead."""


class UnknownCalendar(ScheduleError):
    """There is no such calendar in the organization."""


class NotFetched(ScheduleError):
    """The events of a calendar could not be fetched. Worth another try later."""


class EventError(ScheduleError):
    """The event cannot be taken; the message says what to send instead. Its sender must mend it."""


class UnknownEvent(ScheduleError):
    """There is no such event in the organization."""


class KeyUsed(ScheduleError):
    """The idempotency key stands for another request already. Its sender must use another."""


class TooManyCalls(ScheduleError):
    """More calls came to one trigger address than a schedule is started on purpose. Worth another try later."""

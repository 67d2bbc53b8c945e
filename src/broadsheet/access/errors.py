"""What can go wrong with people and tokens."""

from __future__ import annotations


class AccessError(Exception):
    """What was asked for cannot be; the message says how to mend it."""


class UnknownPerson(AccessError):
    """There is no such member in the organization."""


class UnknownToken(AccessError):
    """There is no such token in the organization, or it is not the asker's to end."""


class Conflict(AccessError):
    """It cannot be as things stand; the message says what to change first."""


class OwnersOnly(AccessError):
    """The asker's role is not enough; an owner can do it."""


class UnknownRole(AccessError):
    """There is no such role in the organization."""


class UnknownThing(AccessError):
    """There is no such team, contact, workspace or grant in the organization, or it is out of the asker's reach."""

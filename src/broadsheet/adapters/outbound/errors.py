"""What a call can come to without an answer. No message holds a path, a query, a header or a resolved address: those
may be secrets, and a refusal must not tell a stranger what the inner network looks like."""

from __future__ import annotations


class OutboundError(Exception):
    """There was no answer; the message says why, in a sentence for people."""


class Denied(OutboundError):
    """The address must not be called. Trying again does not help: a person corrects it, or the operator allows it."""


class Unreachable(OutboundError):
    """The other side could not be reached, proved not to be who it should be, or broke off. May work later."""


class TookTooLong(Unreachable):
    """The deadline passed, wherever the call had got to."""

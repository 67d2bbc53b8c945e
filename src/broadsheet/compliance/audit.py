"""The journal for an auditor: whether its chain holds, and all of it as lines that can be checked anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from broadsheet.compliance.actions.seal import Unsealable, seal
from broadsheet.compliance.chain import end_read, links, sealed, signed
from broadsheet.compliance.models import JournalEnd
from broadsheet.core.chain import Verdict, line_of, verify
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import require

NO_END = (
    "The hashes fit each other, but the note of where the chain ends was taken out of the database: nothing vouches for "
    "them, and nothing is sealed any more."
)
NOT_OURS = (
    "The hashes fit each other, but the note of where the chain ends was not written with this installation's secret key: "
    "somebody else wrote it, or the key is another now. Nothing is sealed any more."
)


def checked(actor: Actor, *, now: datetime, known: str = "") -> Verdict:
    """Whether the organization's journal is what was sealed; *known* is a hash that was noted earlier. Raises Refused.

    Whatever was done to the database is a fault of the verdict, never an exception.
    """
    require(actor, "journal.read")
    unsealable = _sealing(actor.organization_id, now=now)
    end = end_read(actor.organization_id)
    if end is None or not signed(end):
        found = _without_end(verify(links(actor.organization_id), known=known), end)
        return replace(found, fault=found.fault or unsealable)
    found = verify(links(actor.organization_id, to=end.seq), known=known)
    return replace(found, fault=found.fault or _fault_at(end, found) or _fault_behind(end) or unsealable)


def exported(actor: Actor, *, now: datetime) -> Iterator[str]:
    """The journal, oldest first, one JSON object a line: its number, its hash, and the record that the hash is over.

    What was tampered with is exported as it stands. Raises Refused, before the first line.
    """
    require(actor, "journal.read")
    _sealing(actor.organization_id, now=now)
    return (line_of(one) for one in links(actor.organization_id))


def end_of(actor: Actor) -> JournalEnd | None:
    """Where the organization's chain ends now; None before anything was sealed. Raises Refused."""
    require(actor, "journal.read")
    return end_read(actor.organization_id)


def _sealing(organization_id: int, *, now: datetime) -> str:
    """Seal what waits; what hinders it, in a sentence."""
    try:
        seal(organization_id, now=now)
    except Unsealable as error:
        return str(error)
    return ""


def _without_end(found: Verdict, end: JournalEnd | None) -> Verdict:
    """The verdict where nothing says reliably where the chain ends."""
    if end is None:
        return replace(found, fault=found.fault or (NO_END if found.count else ""))
    unsigned = "" if end.mac else _fault_at(end, found)  # from before ends were signed
    return replace(found, fault=found.fault or unsigned or NOT_OURS)


def _fault_at(end: JournalEnd, found: Verdict) -> str:
    if found.count != end.seq:
        return f"The end was cut off: the journal was sealed to number {end.seq}."
    if found.head != end.hash:
        return f"The hashes were made anew: number {end.seq} was sealed with another. Nothing says from which entry on."
    return ""


def _fault_behind(end: JournalEnd) -> str:
    """Numbers that nobody sealed. Others may seal meanwhile: their numbers come with an end that is as far."""
    last = sealed(end.organization_id).filter(seq__gt=end.seq).order_by("-seq").values_list("seq", flat=True).first()
    if last is None:
        return ""
    if not JournalEnd.objects.filter(organization_id=end.organization_id, seq__gte=last).exists():
        return f"Number {last} stands in the journal, which was sealed to number {end.seq}: it was put in, or the end put back."
    return ""

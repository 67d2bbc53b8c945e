"""`broadsheet notifications`: what people were told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from .instants import said as moment
from .output import console, fail, say_json
from .people import member
from .ready import machine_owner, ready

if TYPE_CHECKING:
    from broadsheet.collaboration.models import Notification


def notifications(
    person: Annotated[str, typer.Option("--as", help="Address of the person; else those of everybody.")] = "",
    unread: Annotated[bool, typer.Option("--unread", help="Only those that are not read yet.")] = False,
    mark_read: Annotated[bool, typer.Option("--mark-read", help="And all of that person's are read now.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 20,
    organization: Annotated[str, typer.Option("--organization", help="Its short name, where there are several.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """List what people were told, the newest first: which firings a calendar moved, and why. In each one's language."""
    ready()
    from broadsheet.collaboration import queries
    from broadsheet.collaboration.actions.mark_read import mark_all_read

    if mark_read and not person:
        fail("Nobody reads for everybody.", fix="Say whose notifications are read, with --as.")
    actor = machine_owner(organization)
    if person:
        actor = member(actor, person)
    rows = list(queries.notifications(actor, unread=unread)[:limit])
    told = [record(one) for one in rows]
    if mark_read:
        mark_all_read(actor, now=datetime.now(UTC))
    if as_json:
        say_json(told)
        return
    for one, facts in zip(rows, told, strict=True):
        new = "" if one.read_at else ", not read"
        console.print(f"{facts['subject']}", style="bold", markup=False, highlight=False, soft_wrap=True)
        console.print(f"{moment(one.created_at)} to {facts['person']}{new}", style="dim", markup=False, highlight=False)
        console.print(f"{facts['text']}\n", markup=False, highlight=False, soft_wrap=True)
    if not rows:
        console.print("All is read." if unread else "Nobody was told anything yet.")


def record(one: Notification) -> dict[str, object]:
    """A notification as JSON tells it."""
    from broadsheet.collaboration.wording import in_language_of, reader_zone, said

    with in_language_of(one.person, one.organization):
        words = said(one, zone=reader_zone(one.person, one.organization))
    mailing = getattr(one, "mailing", None)
    return {
        "id": one.pk,
        "kind": one.kind,
        "person": one.person.email,
        "subject": words.subject,
        "text": words.text(),
        "link": one.link,
        "data": one.data,
        "created_at": one.created_at.isoformat(),
        "read_at": one.read_at.isoformat() if one.read_at else None,
        "mail": {"state": mailing.state, "proof": mailing.proof} if mailing else None,
    }

"""What somebody may give to others, or to themselves: never more than they hold, nor where they do not hold it.

What holds only for things of one's own is nobody's to give for all of them, and a token gives no more than its scopes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from broadsheet.access.errors import OwnersOnly
from broadsheet.access.models import GrantedRole, Role
from broadsheet.access.things import READING, thing_of, things
from broadsheet.core.policy import Actor, Thing, may, may_somewhere
from broadsheet.core.policy.roles import granted, held_by, unscoped
from broadsheet.sources.queries import lifts


def givable(actor: Actor) -> frozenset[str]:
    """The permissions that *actor* can pass on in the whole organization."""
    held = held_by(actor) - actor.only_own
    return held if actor.scopes is None else held & actor.scopes


def require_all(actor: Actor, permissions: frozenset[str], what: str) -> None:
    """Raise OwnersOnly where *what*, such as “The role “x””, carries more than *actor* can pass on."""
    beyond = sorted(permissions - givable(actor))
    if beyond:
        lacks = (
            "this token may not give" if actor.scopes is not None else "you do not have, or for your own things alone"
        )
        raise OwnersOnly(f"{what} carries {', '.join(beyond)}, which {lacks}. Ask an owner.")


def require_on(actor: Actor, permissions: Iterable[str], thing: Thing, what: str) -> None:
    """As `require_all`, of what *actor* can pass on upon *thing*: there, another right elsewhere does not help."""
    beyond = [one for one in sorted(permissions) if not may(actor, one, thing)]
    if beyond:
        raise OwnersOnly(f"{what} carries more than you have on “{thing.name}”: {', '.join(beyond)}. Ask an owner.")


def require_on_each(
    actor: Actor, rows: Iterable[GrantedRole], carried: Mapping[str, frozenset[str]], what: str
) -> None:
    """As `require_on`, for each thing that a role of *rows* is granted on; *carried* are the permissions by role. What is
    out of the actor's reach is not named."""
    for kind, mine in _by_kind(rows).items():
        ids = {row.object_id for row in mine}
        seen = things(actor, kind).filter(pk__in=ids) if may_somewhere(actor, READING[kind]) else ()
        there = {one.pk: thing_of(actor, kind, one) for one in seen}
        for row in mine:
            if row.object_id not in there:
                raise OwnersOnly(f"{what} has roles on what you do not reach. Ask an owner or admin.")
            require_on(actor, granted(carried.get(row.role, frozenset())), there[row.object_id], what)


def require_rows(actor: Actor, what: str) -> None:
    """Raise OwnersOnly unless *actor* sees every row, and so may say which of them somebody else sees."""
    if not may(unscoped(actor), "data.all"):
        raise OwnersOnly(
            f"{what} decides which rows somebody gets, and you may not see all rows. Ask an owner or admin."
        )


def require_lifting(actor: Actor, attribute: str) -> None:
    """Raise OwnersOnly where *attribute*, such as “role.auditor”, lifts a row rule or mask that holds for *actor*."""
    if attribute in dict(actor.attributes) or may(unscoped(actor), "data.all"):
        return
    if lifts(actor.organization_id, attribute):
        raise OwnersOnly(f"“{attribute}” lifts a row rule or a mask that holds for you. Ask an owner or admin.")


def has_conditions(actor: Actor) -> bool:
    """Whether the actor's own role in the organization holds under conditions."""
    mine = Role.objects.filter(organization_id=actor.organization_id, name=actor.role)
    return any(mine.values_list("conditions", flat=True))


def _by_kind(rows: Iterable[GrantedRole]) -> dict[str, list[GrantedRole]]:
    found: dict[str, list[GrantedRole]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(row)
    return found

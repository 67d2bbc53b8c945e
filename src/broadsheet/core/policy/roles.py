"""Roles and the permissions that they carry; the answer to "may I?" is a value with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .actor import Actor
from .grants import ON_THINGS, Thing

READ = frozenset(
    {"report.read", "schedule.read", "delivery.read", "source.read", "channel.read", "brand.read", "person.read"}
)
VIEW = READ | {"report.render", "report.export"}
PUBLISH = VIEW | {"schedule.edit", "schedule.run", "delivery.resend", "contact.read"}
EDIT = PUBLISH | {"report.edit", "source.edit", "brand.edit", "data.all", "data.confidential"}
ADMIN = EDIT | {
    "data.restricted",
    "channel.edit",
    "source.secrets",
    "source.rules",
    "dataset.certify",
    "person.edit",
    "person.view_as",
    "role.edit",
    "workspace.edit",
    "workspace.all",
    "contact.edit",
    "token.edit",
    "journal.read",
    "mail.read",
    "definition.apply",
    "operation.steer",
}

ROLES: dict[str, frozenset[str]] = {
    "owner": ADMIN,
    "admin": ADMIN,
    "editor": EDIT,
    "publisher": PUBLISH,
    "viewer": VIEW,
    "system": ADMIN,
}
GIVEN = tuple(role for role in ROLES if role != "system")
"""Built-in roles that a person can have."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or not, and why, in a sentence that may be shown to the asker."""

    allowed: bool
    reason: str

    def __bool__(self) -> bool:
        return self.allowed


class Refused(PermissionError):
    """The act is not allowed; carries the decision. The asker can't retry it; someone with the right role can."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.reason)
        self.decision = decision


def permissions_of(role: str) -> frozenset[str]:
    """Permissions of the built-in *role*; an unknown role has none."""
    return ROLES.get(role, frozenset())


def held_by(actor: Actor) -> frozenset[str]:
    """What the actor's role in the organization carries now, scopes aside."""
    return permissions_of(actor.role) if actor.permissions is None else actor.permissions


def held_anywhere(actor: Actor) -> frozenset[str]:
    """What the actor holds in the organization or on a single thing in it, scopes aside."""
    return held_by(actor).union(*(grant.permissions for grant in actor.grants))


def hidden_classes(actor: Actor) -> tuple[str, ...]:
    """The classes of sensitivity whose fields *actor* does not see."""
    return tuple(one for one in ("confidential", "restricted") if not may(actor, f"data.{one}"))


def unscoped(actor: Actor) -> Actor:
    """The actor without the limits of a token: for what a definition may name, which the token's own act has allowed."""
    return actor if actor.looking_as else replace(actor, scopes=None)


def may(actor: Actor, permission: str, thing: Thing | None = None) -> Decision:
    """Whether *actor* holds *permission* in the whole organization, or on *thing*: by role, by grants on it, and then by the
    token's scopes."""
    if actor.scopes is not None and permission not in actor.scopes:
        return _out_of_scope(actor, permission)
    if thing is None:
        return _by_role(actor, permission)
    for grant in actor.grants:
        if (grant.kind, grant.object_id) in thing.keys and permission in grant.permissions:
            through = f" by the team “{grant.through}”" if grant.through else ""
            where = "it" if grant.kind == thing.kind else f"its {grant.kind}"
            return Decision(True, f"The role “{grant.role}” on {where}{through} includes “{permission}”.")
    found = _by_role(actor, permission)
    if not found:
        return found
    if permission in actor.only_own and thing.owner_id != actor.user_id:
        said = f"The role “{actor.role}” includes “{permission}” only for what one owns, and “{thing.name}” is somebody else’s."
        return Decision(False, f"{said} Ask its owner.")
    if not (thing.open or "workspace.all" in held_by(actor)):
        said = f"“{thing.name}” stands in a closed workspace, and no role there carries “{permission}” for {actor.own_name}."
        return Decision(False, f"{said} Ask an owner or admin.")
    return found


def may_somewhere(actor: Actor, permission: str) -> Decision:
    """Whether *actor* holds *permission* in the organization, or on at least one thing in it; what is asked for next must
    be narrowed to those things (`access.reach`)."""
    found = may(actor, permission)
    if found or (actor.scopes is not None and permission not in actor.scopes):
        return found
    if any(permission in grant.permissions for grant in actor.grants):
        return Decision(True, f"A grant on something includes “{permission}”.")
    return found


def require(actor: Actor, permission: str, thing: Thing | None = None) -> None:
    """Raise Refused unless *actor* holds *permission*, in the organization or on *thing*."""
    decision = may(actor, permission, thing)
    if not decision:
        raise Refused(decision)


def require_for_all(actor: Actor, permission: str) -> None:
    """Raise Refused unless *actor* holds *permission* in the organization, and not for what they own alone: for acts that
    reach what belongs to others."""
    require(actor, permission)
    if permission in actor.only_own:
        said = f"The role “{actor.role}” includes “{permission}” only for what one owns, and this is everybody's."
        raise Refused(Decision(False, f"{said} Ask an owner or admin."))


def require_somewhere(actor: Actor, permission: str) -> None:
    """Raise Refused unless `may_somewhere`."""
    decision = may_somewhere(actor, permission)
    if not decision:
        raise Refused(decision)


def granted(permissions: frozenset[str]) -> frozenset[str]:
    """What of a role's *permissions* a grant on a thing gives."""
    return permissions & ON_THINGS


def _by_role(actor: Actor, permission: str) -> Decision:
    if permission in held_by(actor):
        limited = ", only for what one owns" if permission in actor.only_own else ""
        return Decision(True, f"The role “{actor.role}” includes “{permission}”{limited}.")
    why = dict(actor.withheld).get(permission)
    if why:
        return Decision(False, f"The role “{actor.role}” includes “{permission}”, but not now: {why}")
    return Decision(False, f"The role “{actor.role}” does not include “{permission}”. Ask an owner or admin.")


def _out_of_scope(actor: Actor, permission: str) -> Decision:
    if actor.looking_as:
        return Decision(
            False, "You are looking through somebody else's eyes, and nothing can be changed so. Stop first."
        )
    return Decision(False, f"This token's scopes do not include “{permission}”. Make a token that has it.")

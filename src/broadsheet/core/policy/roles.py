"""Roles and the permissions that they carry; the answer to "may I?" is a value with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from .actor import Actor

READ = frozenset(
    {"report.read", "schedule.read", "delivery.read", "source.read", "channel.read", "brand.read", "person.read"}
)
EDIT = READ | {
    "report.edit", "report.render", "schedule.edit", "schedule.run", "delivery.resend", "source.edit", "brand.edit",
}  # fmt: skip
ADMIN = EDIT | {
    "channel.edit",
    "source.secrets",
    "source.rules",
    "person.edit",
    "token.edit",
    "journal.read",
    "mail.read",
    "definition.apply",
}

ROLES: dict[str, frozenset[str]] = {
    "owner": ADMIN,
    "admin": ADMIN,
    "editor": EDIT,
    "viewer": READ | {"report.render"},
    "system": ADMIN,
}


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
    """Permissions of *role*; an unknown role has none."""
    return ROLES.get(role, frozenset())


def may(actor: Actor, permission: str) -> Decision:
    """Whether *actor* holds *permission*, by role and then by the token's scopes."""
    if permission not in permissions_of(actor.role):
        return Decision(False, f"The role “{actor.role}” does not include “{permission}”. Ask an owner or admin.")
    if actor.scopes is not None and permission not in actor.scopes:
        return Decision(False, f"This token's scopes do not include “{permission}”. Make a token that has it.")
    return Decision(True, f"The role “{actor.role}” includes “{permission}”.")


def require(actor: Actor, permission: str) -> None:
    """Raise Refused unless *actor* holds *permission*."""
    decision = may(actor, permission)
    if not decision:
        raise Refused(decision)

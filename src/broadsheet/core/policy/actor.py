"""The one who acts: a person, a token's holder or the system itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks for an act, within one organization.

    ``organization_id`` is the tenant that every query is limited to; ``user_id`` is None for the system;
    ``role`` is a key of :data:`broadsheet.core.policy.roles.ROLES`; ``scopes`` limits a token further (None: no
    limit beyond the role); ``via`` is ``page``, ``api``, ``cli``, ``file`` or ``system``; ``name`` is for the journal.
    """

    organization_id: int
    user_id: int | None
    name: str
    role: str
    via: str
    scopes: frozenset[str] | None = None

"""The one who acts: a person, a token's holder, a service or the system itself."""

from __future__ import annotations

from dataclasses import dataclass

from .grants import Grant
from .reader import Scalar


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks for an act, within one organization.

    ``organization_id`` is the tenant that every query is limited to; ``user_id`` is None for the system;
    ``role`` is the key of a role; ``scopes`` limits a token further (None: no limit beyond the role); ``via`` is
    ``page``, ``api``, ``cli``, ``file``, ``feed`` or ``system``; ``name`` is for the journal.

    ``permissions`` are what a role of the organization's own carries (None: the role is a built-in one), those that its
    conditions keep back now left out: ``withheld`` names these with the reason, and ``only_own`` those that hold only on
    what the actor owns. ``grants`` are roles on single things. ``attributes`` are what row rules and masks compare.
    ``looking_as`` is the one who looks through this person's eyes, empty for the person: nothing can be changed so.
    ``address`` is where the asker is, empty where that cannot be told.
    """

    organization_id: int
    user_id: int | None
    name: str
    role: str
    via: str
    scopes: frozenset[str] | None = None
    permissions: frozenset[str] | None = None
    withheld: tuple[tuple[str, str], ...] = ()
    only_own: frozenset[str] = frozenset()
    grants: tuple[Grant, ...] = ()
    attributes: tuple[tuple[str, Scalar], ...] = ()
    looking_as: str = ""
    address: str = ""

    @property
    def own_name(self) -> str:
        """The name of whose rights these are, without the one who looks through their eyes."""
        return self.name.removeprefix(f"{self.looking_as} as ") if self.looking_as else self.name

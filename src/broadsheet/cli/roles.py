"""`broadsheet role`: built-in roles and those of the organization's own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from .named import Named, add_commands

if TYPE_CHECKING:
    from broadsheet.core.policy import Actor

role = typer.Typer(
    help="Roles, and what they carry. Make and change them with “broadsheet apply”.", no_args_is_help=True
)


def _rows(actor: Actor) -> list[dict[str, Any]]:
    from broadsheet.access.rosters import Use, role_use, roles

    use = role_use(actor)
    return [
        {
            "name": one.name, "built_in": one.pk is None, "label": one.label, "description": one.description,
            "permissions": one.permissions, "conditions": one.conditions,
            "members": use.get(one.name, Use(0, 0)).members, "grants": use.get(one.name, Use(0, 0)).grants,
            "own": one.pk is not None, "carries": len(one.permissions),
        }
        for one in roles(actor)
    ]  # fmt: skip


def _data(actor: Actor, name: str) -> dict[str, Any]:
    from broadsheet.access.actions.roles import role_data
    from broadsheet.access.rosters import role as found

    return role_data(found(actor, name))


def _remove(actor: Actor, name: str, now: datetime) -> None:
    from broadsheet.access.actions.roles import remove_role

    remove_role(actor, name, now=now)


add_commands(role, Named("role", ("name", "own", "carries", "members", "grants", "description"), _rows, _data, _remove))

"""What every page shows around its content: who is here, whose place it is, and the clocks."""

from __future__ import annotations

from django.http import HttpRequest

from broadsheet.access.queries import organization_of


def shell(request: HttpRequest) -> dict[str, object]:
    """``actor`` and ``organization`` for signed-in people; both None elsewhere."""
    actor = getattr(request, "actor", None)
    return {"actor": actor, "organization": organization_of(actor) if actor else None}

"""What every page shows around its content: who is here, whose place it is, the clocks and what waits for them."""

from __future__ import annotations

from django.http import HttpRequest

from broadsheet.web.pages.shell.desk import Desk


def shell(request: HttpRequest) -> dict[str, object]:
    """``actor`` and ``organization`` of signed-in people, None elsewhere; ``shell`` for `base.html`, asked when used."""
    actor = getattr(request, "actor", None)
    organization = getattr(request, "organization", None)
    return {"actor": actor, "organization": organization, "shell": Desk(request) if actor else None}

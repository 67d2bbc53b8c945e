"""What every page shows around its content: who is here, whose place it is, the clocks and what waits for them."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import get_language

from broadsheet.web.pages.shell.desk import Desk


def shell(request: HttpRequest) -> dict[str, object]:
    """``actor`` and ``organization`` of signed-in people, None elsewhere; ``shell`` for `base.html`, asked when used;
    ``LANGUAGE_CODE``, the page's own language."""
    actor = getattr(request, "actor", None)
    organization = getattr(request, "organization", None)
    desk = Desk(request) if actor else None
    return {"actor": actor, "organization": organization, "shell": desk, "LANGUAGE_CODE": get_language()}

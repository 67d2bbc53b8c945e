"""Parameters of a report in a query string: ``p.period=last month``."""

from __future__ import annotations

from django.http import HttpRequest

MARK = "p."


def given(request: HttpRequest) -> dict[str, str]:
    """Each ``p.name=value`` of the query string; the last one of a name counts."""
    return {name.removeprefix(MARK): str(value) for name, value in request.GET.items() if name.startswith(MARK)}

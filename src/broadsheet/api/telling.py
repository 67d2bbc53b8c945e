"""What the OpenAPI document says of an operation, written where the operation stands."""

from __future__ import annotations

from typing import Any

PERMISSIONS = "x-permissions"
STATUSES = "x-statuses"


def told(
    operation_id: str,
    summary: str,
    *,
    permission: str,
    response: Any,
    conflict: bool = False,
    missing: bool = False,
    **extra: Any,
) -> dict[str, Any]:
    """Keyword arguments for a router's method. ``permission`` is what the acts themselves ask for, with blanks between
    several (empty: only to be known); a test holds the two against each other. ``conflict`` says that 409 may
    come, ``missing`` that 404 may come for what the body names."""
    notes: dict[str, Any] = {PERMISSIONS: permission.split(), STATUSES: [409] * conflict + [404] * missing}
    return {
        "operation_id": operation_id,
        "summary": summary,
        "response": response,
        "by_alias": True,
        "openapi_extra": {**notes, **extra},
    }


def file_of(*, ranges: bool = False) -> dict[str, Any]:
    """``responses`` of an operation that answers with bytes, whose kind is its format's."""
    content = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    found: dict[str, Any] = {"200": {"description": "The file.", "content": content}}
    if ranges:
        found["206"] = {"description": "The part that `Range` asks for.", "content": content}
        found["304"] = {"description": "Unchanged since `If-None-Match`."}
    return found

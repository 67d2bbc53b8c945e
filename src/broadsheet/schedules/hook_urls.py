"""Trigger addresses; `api.resources.calls` answers there."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings


def hook_url(hook_id: UUID) -> str:
    """The whole address of a hook. It is no secret: what opens it is a signature."""
    return f"{settings.BASE_URL}/api/v1/hooks/{hook_id}"

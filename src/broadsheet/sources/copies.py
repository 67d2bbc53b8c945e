"""The settings of a source as its engine needs them: with the folder of its copy, where it has one."""

from __future__ import annotations

from .copying import FOLDER, copying, folder_of
from .models import Source


def located(source: Source) -> dict[str, object]:
    """The source's settings, and where its copy lies."""
    settings = {key: value for key, value in source.settings.items() if key != FOLDER}
    if copying(source.engine) is None:
        return settings
    return settings | {FOLDER: str(folder_of(source.organization_id, source.pk or 0))}

"""The installation's artifact store, as its settings name it."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from broadsheet.access.sealed import keyring
from broadsheet.runs.ports import STORES, ArtifactStore


@lru_cache(maxsize=1)
def artifact_store() -> ArtifactStore:
    """Safe to share between threads."""
    return STORES.get(settings.ARTIFACT_STORE).at(settings.ARTIFACT_SETTINGS, keyring=keyring())

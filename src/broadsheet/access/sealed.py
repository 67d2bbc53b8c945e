"""Secrets of sources and channels: kept as sealed text, opened only where they are used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings

from broadsheet.keyring import Keyring


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    """The installation's keyring."""
    return Keyring.from_file(settings.KEYRING, create=True)


def seal(secrets: Mapping[str, str], *, purpose: str) -> str:
    """*secrets* as sealed text; no secrets give an empty one. *purpose* binds the text to its row."""
    return keyring().seal(json.dumps(dict(secrets)).encode(), purpose=purpose) if secrets else ""


def unseal(text: str, *, purpose: str) -> dict[str, str]:
    """What `seal` sealed for the same *purpose*."""
    return dict(json.loads(keyring().unseal(text, purpose=purpose))) if text else {}

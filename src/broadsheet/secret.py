"""The secret key: from the environment or from the installation's own file, never missing, never one that others know."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from broadsheet.variables import variable

NAME = "secret.key"
SHORTEST = 32  # characters; Django's own are 50
# Keys that stand in tutorials, images and templates of the world, in small letters.
KNOWN = ("change-me", "changeme", "change_me", "secret", "django-insecure", "thisisaninsecuresecretkey", "your-secret-key", "your_own_random_generated_secret_key")  # fmt: skip


class SecretMissing(RuntimeError):
    """There is no key that can be trusted; the message says how to make one."""


def secret_key(folder: Path) -> str:
    """The key that sessions and links are signed with. Raises SecretMissing for none, a short one or a known one, and
    VariableUnclear."""
    key = variable("BROADSHEET_SECRET_KEY")
    file = folder / NAME
    if not key and file.is_file():
        key = file.read_text("utf-8").strip()
    if not key:
        raise SecretMissing(
            f"There is no secret key. Set BROADSHEET_SECRET_KEY, or run “broadsheet key” once, which writes {file}."
        )
    plain = key.lower()
    if any(known in plain for known in KNOWN) or len(key) < SHORTEST or len(set(key)) < 10:
        raise SecretMissing(
            "The secret key is one that others may know, or too short. Make a fresh one with “broadsheet key”."
        )
    return key


def make_key(folder: Path) -> Path:
    """The file with the key; written with a fresh one (readable by its owner alone) when there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / NAME
    if not file.exists():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as target:
            target.write(secrets.token_urlsafe(50) + "\n")
    return file

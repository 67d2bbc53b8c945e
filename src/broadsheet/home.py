"""Where everything of an installation lives: one folder, named by ``BROADSHEET_HOME``."""

from __future__ import annotations

import os
from pathlib import Path

DEFAULT = "~/.local/share/broadsheet"


def home() -> Path:
    """The folder, absolute; it need not exist yet."""
    return Path(os.environ.get("BROADSHEET_HOME") or DEFAULT).expanduser().resolve()

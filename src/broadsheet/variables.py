"""Variables of the environment that may be secret: said outright, or in a file that the variable ``…_FILE`` names.

Containers are handed secrets as files, which no listing of processes and no crash report shows. The file's content counts
without blanks and line ends around it. What is not secret is read from the environment where it is needed.
"""

from __future__ import annotations

import os
from pathlib import Path


class VariableUnclear(ValueError):
    """A variable is said twice, or its file cannot be read; the message says how to mend it."""


def variable(name: str) -> str:
    """What the variable *name* says, or the file that *name*_FILE names; empty when neither is set. Raises
    VariableUnclear."""
    said, file = os.environ.get(name, "").strip(), os.environ.get(f"{name}_FILE", "").strip()
    if not file:
        return said
    if said:
        raise VariableUnclear(f"{name} and {name}_FILE are both set. Leave one of them out.")
    try:
        found = Path(file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise VariableUnclear(
            f"{name}_FILE names {file}, which cannot be read: {reason}. Name a file that this process may read."
        ) from None
    if not found:
        raise VariableUnclear(f"{name}_FILE names {file}, which is empty. Write the value into it.")
    return found

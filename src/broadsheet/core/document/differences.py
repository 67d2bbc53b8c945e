"""What differs between two texts, line by line."""

from __future__ import annotations

import difflib


def difference(old: str, new: str) -> str:
    """Lines taken out (``-``) and put in (``+``), each with two around it; empty for equal texts."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), "now", "then", lineterm="", n=2)
    return "\n".join(list(lines)[2:])

"""Plain data as bytes, the same for the same data wherever it comes from: the idea of RFC 8785, for what JSON holds."""

from __future__ import annotations

import json


def canonical(value: object) -> bytes:
    """*value* (mappings with texts as keys, lists, texts, numbers, booleans, None) as UTF-8 JSON: keys sorted by their
    code points, no blanks, nothing escaped that need not be. Raises ValueError for infinities, TypeError for other kinds."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "surrogatepass")

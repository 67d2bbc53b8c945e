"""HTML of a mail as a page of its own, for an iframe: nothing in it runs, nothing is fetched, its pictures go along.

The page stands in a sandbox, whose origin is nobody's, so that the session's cookie would not come with a picture's
request: pictures that the HTML names by ``cid:`` are therefore written into it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from urllib.parse import unquote

from django.http import HttpResponse

SANDBOX = "allow-popups allow-popups-to-escape-sandbox"  # a link opens in a tab of its own; no script, form or origin
POLICY = f"sandbox {SANDBOX}; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"})  # in <img> no SVG runs
_CID = re.compile(r"""(["'(=]\s*)cid:([^"')\s>]+)""", re.IGNORECASE)
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
_TAB = '<base target="_blank">'


def letter(html: str, pictures: Mapping[str, tuple[str, bytes]]) -> HttpResponse:
    """*html* as it came, with *pictures* (media type and bytes by cid) in their places."""
    page = _CID.sub(lambda found: found[1] + _data(unquote(found[2]), pictures), html)
    head = _HEAD.search(page)
    at = head.end() if head else 0
    response = HttpResponse(page[:at] + _TAB + page[at:], content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def _data(cid: str, pictures: Mapping[str, tuple[str, bytes]]) -> str:
    media_type, data = pictures.get(cid, ("", b""))
    if media_type not in PICTURES:
        return "data:,"
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"

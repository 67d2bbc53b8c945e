"""Bytes that go out as files: never shown by a browser, never guessed about, never run beside our pages."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.utils.http import content_disposition_header

UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+')


def download(data: bytes, *, filename: str, media_type: str) -> HttpResponse:
    """*data* as an attachment. *filename* may come from anywhere: what a file system or a browser could take for more
    than a name is replaced."""
    name = UNSAFE.sub("-", filename).strip(". -")[-150:] or "file"
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response

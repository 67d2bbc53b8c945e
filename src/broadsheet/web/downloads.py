"""Bytes that go out as files: never shown by a browser, never guessed about, never run beside our pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

Answer = TypeVar("Answer", bound=HttpResponseBase)
UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+')


def download(data: bytes, *, filename: str, media_type: str) -> HttpResponse:
    """*data* as an attachment. *filename* may come from anywhere: what a file system or a browser could take for more
    than a name is replaced."""
    return _as_file(HttpResponse(data, content_type=media_type), filename)


def stream(lines: Iterable[str], *, filename: str, media_type: str) -> StreamingHttpResponse:
    """As `download`, of text that is made while it goes."""
    parts = (line.encode() for line in lines)
    return _as_file(StreamingHttpResponse(parts, content_type=media_type), filename)


def _as_file(response: Answer, filename: str) -> Answer:
    name = UNSAFE.sub("-", filename).strip(". -")[-150:] or "file"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response

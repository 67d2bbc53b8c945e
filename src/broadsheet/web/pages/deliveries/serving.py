"""A kept file over HTTP: with its hash as ETag, by range, never shown by the browser (RFC 9110, sections 8.8.3, 13, 14).

Who may have it has been decided before (`delivery.actions.open_file`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from broadsheet.delivery.actions.open_file import Opened
from broadsheet.runs.ports import ArtifactStore
from broadsheet.web.downloads import download

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)  # longer numbers are no place in any file


class Unsatisfiable(ValueError):
    """The range begins after the last byte."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes from ``first`` to ``last``, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def serve(request: HttpRequest, opened: Opened, *, store: ArtifactStore) -> HttpResponse:
    """The whole, a part, or word that the client's copy is still right. Raises StoreError when it cannot be read."""
    etag = f'"{opened.sha256}"'
    if _matches(request.headers.get("If-None-Match", ""), etag):
        return _marked(HttpResponse(status=304), etag)
    try:
        part = _asked(request, opened, etag)
    except Unsatisfiable:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{opened.size}"
        return _marked(response, etag)
    with store.open(opened.sha256) as kept:
        kept.seek(part.first if part else 0)
        data = b"" if request.method == "HEAD" else kept.read(part.length if part else -1)
    response = download(data, filename=opened.filename, media_type=opened.media_type)
    response["Content-Length"] = str(part.length if part else opened.size)
    if part:
        response.status_code = 206
        response["Content-Range"] = f"bytes {part.first}-{part.last}/{opened.size}"
    return _marked(response, etag)


def stretch(header: str, *, size: int) -> Stretch | None:
    """The one range that *header* asks for; None for none, for several and for what is no range of bytes, which are
    all answered with the whole. Raises Unsatisfiable."""
    found = RANGE.fullmatch(header.replace(" ", ""))
    if found is None or not any(found.groups()):
        return None
    begin, end = found.groups()
    if not begin:  # the last so many
        if int(end) == 0 or size == 0:
            raise Unsatisfiable
        return Stretch(max(0, size - int(end)), size - 1)
    if end and int(end) < int(begin):
        return None
    if int(begin) >= size:
        raise Unsatisfiable
    return Stretch(int(begin), min(int(end), size - 1) if end else size - 1)


def _asked(request: HttpRequest, opened: Opened, etag: str) -> Stretch | None:
    condition = request.headers.get("If-Range", "")
    if request.method != "GET" or (condition and condition != etag):
        return None  # another state of it than the client has begun: all of it
    return stretch(request.headers.get("Range", ""), size=opened.size)


def _matches(header: str, etag: str) -> bool:
    known = [one.strip().removeprefix("W/") for one in header.split(",")]
    return header.strip() == "*" or etag in known


def _marked(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-cache"  # a copy may be kept, and the right to it is asked for each time
    response["Vary"] = "Cookie"
    return response

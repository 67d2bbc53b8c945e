"""Pages for what went wrong: refused, not there, broken. None of them tells more than the asker may know."""

from __future__ import annotations

import logging
import sys
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 with the reason that the decision gave."""
    return render(request, "403.html", {"reason": str(exception or ""), "looking_as": _looking_as(request)}, status=403)


def _looking_as(request: HttpRequest) -> bool:
    """Whether somebody looks through others' eyes, so that the page must offer the end of it."""
    return bool(getattr(getattr(request, "actor", None), "looking_as", ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same words for what never was, what is gone and what belongs to others."""
    return render(request, "404.html", {"request_path": request.path}, status=404)


def not_a_page(request: HttpRequest, *, allow: str) -> HttpResponse:
    """405: an address that only takes a form (*allow*: its methods), as an old link or a reload leads to it."""
    reason = _(
        "Nothing can be read at this address: a button sends something here. Go back and press the button again."
    )
    response = render(request, "405.html", {"reason": reason}, status=405)
    response["Allow"] = allow
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself cannot be read."""
    reason = _("The request could not be read. Go back, load the page again and repeat what you did.")
    return render(request, "403.html", {"reason": reason}, status=400)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token: an old tab, or another site's attempt."""
    log.warning("a form came without its token action=csrf path=%s reason=%s", request.path, reason)
    words = _("This form was opened too long ago, or not from here. Load the page again and repeat what you did.")
    return render(request, "403.html", {"reason": words}, status=403)


def away(request: HttpRequest, exception: Exception) -> HttpResponse:
    """503: the database does not answer; the same page as `broken`, but for machines in front to come again."""
    log.error("the database is away action=page path=%s", request.path, exc_info=exception)
    response = HttpResponse(get_template("500.html").render({"away": True}), status=503)
    response["Retry-After"] = "5"
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """500 with a number under which the log has the whole story. Asks nothing that may be what broke."""
    reference = uuid4().hex[:8]
    log.error(
        "a page failed action=page reference=%s method=%s path=%s", reference, request.method, request.path,
        exc_info=sys.exc_info(),
    )  # fmt: skip
    return HttpResponse(get_template("500.html").render({"reference": reference}), status=500)

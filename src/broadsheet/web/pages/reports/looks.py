"""Style sheets that follow the organization's brand, and the script of reports: files with a fingerprint, kept long."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from broadsheet.core.markup import script, stylesheet
from broadsheet.core.theme import DEFAULT, Theme
from broadsheet.reports.queries import theme_of, themes
from broadsheet.web.access_rules import anyone, member

KEEP = "private, max-age=31536000, immutable"


@require_safe
@anyone
def brand_css(request: HttpRequest) -> HttpResponse:
    """The accent of the reader's organization for the pages; the product's own before sign-in. Asked for with each
    page and answered by 304, so that a new accent shows at once."""
    actor = getattr(request, "actor", None)
    theme = theme_of(actor.organization_id) if actor else DEFAULT
    css = _properties(theme)
    response = _answer(request, css, "text/css", cache="private, no-cache")
    patch_vary_headers(response, ["Cookie"])
    return response


@require_safe
@member("report.read")
def report_css(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """The style sheet of reports in one of the organization's brands."""
    for theme in themes(request.actor.organization_id):  # type: ignore[attr-defined]
        css, found = sheet(theme)
        if found == fingerprint:
            return _answer(request, css, "text/css", cache=KEEP)
    raise Http404


@require_safe
@anyone
def report_js(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """The script of interactive charts and tables, the same for everybody."""
    if fingerprint != script_fingerprint():
        raise Http404
    return _answer(request, script(), "text/javascript", cache=KEEP.replace("private", "public"))


@lru_cache(maxsize=64)
def sheet(theme: Theme) -> tuple[str, str]:
    """The style sheet of reports in *theme*, and its fingerprint."""
    css = stylesheet(theme)
    return css, fingerprint_of(css)


@lru_cache(maxsize=1)
def script_fingerprint() -> str:
    """Of the script as this release has it."""
    return fingerprint_of(script())


def fingerprint_of(text: str) -> str:
    """Sixteen hex digits that change with *text*."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _properties(theme: Theme) -> str:
    light, dark = theme.light, theme.dark
    return (
        f":root{{--brand-light:{light.accent};--brand-dark:{dark.accent};"
        f"--brand-on-light:{light.paper};--brand-on-dark:{dark.paper}}}\n"
    )


def _answer(request: HttpRequest, text: str, kind: str, *, cache: str) -> HttpResponse:
    etag = f'"{fingerprint_of(text)}"'
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response["ETag"], response["Cache-Control"] = etag, cache
    return response

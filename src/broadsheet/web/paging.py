"""Long lists in pages of a fixed length, with the words and addresses of `components/pager.html`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Sheet(Generic[M]):
    """One page of a list: its rows, how many there are in all, and the pager's variables (None for a single page)."""

    rows: list[M]
    total: int
    pager: dict[str, str] | None


def words_of(request: HttpRequest) -> str:
    """What ``?q=`` filters a list by; without NUL, which PostgreSQL refuses even to compare with."""
    return request.GET.get("q", "").replace("\0", "").strip()


def sheet(request: HttpRequest, found: QuerySet[M], *, length: int = 50) -> Sheet[M]:
    """The page of *found* that ``?page=`` asks for; a number that is none, or too high, gives the nearest."""
    page = Paginator(found, length).get_page(request.GET.get("page"))
    total = page.paginator.count
    return Sheet(list(page.object_list), total, pager(request, request.path, page.number, total=total, length=length))


def pager(request: HttpRequest, path: str, number: int, *, total: int, length: int) -> dict[str, str] | None:
    """The pager's variables for the page *number*, from 1, of *total* rows that stand at *path*; None for a single page."""
    if total <= length:
        return None
    last = min(number * length, total)
    text = _("%(first)d to %(last)d of %(total)d") % {
        "first": (number - 1) * length + 1, "last": last, "total": total,
    }  # fmt: skip
    newer = _address(request, path, number - 1) if number > 1 else ""
    older = _address(request, path, number + 1) if last < total else ""
    return {"text": text, "newer": newer, "older": older}


def _address(request: HttpRequest, path: str, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"{path}?{query.urlencode()}"

"""The names of addresses that the navigation asks for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest) -> HttpResponse:
    """Never asked: the gallery is served as it was rendered."""
    return HttpResponse()


PAGES = (
    "today",
    "reports",
    "schedules",
    "deliveries",
    "data",
    "mail",
    "operations",
    "settings",
    "settings-account",
    "notifications",
)
urlpatterns = [path("", include(([path(f"{name}/", nothing, name=name) for name in PAGES], "web")))]

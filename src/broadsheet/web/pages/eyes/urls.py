"""Addresses of looking as somebody else, and of the check of access."""

from __future__ import annotations

from django.urls import URLPattern, path

from .checking import check
from .looking import look_as, stop

urlpatterns: list[URLPattern] = [
    path("look-as/", look_as, name="look-as"),
    path("look-as/stop/", stop, name="look-as-stop"),
    path("settings/access/", check, name="settings-access"),
]

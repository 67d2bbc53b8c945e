"""Addresses of what is held."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import deciding, listing

urlpatterns: list[URLPattern] = [
    path("operations/held/", listing.page, name="held"),
    path("operations/held/look/", deciding.look, name="held-look"),
    path("operations/held/decide/", deciding.decide_on, name="held-decide"),
]

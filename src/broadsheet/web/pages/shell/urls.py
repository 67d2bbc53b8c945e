"""Addresses of what every page uses."""

from __future__ import annotations

from django.urls import URLPattern, path

from .places import places

urlpatterns: list[URLPattern] = [path("places.json", places, name="places")]

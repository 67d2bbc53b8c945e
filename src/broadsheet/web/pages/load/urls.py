"""Addresses of the load to come."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("operations/load/", views.load, name="load"),
    path("operations/load/spread/", views.spread, name="load-spread"),
]

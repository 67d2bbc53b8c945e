"""Addresses of runs."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import deciding, views, waiting

urlpatterns: list[URLPattern] = [
    path("runs/<uuid:key>/", views.run, name="run"),
    path("runs/<uuid:key>/progress/", views.progress, name="run-progress"),
    path("runs/<uuid:key>/go-ahead/", waiting.go, name="run-go-ahead"),
    path("runs/<uuid:key>/stop/", views.stop_run, name="run-stop"),
    path("runs/<uuid:key>/resend/", views.resend, name="run-resend"),
    path("runs/<uuid:key>/hold/", deciding.hold, name="run-hold"),
    path("runs/<uuid:key>/release/", deciding.release_run, name="run-release"),
    path("runs/<uuid:key>/drop/", deciding.drop_run, name="run-drop"),
]

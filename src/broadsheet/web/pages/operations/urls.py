"""Addresses of Operations."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import checks, health, limits, maintenance, queue

urlpatterns: list[URLPattern] = [
    path("operations/", queue.page, name="operations"),
    path("operations/queue/", queue.part, name="operations-part"),
    path("operations/limits/", limits.page, name="operations-limits"),
    path("operations/limits/rows/", limits.part, name="operations-limits-part"),
    path("operations/health/", health.page, name="operations-health"),
    path("operations/maintenance/", maintenance.page, name="operations-maintenance"),
    path("operations/maintenance/<int:number>/end/", maintenance.end, name="operations-maintenance-end"),
    path("operations/checks/", checks.page, name="operations-checks"),
    path("runs/<uuid:key>/priority/", queue.priority, name="run-priority"),
    path("runs/<uuid:key>/next/", queue.first, name="run-next"),
]

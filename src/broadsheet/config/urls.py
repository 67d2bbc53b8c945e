"""All addresses: pages at the root, the REST API under /api."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("broadsheet.web.urls"))]

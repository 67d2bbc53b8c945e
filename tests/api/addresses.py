"""The API alone, so that its tests neither wait for the pages nor break with them."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("api/", include("broadsheet.api.urls"))]

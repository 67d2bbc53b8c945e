"""The address of Today."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import today

urlpatterns: list[URLPattern] = [path("", today, name="today")]

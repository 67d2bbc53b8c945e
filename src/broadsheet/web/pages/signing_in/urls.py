"""Addresses of signing in and out."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import sign_in, sign_out

urlpatterns: list[URLPattern] = [
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-out/", sign_out, name="sign-out"),
]

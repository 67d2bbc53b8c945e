"""Addresses for people without an account."""

from __future__ import annotations

from django.urls import path

from .unsubscribing import unsubscribe

urlpatterns = [path("unsubscribe/<str:token>/", unsubscribe, name="unsubscribe")]

"""Addresses of the notifications."""

from __future__ import annotations

from django.urls import path

from . import listing

urlpatterns = [
    path("notifications/", listing.notifications, name="notifications"),
    path("notifications/read/", listing.read_all, name="notifications-read"),
    path("notifications/<int:key>/read/", listing.read, name="notification-read"),
]

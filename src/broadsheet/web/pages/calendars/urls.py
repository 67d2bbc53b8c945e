"""Addresses of the calendars, among the settings."""

from __future__ import annotations

from django.urls import path

from . import editing, texting, views

urlpatterns = [
    path("settings/calendars/", views.calendars, name="settings-calendars"),
    path("settings/new-calendar/", editing.new, name="settings-calendar-new"),
    path("settings/new-calendar/text/", texting.new_text, name="settings-calendar-new-text"),
    path("settings/calendars/<slug:name>/", views.one, name="settings-calendar"),
    path("settings/calendars/<slug:name>/edit/", editing.edit, name="settings-calendar-edit"),
    path("settings/calendars/<slug:name>/text/", texting.text, name="settings-calendar-text"),
    path("settings/calendars/<slug:name>/remove/", views.remove, name="settings-calendar-remove"),
    path("settings/calendars/<slug:name>/refresh/", views.refresh, name="settings-calendar-refresh"),
]

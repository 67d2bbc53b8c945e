"""Addresses of schedules. A schedule may be called anything, so what is no schedule stands outside of their folder."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import backfilling, beginnings, conditioning, editing, events, overriding, rehearsing, running, texting, views
from .previewing import preview

urlpatterns: list[URLPattern] = [
    path("schedules/", views.listing, name="schedules"),
    path("new-schedule/", editing.new, name="schedule-new"),
    path("new-schedule/text/", texting.new_text, name="schedule-new-text"),
    path("events/", events.events, name="events"),
    path("schedule-preview/", preview, name="schedule-preview"),
    path("schedules/<str:name>/", views.schedule, name="schedule"),
    path("schedules/<str:name>/edit/", editing.edit, name="schedule-edit"),
    path("schedules/<str:name>/text/", texting.text, name="schedule-text"),
    path("schedules/<str:name>/run/", running.run, name="schedule-run"),
    path("schedules/<str:name>/backfill/", backfilling.page, name="schedule-backfill"),
    path("backfills/<uuid:key>/stop/", backfilling.stop, name="backfill-stop"),
    path("schedules/<str:name>/dry-run/", rehearsing.rehearse, name="schedule-dry-run"),
    path("schedules/<str:name>/conditions/", conditioning.conditions, name="schedule-conditions"),
    path("schedules/<str:name>/trigger/", beginnings.trigger_address, name="schedule-address"),
    path("schedules/<str:name>/trigger/end/", beginnings.end_address, name="schedule-address-end"),
    path("schedules/<str:name>/pause/", views.pause, name="schedule-pause"),
    path("schedules/<str:name>/resume/", views.resume, name="schedule-resume"),
    path("schedules/<str:name>/skip/", views.skip, name="schedule-skip"),
    path("schedules/<str:name>/take-over/", views.own, name="schedule-take-over"),
    path("schedules/<str:name>/choose/", overriding.choose, name="schedule-choose"),
    path("schedules/<str:name>/unskip/", views.unskip, name="schedule-unskip"),
    path("schedules/<str:name>/as-recipient/", views.as_recipient, name="schedule-as-recipient"),
    path("schedules/<str:name>/as/", views.look, name="schedule-look"),
]

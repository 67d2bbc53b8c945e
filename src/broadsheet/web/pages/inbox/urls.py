"""Addresses of the portal inbox."""

from __future__ import annotations

from django.urls import path

from . import items, listing

urlpatterns = [
    path("inbox/", listing.inbox, name="inbox"),
    path("inbox/<uuid:key>/", items.item, name="inbox-item"),
    path("inbox/<uuid:key>/letter/", items.body, name="inbox-letter"),
    path("inbox/<uuid:key>/file/<slug:form>/", items.file, name="inbox-file"),
]

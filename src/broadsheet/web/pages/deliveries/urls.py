"""Addresses of the ledger."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import resending, views
from .exporting import export
from .listing import listing

urlpatterns: list[URLPattern] = [
    path("deliveries/", listing, name="deliveries"),
    path("deliveries.csv", export, name="deliveries-export"),
    path("deliveries/resend/", resending.resend_chosen, name="deliveries-resend"),
    path("deliveries/<uuid:key>/", views.delivery, name="delivery"),
    path("deliveries/<uuid:key>/proofs/", views.proofs, name="delivery-proofs"),
    path("deliveries/<uuid:key>/resend/", resending.resend_one, name="delivery-resend"),
    path("deliveries/<uuid:key>/message/", views.message, name="delivery-message"),
    path("deliveries/<uuid:key>/files/<slug:form>/", views.file, name="delivery-file"),
]

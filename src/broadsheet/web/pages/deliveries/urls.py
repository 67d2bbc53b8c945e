"""Addresses of the ledger."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views
from .exporting import export

urlpatterns: list[URLPattern] = [
    path("deliveries/", views.listing, name="deliveries"),
    path("deliveries.csv", export, name="deliveries-export"),
    path("deliveries/resend/", views.resend_chosen, name="deliveries-resend"),
    path("deliveries/<uuid:key>/", views.delivery, name="delivery"),
    path("deliveries/<uuid:key>/proofs/", views.proofs, name="delivery-proofs"),
    path("deliveries/<uuid:key>/resend/", views.resend_one, name="delivery-resend"),
    path("deliveries/<uuid:key>/message/", views.message, name="delivery-message"),
    path("deliveries/<uuid:key>/files/<slug:form>/", views.file, name="delivery-file"),
]

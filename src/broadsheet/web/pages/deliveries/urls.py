"""Addresses of the ledger."""

from __future__ import annotations

from django.urls import URLPattern, path

from broadsheet.web.pages.runs.deciding import drop_one, release_one

from . import resending, suppressing, views
from .exporting import export
from .listing import listing

urlpatterns: list[URLPattern] = [
    path("deliveries/", listing, name="deliveries"),
    path("deliveries.csv", export, name="deliveries-export"),
    path("deliveries/resend/", resending.resend_chosen, name="deliveries-resend"),
    path("deliveries/suppressed/", suppressing.suppressed, name="deliveries-suppressed"),
    path("deliveries/suppressed/lift/", suppressing.lift_one, name="deliveries-lift"),
    path("deliveries/<uuid:key>/", views.delivery, name="delivery"),
    path("deliveries/<uuid:key>/proofs/", views.proofs, name="delivery-proofs"),
    path("deliveries/<uuid:key>/resend/", resending.resend_one, name="delivery-resend"),
    path("deliveries/<uuid:key>/release/", release_one, name="delivery-release"),
    path("deliveries/<uuid:key>/drop/", drop_one, name="delivery-drop"),
    path("deliveries/<uuid:key>/message/", views.message, name="delivery-message"),
    path("deliveries/<uuid:key>/files/<slug:form>/", views.file, name="delivery-file"),
]

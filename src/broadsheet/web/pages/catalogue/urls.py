"""Addresses of the catalogue: what data there is, what it means, and who uses it."""

from __future__ import annotations

from django.urls import path

from . import exploring, following, listing, showing

urlpatterns = [
    path("data/", listing.datasets, name="data"),
    path("data/<slug:name>/", showing.dataset, name="data-set"),
    path("data/<slug:name>/until/", listing.until, name="data-until"),
    path("data/<slug:name>/explore/", exploring.explore, name="data-explore"),
    path("data/<slug:name>/lineage/", following.lineage, name="data-lineage"),
]

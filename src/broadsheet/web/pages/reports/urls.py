"""Addresses of the report pages, and of the looks that reports and pages are drawn in."""

from __future__ import annotations

from django.urls import path

from . import editing, exporting, listing, looks, showing, versions

urlpatterns = [
    path("reports/", listing.reports, name="reports"),
    path("new-report/", editing.new, name="report-new"),
    path("reports/<slug:name>/", showing.report, name="report"),
    path("reports/<slug:name>/file/<slug:form>/", exporting.file, name="report-file"),
    path("reports/<slug:name>/edit/", editing.edit, name="report-edit"),
    path("reports/<slug:name>/versions/", versions.versions, name="report-versions"),
    path("reports/<slug:name>/versions/<int:number>/", versions.version, name="report-version"),
    path("reports/<slug:name>/versions/<int:number>/restore/", versions.restore, name="report-restore"),
    path("brand.css", looks.brand_css, name="brand-css"),
    path("brand/<slug:fingerprint>.css", looks.report_css, name="report-css"),
    path("brand/<slug:fingerprint>.js", looks.report_js, name="report-js"),
]

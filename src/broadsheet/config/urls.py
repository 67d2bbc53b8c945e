"""All addresses: pages at the root, the REST API under /api."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("api/", include("broadsheet.api.urls")), path("", include("broadsheet.web.urls"))]

handler400 = "broadsheet.web.pages.shell.faults.bad_request"
handler403 = "broadsheet.web.pages.shell.faults.refused"
handler404 = "broadsheet.web.pages.shell.faults.not_found"
handler500 = "broadsheet.web.pages.shell.faults.broken"

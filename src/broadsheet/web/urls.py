"""Addresses of the pages: each part of them has its own list."""

from __future__ import annotations

from .pages.calendars.urls import urlpatterns as calendars
from .pages.catalogue.urls import urlpatterns as catalogue
from .pages.deliveries.urls import urlpatterns as deliveries
from .pages.eyes.urls import urlpatterns as eyes
from .pages.holds.urls import urlpatterns as holds
from .pages.inbox.urls import urlpatterns as inbox
from .pages.load.urls import urlpatterns as load
from .pages.mail.urls import urlpatterns as mail
from .pages.notifications.urls import urlpatterns as notifications
from .pages.operations.urls import urlpatterns as operations
from .pages.recipients.urls import urlpatterns as recipients
from .pages.reports.urls import urlpatterns as reports
from .pages.rights.urls import urlpatterns as rights
from .pages.runs.urls import urlpatterns as runs
from .pages.schedules.urls import urlpatterns as schedules
from .pages.settings.urls import urlpatterns as settings
from .pages.shell.urls import urlpatterns as shell
from .pages.signing_in.urls import urlpatterns as signing_in
from .pages.today.urls import urlpatterns as today

app_name = "web"
urlpatterns = [
    *today, *reports, *schedules, *runs, *deliveries, *mail, *inbox, *settings, *rights, *signing_in, *recipients, *shell,
    *calendars, *catalogue, *notifications, *eyes, *operations,
    *load, *holds,
]  # fmt: skip

"""Every page of the gallery: its name, its template and what it is given."""

from __future__ import annotations

from typing import Any

from tests.web.gallery.ledger import DELIVERIES, DELIVERY, RUN
from tests.web.gallery.others import INBOX, MAIL, MESSAGE, REPORT, REPORTS, SETTINGS, SIGN_IN, TOKENS
from tests.web.gallery.parts import PARTS
from tests.web.gallery.schedule import ASKED, CONDITIONS, SCHEDULE, SCHEDULES, UNCOUNTED
from tests.web.gallery.schedule_form import FORM
from tests.web.gallery.today import EMPTY, TODAY

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "parts": ("gallery.html", PARTS),
    "today": ("pages/today.html", TODAY),
    "first-day": ("pages/today.html", EMPTY),
    "reports": ("pages/reports.html", REPORTS),
    "no-reports": (
        "pages/reports.html",
        {"section": "reports", "filters": {"action": "/reports/", "placeholder": "Find"}},
    ),
    "report": ("pages/report.html", REPORT),
    "schedules": ("pages/schedules.html", SCHEDULES),
    "schedule": ("pages/schedule.html", SCHEDULE),
    "schedule-run": ("pages/schedule_run.html", ASKED),
    "schedule-conditions": ("pages/schedule_conditions.html", CONDITIONS),
    "schedule-run-uncounted": ("pages/schedule_run.html", UNCOUNTED),
    "schedule-form": ("pages/schedule_form.html", FORM),
    "deliveries": ("pages/deliveries.html", DELIVERIES),
    "delivery": ("pages/delivery.html", DELIVERY),
    "run": ("pages/run.html", RUN),
    "mail": ("pages/mail.html", MAIL),
    "message": ("pages/mail_message.html", MESSAGE),
    "inbox": ("pages/inbox.html", INBOX),
    "settings": ("pages/settings_setup.html", SETTINGS),
    "tokens": ("pages/settings_tokens.html", TOKENS),
    "brand": (
        "pages/settings_brand.html",
        {
            "section": "settings",
            "subgroups": SETTINGS["subgroups"],
            "form": {
                "action": "/brand/",
                "fields": [{"name": "accent", "label": "Accent", "kind": "color", "value": "#025975"}],
            },
            "light": {"accent": "#025975"},
            "dark": {"accent": "#6DBFE2"},
            "notes": ["On dark paper the accent is lighter: #6DBFE2, for a contrast of 8.7 to 1."],
        },
    ),
    "sign-in": ("sign_in.html", SIGN_IN),
    "403": ("403.html", {"reference": "b7f3a91"}),
    "404": ("404.html", {}),
    "500": ("500.html", {"reference": "b7f3a91"}),
}

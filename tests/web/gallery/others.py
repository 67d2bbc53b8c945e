"""Reports, caught mail, the inbox, settings and sign-in."""

from __future__ import annotations

from django.utils.safestring import mark_safe
from tests.adapters.formats.a_document import document
from tests.web.gallery.ledger import DETAIL
from tests.web.gallery.rendering import at
from tests.web.gallery.schedule import TEXT

from broadsheet.core.markup import fragment
from broadsheet.core.theme import DEFAULT

REPORTS = {
    "section": "reports",
    "filters": {"action": "/reports", "placeholder": "Filter by name, description or dataset"},
    "reports": [
        {
            "name": name, "href": "/report", "about": about, "meta": meta,
            "acts": [{"label": "Open", "href": "/report", "outlined": True, "tight": True}, {"label": "Schedule it", "href": "/schedule-form"}],
        }
        for name, about, meta in (
            ("Buyer performance", "What one buyer bought, what it cost and what came of it, with the week before beside it.", ["version 31", "leads, buyers", "sent by buyers-monday to 40"]),
            ("Executive briefing", "The month in two pages: volume, revenue, what moved and why.", ["version 8", "leads", "sent by briefing to 5"]),
            ("Source quality", "Acceptance, returns and cost by source, worst first.", ["version 12", "leads, sources", "no schedule"]),
        )
    ],
}  # fmt: skip
REPORT = {
    "section": "reports",
    "headline": "Buyer performance",
    "crumbs": [{"label": "Reports", "href": "/reports"}],
    "facts": [
        {"term": "Data to", "value": "Mon 23 Nov 06:49"},
        {"term": "Made", "value": "in 0.4 s, 96 rows"},
        {"term": "Version", "value": "31 of 2 Nov"},
    ],
    "acts": [{"label": "Schedule it", "href": "/schedule-form", "outlined": True}],
    "reader": {
        "name": "as",
        "label": "As this reader gets it",
        "kind": "select",
        "value": "verdant",
        "choices": [("verdant", "Verdant Home Services, London"), ("me", "me, all rows")],
    },
    "parameters": [
        {
            "name": "period",
            "label": "Period",
            "kind": "select",
            "value": "last-7",
            "choices": [("last-7", "last seven days"), ("month", "last closed month")],
        }
    ],
    "exports": [
        {"label": "PDF", "href": "/x.pdf"},
        {"label": "XLSX", "href": "/x.xlsx"},
        {"label": "CSV", "href": "/x.csv"},
    ],
    "fragment": mark_safe(fragment(document(), theme=DEFAULT)),
    "report_css": "/report.css",
    "report_js": "/report.js",
    "text": TEXT,
    "schedules": [{"label": "buyers-monday", "href": "/schedule", "under": "every Monday to 40"}],
}
MAIL = {
    "section": "mail",
    "note": "What was sent to 127.0.0.1:8025 stays here and goes nowhere else.",
    "acts": [{"label": "Empty the catcher", "action": "/empty"}],
    "filters": {"action": "/mail", "placeholder": "Filter by subject or address"},
    "mails": [
        {
            "href": "/message",
            "subject": "Buyer performance, week to 22 November",
            "to": f"reports@{who}.example",
            "at": at("2026-11-23 08:00:02"),
            "bytes": 851_000,
            "attachments": ["Buyer performance.pdf", "Buyer performance.xlsx"],
            "unread": who == "verdant",
        }
        for who in ("verdant", "bluegum", "grünwald")
    ],
    "pager": {"text": "3 of 40 shown.", "older": "?page=2"},
}
MESSAGE = {
    "section": "mail",
    "headline": "Buyer performance, week to 22 November",
    "crumbs": [{"label": "Caught mail", "href": "/mail"}],
    "facts": [
        {"term": "From", "value": "Northlight Leads <reports@northlight.example>"},
        {"term": "To", "value": "reports@verdant.example"},
        {"term": "Size", "value": "851 kB"},
    ],
    "acts": [
        {"label": "Its delivery", "href": "/delivery"},
        {"label": "Download", "href": "/message.eml", "download": True},
    ],
    "tabs": [
        {"label": "As it looks", "href": "?", "current": True},
        {"label": "Text", "href": "?view=text"},
        {"label": "Headers", "href": "?view=headers"},
    ],
    "html_src": "/message.html",
    "files": DETAIL["files"],
}
INBOX = {
    "section": "inbox",
    "filters": {"action": "/inbox", "placeholder": "Filter by report or week"},
    "items": [
        {
            "href": "/report",
            "name": "Buyer performance, week to 22 November",
            "about": "Leads up 6 % on the week before, 88 accepted of 96.",
            "at": at("2026-11-23 08:00"),
            "unread": True,
            "files": [{"label": "PDF, 412 kB", "href": "/f"}, {"label": "XLSX, 168 kB", "href": "/f"}],
        },
        {
            "href": "/report",
            "name": "Buyer performance, week to 15 November",
            "about": "Acceptance at its best since August.",
            "at": at("2026-11-16 08:00"),
            "unread": False,
            "files": [{"label": "PDF, 405 kB", "href": "/f"}],
        },
    ],
}
SUBGROUPS = [
    {
        "label": group, "href": f"/settings?{pages[0]}", "current": "Sources" in pages,
        "pages": [{"label": label, "href": f"/settings?{label}", "current": label == "Sources"} for label in pages],
    }
    for group, pages in (
        ("Data", ("Sources", "Calendars")), ("Sending", ("Channels", "Brand")), ("People", ("People", "Teams")),
        ("You", ("Tokens",)),
    )
]  # fmt: skip
SETTINGS = {
    "section": "settings",
    "headline": "Sources",
    "subgroups": SUBGROUPS,
    "intro": "Where data comes from. Every query is one SELECT on a read-only connection.",
    "things": [
        {
            "id": "leads", "name": "leads", "kind": "DuckDB over Parquet", "state": "ok", "state_text": "answers in 12 ms",
            "facts": [{"term": "Folder", "value": "sample/leads"}, {"term": "Datasets", "value": "3", "href": "/d"}],
            "acts": [{"label": "Test", "action": "/test", "outlined": True, "tight": True}, {"label": "Remove", "action": "/remove"}],
            "fields": [{"name": "path", "label": "Folder", "value": "sample/leads", "hint": "Parquet or CSV files are read from here and nowhere else."}],
            "action": "/save",
        },
        {
            "id": "brightpath", "name": "brightpath", "kind": "PostgreSQL", "state": "failed", "state_text": "not reached",
            "result": {"state": "failed", "title": "warehouse.brightpath.example:5432 could not be reached", "text": "No answer in 5 s. Check the address, and that this server may go out on port 5432."},
            "acts": [{"label": "Test", "action": "/test", "outlined": True, "tight": True}],
            "fields": [
                {"name": "host", "label": "Host", "value": "warehouse.brightpath.example", "errors": ["No answer in 5 s."], "required": True},
                {"name": "password", "label": "Password", "kind": "password", "hint": "Kept sealed; leave empty to keep the one that is set.", "attrs": {"autocomplete": "new-password"}},
                {"name": "tls", "label": "Check the server’s certificate", "kind": "checkbox", "value": True},
            ],
            "action": "/save", "open": True,
        },
    ],
    "adds": [{"id": "sqlite", "label": "SQLite", "about": "A file on this machine.", "fields": [{"name": "file", "label": "File"}], "action": "/add"}],
}  # fmt: skip
TOKENS = {
    "section": "settings",
    "headline": "Tokens",
    "subgroups": SUBGROUPS,
    "secret": {"whose": "ci", "text": "bst_4Wq7tK1xYz8C1F20AA51D0E9F08B2C"},
    "tokens": [
        {
            "name": "ci", "prefix": "bst_4Wq7tK", "owner": "Mara Lindqvist", "scopes": ["schedule.run"], "state": "ok",
            "state_text": "in use", "action": "/revoke",
        }
    ],
    "fields": [{"name": "name", "label": "What it is for", "required": True}],
    "action": "/tokens/",
}  # fmt: skip
SIGN_IN = {
    "next": "/today/",
    "form": {
        "non_field_errors": ["The address or the password is wrong. After five tries the account rests for a minute."],
        "email": {
            "name": "email",
            "label": "E-mail",
            "kind": "email",
            "value": "mara@northlight.example",
            "required": True,
            "attrs": {"autocomplete": "username"},
        },
        "password": {
            "name": "password",
            "label": "Password",
            "kind": "password",
            "required": True,
            "attrs": {"autocomplete": "current-password"},
        },
    },
}

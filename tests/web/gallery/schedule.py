"""A schedule, the list of them, and the form that makes one."""

from __future__ import annotations

import calendar

from django.utils.safestring import mark_safe
from tests.web.gallery.rendering import at

from broadsheet.core.charts import sparkline
from broadsheet.core.theme import DEFAULT


def _month(label: str, year: int, number: int, fires: tuple[int, ...]) -> dict:
    weeks = calendar.Calendar().monthdays2calendar(year, number)
    days = [
        [
            {
                "number": day or "",
                "off": day and weekday > 4,
                "fires": day in fires,
                "say": "fires 08:00" if day in fires else "",
            }
            for day, weekday in week
        ]
        for week in weeks
    ]
    return {"label": label, "weekdays": ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"], "weeks": days}


MONTHS = [
    _month("November 2026", 2026, 11, (2, 9, 16, 23, 30)),
    _month("December 2026", 2026, 12, (7, 14, 21, 29)),
    _month("January 2027", 2027, 1, (4, 11, 18, 25)),
]

TEXT = """schedule: buyers-monday
report: buyer-performance
when:
  every: week
  on: [mon]
  at: "08:00"
  zone: recipient
audience:
  dataset: active-buyers
channels:
  - email: {attach: [pdf, xlsx]}
policies:
  retry: {tries: 5, until: "12:00"}
  overlap: skip"""
FIRINGS = {
    "zone": "Recipient, 08:00",
    "yours_zone": "New York",
    "firings": [
        {
            "there": "Fri 27 Nov",
            "yours": "Thu 26 Nov 16:00 to Fri 09:00",
            "reason": "moved from Thu 26 Nov: Thanksgiving Day (US)",
            "state": "moved",
            "change": "new",
        },
        {"there": "Mon 30 Nov", "yours": "Sun 29 Nov 16:00 to Mon 09:00", "reason": "Monday rule"},
        {"there": "Mon 7 Dec", "yours": "Sun 6 Dec 16:00 to Mon 09:00", "reason": "Monday rule"},
        {
            "there": "Thu 10 Dec",
            "yours": "Wed 9 Dec 16:00 to Thu 09:00",
            "reason": "made during maintenance",
            "state": "conflict",
            "change": "new",
        },
        {"there": "Mon 14 Dec", "yours": "Sun 13 Dec 16:00 to Mon 09:00", "reason": "Monday rule", "change": "gone"},
        {
            "there": "Tue 29 Dec",
            "yours": "Mon 28 Dec 16:00 to Tue 09:00",
            "reason": "moved from Mon 28 Dec: Boxing Day, observed (UK)",
            "state": "moved",
        },
        {"there": "Mon 4 Jan 2027", "yours": "Sun 3 Jan 16:00 to Mon 09:00", "reason": "Monday rule"},
    ],
    "note": "On your clock Sydney is first and Chicago last. From Sun 14 Mar 2027, when US clocks go forward, Sydney’s 08:00 is your 17:00.",
    "more": "/schedule?from=11",
}
AUDIENCE = {
    "note": "active-buyers, 40 rows",
    "counts": [
        {"state": "ok", "count": 38, "label": "38 ready", "href": "/a"},
        {"state": "conflict", "count": 2, "label": "2 to fix", "href": "/a"},
    ],
    "summary": "6 zones, 3 languages, 80 files",
    "invalid": [
        {
            "state": "conflict",
            "title": "Solar Paulista",
            "under": "row 23",
            "text": "Zone “America/San_Paulo” doesn’t exist, since the import of 09:04.",
            "acts": [
                {"label": "Use America/Sao_Paulo", "action": "/fix", "outlined": True, "tight": True},
                {"label": "Open the row", "href": "/row"},
            ],
        },
        {
            "state": "suppressed",
            "title": "Meridian Home",
            "under": "row 31",
            "text": "Bounced on 16 Nov; suppressed until its address is right.",
            "acts": [{"label": "Correct the address", "href": "/row", "outlined": True, "tight": True}],
        },
    ],
}
SCHEDULE = {
    "glance": [
        {
            "term": "What else starts it",
            "text": "When the event “import.finished” happens",
            "usual": False,
            "href": "/schedule-form",
        },
        {"term": "Tried again", "text": "5 tries, with waits of 1 min, 4 min, 16 min, 1 h", "usual": True, "href": ""},
    ],
    "section": "schedules",
    "headline": "buyers-monday",
    "crumbs": [{"label": "Schedules", "href": "/schedules"}],
    "facts": [
        {"term": "Version", "value": "14 live since 2 Nov"},
        {"term": "Owner", "value": "Mara Lindqvist"},
        {"term": "Last", "value": "Mon 23 Nov, 38 of 40 accepted", "href": "/run"},
        {"term": "On time", "value": "12 of 12"},
    ],
    "acts": [
        {"label": "Run now", "href": "/run-now"},
        {"label": "Skip next", "action": "/skip"},
        {"label": "Pause", "action": "/pause"},
        {"label": "Edit", "href": "/schedule-form", "outlined": True},
    ],
    "sentence": [
        {"name": "When", "text": "Every Monday", "href": "/e#when"},
        {"name": "Hour", "text": "at 08:00 in the recipient’s own zone,", "href": "/e#hour"},
        {"name": "Calendar", "text": "on business days in both US and UK, else the next one,", "href": "/e"},
        {"join": "send"},
        {"name": "Report", "text": "Buyer performance, last seven days", "href": "/report"},
        {"join": "to"},
        {"name": "Audience", "text": "40 active buyers,", "href": "/e"},
        {"join": "by"},
        {"name": "Channels", "text": "e-mail with PDF and XLSX.", "href": "/e"},
        {"name": "Policies", "text": "Five tries until 12:00; skip if the last run is still going.", "href": "/e"},
    ],
    "text": TEXT,
    "lit": "3-7",
    "months": MONTHS,
    **FIRINGS,
    "audience": AUDIENCE,
    "runs": [
        {
            "at": at(f"2026-11-{day} 08:00"),
            "href": "/run",
            "counts": [
                {"state": "accepted", "label": f"{n} accepted", "href": "/d"},
                *([{"state": "suppressed", "label": "1 suppressed", "href": "/d"}] if n < 40 else []),
            ],
            "files": "40 slices, 80 files, 23.4 MB",
            "took": "2 min 51 s",
            "note": "Lakeshore accepted at the second try" if n < 40 else "",
        }
        for day, n in (("23", 39), ("16", 39), ("09", 40))
    ],
    "runs_href": "/deliveries",
}
SCHEDULES = {
    "section": "schedules",
    "acts": [{"label": "New schedule", "href": "/schedule-form", "main": True}],
    "filters": {
        "action": "/schedules",
        "placeholder": "Filter by name, report or audience",
        "tabs": [
            {"label": "All", "count": 3, "href": "?", "current": True},
            {"label": "Paused", "count": 1, "href": "?state=paused"},
        ],
    },
    "schedules": [
        {
            "name": "buyers-monday",
            "href": "/schedule",
            "under": "Buyer performance to 40 active buyers",
            "sentence": "Every Monday at 08:00, the recipient’s clock",
            "next": at("2026-11-29 16:00"),
            "next_note": "for Sydney; last Mon 09:00",
            "last_state": "partial",
            "last_text": "38 of 40",
            "last_href": "/run",
        },
        {
            "name": "briefing",
            "href": "/schedule",
            "under": "Executive briefing to 5 by e-mail and portal",
            "sentence": "On the first business day of the month at 07:00, New York",
            "next": at("2026-12-01 07:00"),
            "next_note": "in 8 days",
            "last_state": "accepted",
            "last_text": "5",
            "last_href": "/run",
        },
        {
            "name": "source-quality",
            "href": "/schedule",
            "under": "Source quality to 6 in Operations",
            "sentence": "Every day at 06:30, New York",
            "state": "paused",
            "next_note": "by Tunde Okafor since Fri 20 Nov",
        },
    ],
    "pager": {"text": "3 of 3 shown."},
}

ASKED = {
    "section": "schedules",
    "headline": "Send to 40 people by E-mail?",
    "crumbs": [{"label": "Schedules", "href": "/schedules"}, {"label": "buyers-monday", "href": "/schedule"}],
    "lead": "They last had it today 02:46.",
    "points": ["1 is suppressed and gets nothing."],
    "uncounted": "",
    "choices": [
        {"label": "Send to 40", "action": "/run", "main": True, "busy": "Starting"},
        {"label": "Send a test to me", "action": "/test", "outlined": True, "busy": "Sending"},
        {"label": "Send nothing", "href": "/schedule"},
    ],
}
UNCOUNTED = {
    **ASKED,
    "headline": "Run “buyers-monday” by E-mail?",
    "uncounted": "The source does not answer.",
    "points": [],
}
CONDITIONS = {
    "section": "schedules",
    "headline": "Conditions of Price watch",
    "crumbs": [{"label": "Schedules", "href": "/schedules"}, {"label": "Price watch", "href": "/schedule"}],
    "facts": [{"term": "Asked", "value": "Tue 24 Nov 12:00"}, {"term": "State", "value": "in order"}],
    "acts": [{"label": "Change", "href": "/schedule-form", "outlined": True}],
    "lead": "A firing would not go on now: it would wait for its data.",
    "probes": [
        {"state": "ok", "text": "“business” has 300 rows or more for 23 Nov 2026."},
        {"state": "due", "text": "“business” goes to 24 Nov 2026, 02:23 EST; it must not be older than 6 hours."},
    ],
    "figure": {
        "state": "skipped",
        "text": "Suspected fraud was 0.8 % for 23 Nov 2026, a score of 0.1 against its history, not beyond 3.5.",
        "span": "The last 3 values",
        "ends": "Sat 21 Nov to Mon 23 Nov, the last one in colour",
        "drawn": mark_safe(sparkline([1.0, 9.0, 0.8], width=640, height=96, tokens=DEFAULT.light, css=True)),
        "values": [{"day": "Mon 23 Nov", "value": "0.8"}, {"day": "Sun 22 Nov", "value": "9"}],
    },
    "rows": [
        {"at": at("2026-11-23 08:00"), "href": "/run", "state": "ok", "word": "went on", "reason": "It was 9.3 %."},
        {
            "at": at("2026-11-22 08:00"),
            "href": "/run",
            "state": "skipped",
            "word": "skipped",
            "reason": "It was 0.7 %.",
        },
    ],
}

"""The schedule's form, with something wrong, one folded part open and one closed."""

from __future__ import annotations

from tests.web.gallery.schedule import AUDIENCE, FIRINGS

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _field(name: str, label: str, value: object = "", kind: str = "text", **more: object) -> dict:
    return {"name": name, "label": label, "value": value, "kind": kind, **more}


UNITS = ("day", "weekday", "week", "month", "quarter", "half", "year", "period")
OTHERS = [("distance", "fixed distance"), ("dates", "dates"), ("session", "market hours"), ("cron", "cron")]
RULE = {
    "words": _field("words", "In words", "every Monday and Thursday at 08:00 in each recipient's zone", "textarea"),
    "every": _field("every", "Unit", "week", choices=[(one, one) for one in UNITS]),
    "other": _field("every", "Another kind of rule", choices=OTHERS),
    "kept": {"label": "in words alone", "chosen": False},
    "interval": _field("interval", "How many", 1),
    "days": _field("days", "Days", ["mon", "thu"], choices=[(day.lower(), day) for day in DAYS]),
    "nth": _field("nth", "Which, counted", "1"),
    "what": _field("what", "What is counted", "day", "select", choices=[("day", "day"), ("business_day", "business day")]),
    "side": _field("side", "From which side", "end", choices=[("start", "from the start"), ("end", "from the end")]),
    "short": _field("short", "In a shorter month", "clamp", "select", choices=[("clamp", "the last day")]),
    "months": _field("months", "In the months", [], "words", choices=[(one.lower(), one) for one in MONTH_NAMES]),
    "fiscal": _field("fiscal", "Of the year", "", "select", choices=[("", "the calendar")]),
    "each": _field("each", "How far apart", "90"),
    "unit": _field("unit", "Unit of the distance", "minutes", "select", choices=[("minutes", "minutes")]),
    "dates": _field("dates", "Dates", kind="textarea"),
    "minutes": _field("minutes", "Minutes", "15"),
    "edge": _field("edge", "Before or after what", "before-close", "select", choices=[("before-close", "before the close")]),
    "events": _field("events", "The first day of each event of", "", "select", choices=[("", "choose")]),
    "rrule": _field("rrule", "RRULE", kind="textarea"),
    "cron": _field("cron", "Cron expression"),
    "cron_days": _field("cron_days", "When day and weekday are given", "either", "select", choices=[("either", "one of them")]),
    "at": _field("at", "At", "08:00", hint="Several times with commas: 08:00, 17:00."),
    "clock": _field(
        "clock", "On the clock of", "recipient", "words",
        choices=[("zone", "one clock for all"), ("recipient", "each recipient’s own")],
    ),
    "zone": _field("zone", "Zone", "America/New_York"),
    "starts": _field("starts", "From", "Mon 5 Jan 2026"),
    "until": _field("until", "Until", "Thu 31 Dec 2026", hint="Empty: without end."),
    "calendar": _field("calendar", "Business days of", "us", attrs={"list": "calendars"}),
    "roll": _field("roll", "What falls on a closed day", "following", "select", choices=[("following", "goes to the next")]),
    "also": _field("also", "Fires on these days too"),
    "not_on": _field("not_on", "Never on these days", "Thu 24 Dec 2026"),
    "offset": _field("offset", "Moved by"),
    "offset_unit": _field("offset_unit", "Moved by what", "days", "select", choices=[("days", "days")]),
    "offset_side": _field("offset_side", "Moved to which side", "before", "select", choices=[("before", "before")]),
    "anchor": _field("anchor", "Counted from"),
    "jump": _field("jump", "A time that clocks jump over", "", "select", choices=[("", "as usual")]),
    "repeat": _field("repeat", "A time that clocks repeat", "", "select", choices=[("", "as usual")]),
    "ask": _field("ask", "Ask about a day", "26 Nov 2026", attrs={"form": "schedule"}),
}  # fmt: skip
FORM = {
    "section": "schedules",
    "headline": "A new schedule",
    "crumbs": [{"label": "Schedules", "href": "/schedules"}],
    "action": "/schedule-form",
    "preview": "/preview",
    "cancel": "/schedules",
    "saved": "Saved, it can be taken back until its first making, Thu 26 Nov 15:54.",
    "test_label": "Send a test to me",
    "save_label": "Save as version 15",
    "fields": {
        "name": {
            "name": "name",
            "label": "Name",
            "value": "buyers monday",
            "errors": [
                {
                    "text": "A name has no spaces: it is part of addresses and files.",
                    "fix": {"label": "Use buyers-monday", "name": "fix", "value": "name=buyers-monday"},
                }
            ],
        },
        "report": {
            "name": "report",
            "label": "Report",
            "kind": "select",
            "value": "buyer-performance",
            "choices": [("buyer-performance", "Buyer performance"), ("source-quality", "Source quality")],
        },
        **RULE,
        "audience": {
            "name": "audience",
            "label": "Audience",
            "kind": "select",
            "value": "active-buyers",
            "choices": [("active-buyers", "active-buyers, 40 rows"), ("me", "only me")],
            "hint": "A dataset with one row a recipient: address, language, zone, format, and what rows they may see.",
        },
        "channels": {
            "name": "channels",
            "label": "Channels",
            "kind": "words",
            "value": ["email"],
            "choices": [("email", "E-mail"), ("folder", "Folder"), ("webhook", "Webhook"), ("portal", "Portal")],
        },
        "formats": {
            "name": "formats",
            "label": "Formats",
            "kind": "words",
            "value": ["pdf", "xlsx"],
            "choices": [("pdf", "PDF"), ("xlsx", "XLSX"), ("html", "HTML"), ("csv", "CSV")],
        },
        "subject": {"name": "subject", "label": "Subject", "value": "{report}, week to {period.end}"},
        "misfire": {
            "name": "misfire",
            "label": "When nothing was running then",
            "kind": "radios",
            "value": "once",
            "choices": [("once", "run once, late"), ("all", "run all that were missed"), ("skip", "leave them out")],
        },
        "overlap": {
            "name": "overlap",
            "label": "When the last run still goes",
            "kind": "radios",
            "value": "skip",
            "choices": [("skip", "skip this one"), ("queue", "wait for it"), ("cancel", "cancel the earlier")],
        },
        "deadline": {
            "name": "deadline",
            "label": "Not after",
            "value": "12:00",
            "hint": "What is not accepted by then expires, and says so.",
        },
    },
    "folds": {
        "when": [
            {
                "name": "starts",
                "title": "What else starts it",
                "said": "When the event “import.finished” happens",
                "open": True,
                "groups": [
                    {
                        "legend": "An event",
                        "rows": [
                            [{"name": "event-1", "label": "When this event happens", "value": "import.finished"}],
                            [
                                {
                                    "name": "event-1-where",
                                    "label": "Only if it says",
                                    "kind": "textarea",
                                    "value": "rows >= 100",
                                    "attrs": {"rows": 2},
                                },
                                {"name": "event-1-cool", "label": "Others are left out for", "value": "10 min"},
                            ],
                        ],
                        "act": {"label": "Another event", "name": "more", "value": "event", "goes": "id_event-2"},
                    }
                ],
            }
        ],
        "wrong": [
            {
                "name": "tries",
                "title": "Tried again",
                "said": "5 tries, with waits of 1 min, 4 min, 16 min, 1 h",
                "note": "What may have arrived is never sent again.",
                "groups": [{"rows": [[{"name": "tries", "label": "Tries", "kind": "number", "value": 5}]]}],
            }
        ],
    },
    "calendars": [("us", "United States"), ("nyse", "New York Stock Exchange")],
    "understood": {
        "said": "Every Monday and Thursday at 08:00, each recipient’s own time",
        "calendars": [{"label": "United States", "href": "/calendar"}],
    },
    "asked": {"state": "skipped", "title": "It does not fire on Thu 26 Nov 2026.", "reason": "Thanksgiving Day (US)."},
    "parameters": [
        {
            "name": "period",
            "label": "Period",
            "kind": "select",
            "value": "last-7",
            "choices": [("last-7", "last seven days"), ("month", "last closed month")],
        }
    ],
    **FIRINGS,
    "audience": AUDIENCE,
}

"""Deliveries, one of them, and a run under way."""

from __future__ import annotations

from tests.web.gallery.rendering import at

HASH = "d3d5e0b19a657337a7f2a6dd6b774d9d4a042dc2ecbc35c26203610d04ae6b2b"
WIRE = [
    {"at": "03:00:01.2", "ours": True, "text": "connect mx1.verdanthome.example:25"},
    {"at": ".291", "ours": False, "text": "220 mx1.verdanthome.example ESMTP"},
    {"at": ".292", "ours": True, "text": "EHLO post.northlight.example"},
    {"at": ".377", "ours": False, "text": "250 STARTTLS, SIZE 52428800, 8BITMIME"},
    {"at": ".548", "ours": True, "text": "MAIL FROM:<b7f3a91@northlight.example>"},
    {"at": ".719", "ours": False, "text": "250 2.1.5 Ok"},
    {"at": ".720", "ours": True, "text": "DATA, 850,944 bytes, then the final dot"},
    {"at": "03:00:02.1", "ours": False, "text": "250 2.0.0 Ok: queued as 4Wq7tK1xYz"},
]
DETAIL = {
    "wire": WIRE,
    "wire_note": "Message-ID b7f3a91.31@northlight.example",
    "files": [
        {
            "name": "Buyer performance, week to 22 November.pdf",
            "href": "/f",
            "note": "6 pages",
            "bytes": 412_000,
            "digest": HASH,
        },
        {
            "name": "Buyer performance, week to 22 November.xlsx",
            "href": "/f",
            "note": "96 rows",
            "bytes": 168_400,
            "digest": HASH[::-1],
        },
    ],
    "files_note": "Stored once under these hashes, so these are the bytes that left.",
    "life": [
        {"at": at("2026-11-22 15:56:40"), "text": "made and checked, then waited for 08:00 in London"},
        {"at": at("2026-11-23 03:00:01"), "text": "claimed by worker 2"},
        {"at": at("2026-11-23 03:00:02"), "text": "accepted"},
    ],
    "acts": [{"label": "Send again", "action": "/again"}],
}


def _row(who: str, city: str, state: str, left: object, tries: str, proof: str, **more: object) -> dict:
    return {
        "id": who.split()[0].lower(), "href": "/delivery", "src": "/proof", "who": who, "address": f"reports@{who.split()[0].lower()}.example",
        "from": "buyers-monday", "from_href": "/schedule", "from_under": f"{city}, Mon 23 Nov", "via": "e-mail", "formats": "PDF, XLSX",
        "state": state, "left": left, "tries": tries, "proof": proof, **more,
    }  # fmt: skip


ROWS = [
    _row("Lakeshore Mortgage", "Chicago", "retrying", "next 09:21", "1 of 5", "451 4.7.1 Greylisted, try again later"),
    _row("Meridian Home", "New York", "suppressed", "", "0", "550 5.1.1 on 16 Nov; not tried since"),
    _row(
        "Verdant Home Services",
        "London",
        "accepted",
        at("2026-11-23 03:00:02"),
        "1",
        "250 2.0.0 Ok: queued as 4Wq7tK1xYz",
        open=True,
        detail=DETAIL,
    ),
    *(
        _row(name, city, "accepted", at("2026-11-22 16:00:01"), "1", "250 2.0.0 Ok: queued as 8C1F20AA")
        for name, city in (
            ("Bluegum Finance", "Sydney"),
            ("Redfern Legal", "Sydney"),
            ("Grünwald Solar", "Berlin"),
            ("Kestrel Insurance", "London"),
        )
    ),
    _row("Ostsee Dämmtechnik", "Berlin", "unconfirmed", at("2026-11-23 02:00:02"), "1", "cut after the last byte"),
    _row("Prairie Warranty", "Chicago", "failed", "", "5 of 5", "421 4.3.2 shutting down"),
]
COUNTS = [
    {"state": "failed", "count": 1, "href": "?state=failed"},
    {"state": "unconfirmed", "count": 1, "href": "?state=unconfirmed"},
    {"state": "retrying", "count": 1, "href": "?state=retrying"},
    {"state": "suppressed", "count": 1, "href": "?state=suppressed"},
    {"state": "accepted", "count": 36, "href": "?state=accepted"},
]
DELIVERIES = {
    "section": "deliveries",
    "acts": [{"label": "Export rows", "href": "/x"}],
    "facts": [{"term": "Since", "value": "Mon 16 Nov"}, {"term": "From", "value": "4 schedules"}],
    "bar": {"title": "40 deliveries", "counts": COUNTS, "later": "none held"},
    "filters": {
        "action": "/deliveries",
        "placeholder": "Filter by name, address, reply or hash",
        "tabs": [
            {"label": "All", "count": 40, "href": "?", "current": True},
            {"label": "Accepted", "count": 36, "href": "?"},
            {"label": "Not accepted", "count": 4, "href": "?"},
        ],
        "selects": [
            {
                "name": "schedule",
                "label": "Schedule",
                "value": "",
                "choices": [{"value": "", "label": "all four"}, {"value": "buyers-monday", "label": "buyers-monday"}],
            },
            {
                "name": "channel",
                "label": "Channel",
                "value": "email",
                "choices": [{"value": "email", "label": "e-mail"}],
            },
        ],
    },
    "resend": "/resend",
    "resend_effect": "The same bytes go out again, now; what was accepted is not touched.",
    "deliveries": ROWS,
    "pager": {"text": "9 of 40 shown, trouble first; the other 31 are accepted.", "older": "?page=2"},
}
DELIVERY = {
    "section": "deliveries",
    "headline": "Verdant Home Services",
    "crumbs": [{"label": "Deliveries", "href": "/deliveries"}, {"label": "buyers-monday, Mon 23 Nov", "href": "/run"}],
    "facts": [
        {"term": "To", "value": "j.hartley@verdanthome.example"},
        {"term": "By", "value": "e-mail with PDF and XLSX"},
        {"term": "Sent at", "value": "Mon 23 Nov 03:00:02"},
    ],
    "acts": [{"label": "Send again", "action": "/again", "outlined": True}],
    "state": "accepted",
    "detail": DETAIL,
    "tries": [{"at": at("2026-11-23 03:00:01"), "state": "accepted", "text": "250 2.0.0 Ok: queued as 4Wq7tK1xYz"}],
    "made_from": [
        {"term": "Schedule", "value": "buyers-monday, version 14", "href": "/schedule"},
        {"term": "Report", "value": "buyer-performance, version 31", "href": "/report"},
        {"term": "Data to", "value": "Sun 22 Nov 15:48"},
        {"term": "Rows", "value": "96, where buyer is verdant"},
        {"term": "Language", "value": "English (UK), pounds"},
    ],
}
RUN = {
    "section": "deliveries",
    "headline": "buyers-monday, Mon 23 Nov 08:00",
    "crumbs": [{"label": "Schedules", "href": "/schedules"}, {"label": "buyers-monday", "href": "/schedule"}],
    "acts": [{"label": "Stop it", "action": "/stop", "outlined": True}],
    "src": "/run-progress",
    "more": True,
    "bar": {
        "counts": [{"state": "accepted", "count": 22}, {"state": "running", "count": 3}, {"state": "due", "count": 15}],
        "later": "about 40 s left",
    },
    "steps": [
        {"label": "Slices queried", "done": 40, "total": 40, "text": "40 of 40"},
        {"label": "Files made", "done": 58, "total": 80, "text": "58 of 80"},
        {"label": "Deliveries settled", "done": 22, "total": 40, "text": "22 of 40"},
    ],
    "deliveries": [row | {"open": False} for row in ROWS[:4]],
    "slices": [
        {"label": "verdant, en-GB, GBP", "state": "accepted", "rows": 96, "recipients": 1, "files": "PDF, XLSX"},
        {"label": "bluegum, en-AU, AUD", "state": "running", "rows": 64, "recipients": 2, "files": "PDF"},
    ],
}

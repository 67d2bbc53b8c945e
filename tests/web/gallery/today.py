"""A Monday at 09:12 in New York, and the first minute of a new installation."""

from __future__ import annotations

from tests.web.gallery.rendering import at


def _went(due: str, name: str, under: str, note: str, **counts: int) -> dict:
    shown = [
        {"state": state, "label": f"{n} {state}", "href": f"/deliveries?state={state}"} for state, n in counts.items()
    ]
    return {"due": at(f"2026-11-23 {due}"), "name": name, "href": "/run", "under": under, "counts": shown, "note": note}


def _hours(x: float, width: float = 33.33) -> list[dict]:
    return [{"x": f"{x}%", "width": f"{width}%"}]


def _mark(hour: float, state: str, count: int, text: str = "") -> dict:
    return {"x": f"{hour / 24 * 100:.2f}%", "state": state, "count": count, "text": text}


TODAY = {
    "section": "today",
    "front": {
        "sentence": "By nine, 47 of 61 deliveries had been accepted. Twelve are held for you, one is being retried, "
        "one was suppressed.",
        "counts": [
            {"state": "accepted", "count": 47, "href": "/deliveries?state=accepted"},
            {"state": "held", "count": 12, "href": "#needs"},
            {"state": "retrying", "count": 1, "href": "/deliveries?state=retrying"},
            {"state": "suppressed", "count": 1, "href": "/deliveries?state=suppressed"},
        ],
        "later": "24 more are due today, the next at 10:00",
        "later_href": "/schedules",
    },
    "went": {
        "title": "Went out this morning",
        "note": "5 runs, your clock",
        "rows": [
            _went("01:00", "Lead events, nightly", "463 events as Parquet", "Checksum equal at both ends", accepted=1),
            _went(
                "06:30",
                "Source quality",
                "6 in Operations, e-mail",
                "Left 06:52: waited 22 min for fresh data",
                accepted=6,
            ),
            _went(
                "07:30",
                "Source payouts",
                "12 sources, e-mail with XLSX",
                "Nothing sent: 412 rows where 1,050 are usual",
                held=12,
            ),
            _went(
                "08:00",
                "Buyer performance",
                "40 buyers at their own 08:00, e-mail with PDF and XLSX",
                "Lakeshore Mortgage asked to wait; second try of five at 09:21",
                accepted=38,
                retrying=1,
                suppressed=1,
            ),
            _went(
                "08:45",
                "Alert: daily cap reached",
                "Pinnacle Windows, 150 leads",
                "Acknowledged 08:51 by Tunde Okafor",
                accepted=2,
            ),
        ],
    },
    "before": [
        {"label": "Mon 16", "state": "partial", "text": "77 of 78", "href": "/d"},
        {"label": "Tue 17", "state": "stale", "text": "66, 6 stale", "href": "/d"},
        *(
            {"label": day, "state": "accepted", "text": n, "href": "/d"}
            for day, n in (("Wed 18", "66"), ("Thu 19", "69"), ("Fri 20", "66"), ("Sat 21", "7"), ("Sun 22", "7"))
        ),
    ],
    "needs": [
        {
            "state": "held",
            "title": "Source payouts is held",
            "by": "until 17:00, then skipped",
            "text": "412 rows; the last eight Mondays had 1,050 to 1,240. Brightpath has sent nothing since Fri 20 Nov 22:10.",
            "acts": [
                {"label": "See the rows", "href": "/report", "outlined": True, "tight": True},
                {"label": "Run again", "action": "/run-again"},
                {"label": "Release as it is", "action": "/release"},
            ],
        },
        {
            "state": "failed",
            "title": "Brightpath could not be reached",
            "by": at("2026-11-23 08:05"),
            "text": "The source answered nothing in 30 s, five times. The address is warehouse.brightpath.example:5432.",
            "acts": [
                {"label": "Resend these 6", "action": "/resend", "main": True, "tight": True},
                {"label": "Look at the source", "href": "/settings"},
            ],
        },
        {
            "state": "suppressed",
            "title": "An address bounced",
            "by": at("2026-11-16 08:00"),
            "text": "dana.whitlock@meridianhome.example: 550 5.1.1 user unknown. Today’s copy was made and not sent.",
            "acts": [
                {"label": "Correct it", "href": "/schedule", "outlined": True, "tight": True},
                {"label": "Use the portal instead", "action": "/portal"},
            ],
        },
    ],
    "day": {
        "zone": "New York",
        "now": {"x": "38.3%", "text": "09:12 now"},
        "rows": [
            {
                "label": "Sydney",
                "time": "Tue 01:12",
                "hours": [*_hours(0, 4.17), *_hours(70.8, 29.2)],
                "marks": [_mark(16, "due", 2, "Buyer caps")],
            },
            {
                "label": "Berlin",
                "time": "15:12",
                "hours": _hours(12.5),
                "marks": [_mark(2, "accepted", 4), _mark(11, "due", 1, "Day close")],
            },
            {
                "label": "London",
                "time": "14:12",
                "hours": _hours(16.67),
                "marks": [_mark(3, "accepted", 9), _mark(10, "due", 2, "Pacing")],
            },
            {
                "label": "New York",
                "time": "09:12",
                "hours": _hours(37.5),
                "marks": [
                    _mark(1, "accepted", 1),
                    _mark(6.5, "accepted", 6),
                    _mark(7.5, "held", 12),
                    _mark(8, "failed", "2/14"),
                    _mark(12, "approval", 3, "Evidence"),
                ],
            },
            {
                "label": "Chicago",
                "time": "08:12",
                "hours": _hours(41.67),
                "marks": [_mark(9, "failed", "1/8"), _mark(18, "due", 2, "Day close")],
            },
        ],
        "others": [{"label": "Tokyo", "time": "23:12", "hours": _hours(0), "marks": [_mark(2, "accepted", 1)]}],
        "list": [
            {"state": "due", "text": "10:00 Pacing", "under": "2 in London", "href": "/schedule"},
            {"state": "due", "text": "11:00 Day close", "under": "1 in Berlin", "href": "/schedule"},
            {
                "state": "approval",
                "text": "12:00 Evidence",
                "under": "3 in New York, if you approve",
                "href": "/schedule",
            },
        ],
    },
    "week": [
        {"label": "Tue 24", "firings": [{"state": "due", "text": "08:00 Buyer caps"}]},
        {
            "label": "Wed 25",
            "firings": [{"state": "due", "text": "10:00 Affiliates"}, {"state": "expired", "text": "18:00 Share ends"}],
        },
        {
            "label": "Thu 26",
            "under": "Thanksgiving Day, US",
            "firings": [{"state": "skipped", "text": "10:00 Scorecard", "under": "goes on Friday"}],
        },
        {
            "label": "Fri 27",
            "firings": [
                {"state": "moved", "text": "10:00 Scorecard", "under": "moved from Thu 26 Nov: Thanksgiving Day"}
            ],
        },
        {"label": "Sat 28", "firings": [{"state": "stale", "text": "22:00 Maintenance", "under": "to Sunday 04:00"}]},
        {
            "label": "Sun 29",
            "firings": [{"state": "conflict", "text": "01:00 Lead events", "under": "in the maintenance"}],
        },
        {
            "label": "Mon 30",
            "firings": [
                {"state": "due", "text": "08:00 Buyers"},
                {"state": "due", "text": "17:00 Returns", "under": "last business day"},
            ],
        },
        {"label": "Tue 1 Dec", "firings": [{"state": "due", "text": "07:00 Briefing", "under": "first business day"}]},
    ],
    "health": [
        {"term": "Workers", "state": "ok", "text": "4 of 4, one busy", "href": "/h"},
        {"term": "Queue", "state": "ok", "text": "3, oldest 4 s", "href": "/h"},
        {"term": "On time, 7 days", "state": "ok", "text": "99.2 %, p95 6 s", "href": "/h"},
        {"term": "Channels", "state": "conflict", "text": "1 mail host slow", "href": "/h"},
        {"term": "Lead data", "state": "ok", "text": "fresh to 06:49", "href": "/h"},
    ],
}
EMPTY = {
    "section": "today",
    "front": {"sentence": "Nothing is due today. Two reports wait for their first schedule.", "counts": []},
    "went": {"title": "Went out today", "rows": []},
}

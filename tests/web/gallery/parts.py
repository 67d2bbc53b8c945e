"""Every component on one page."""

from __future__ import annotations

from tests.web.gallery.rendering import at
from tests.web.gallery.schedule import TEXT

PARTS = {
    "section": "settings",
    "headline": "Parts",
    "text": TEXT,
    "moment": at("2026-11-30 08:00"),
    "counts": [
        {"state": state, "count": count}
        for state, count in (
            ("failed", 3),
            ("unconfirmed", 2),
            ("held", 12),
            ("retrying", 4),
            ("running", 5),
            ("suppressed", 3),
            ("due", 6),
            ("accepted", 47),
        )
    ],
    "notices": [
        {
            "state": "ok",
            "text": "buyers-monday is paused.",
            "closable": True,
            "acts": [{"label": "Undo", "action": "/undo"}],
        },
        {
            "state": "conflict",
            "title": "Two rows cannot be sent",
            "points": ["row 23: the zone does not exist", "row 31: no address"],
        },
        {
            "state": "failed",
            "title": "The report could not be made",
            "text": "Column “buyr” is not in “leads”. Did you mean “buyer”?",
        },
    ],
    "acts": [
        {"label": "Save", "href": "#", "main": True},
        {"label": "Send a test", "href": "#", "outlined": True},
        {"label": "Leave it", "href": "#"},
    ],
    "fields": [
        {"name": "t", "label": "Text", "value": "Verdant", "hint": "A hint says what is wanted."},
        {
            "name": "e",
            "label": "With a fault",
            "value": "America/San_Paulo",
            "errors": [
                {
                    "text": "That zone does not exist.",
                    "fix": {"label": "Use America/Sao_Paulo", "name": "fix", "value": "z"},
                }
            ],
        },
        {"name": "s", "label": "Choice", "kind": "select", "value": "b", "choices": ["a", "b"]},
        {"name": "c", "label": "One box", "kind": "checkbox", "value": True},
        {"name": "k", "label": "Boxes", "kind": "checks", "value": ["1"], "choices": [("1", "one"), ("2", "two")]},
        {
            "name": "r",
            "label": "Radios",
            "kind": "radios",
            "value": "1",
            "choices": [("1", "one"), ("2", "two", "with a hint")],
        },
        {"name": "w", "label": "Words", "kind": "words", "value": ["mon"], "choices": [("mon", "Mon"), ("tue", "Tue")]},
        {"name": "x", "label": "Text of many lines", "kind": "code", "value": TEXT},
    ],
    "pager": {"text": "14 of 40 shown.", "newer": "?page=1", "older": "?page=3"},
}

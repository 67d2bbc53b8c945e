"""The folded parts of the form, by the section in which they stand: title, what is set, and their fields in rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from ..beginning_fields import clock_field
from ..condition_fields import LIMIT, condition_fields
from ..falling_back import fallback_rows
from ..limiting import limit_fields
from .checks import check_rows
from .defaults import default_rows
from .looking_back import ANSWER, ASK
from .making import making_rows
from .marks import mark_rows
from .retries import retry_rows
from .summaries import TITLES
from .triggers import EVENT, call_rows, event_rows, next_number
from .turns import turn_rows

if TYPE_CHECKING:
    from ..starting import Offer

Data = dict[str, Any]
Rows = list[list[Data]]
MORE, ANOTHER_EVENT = "more", "event"  # the button that asks for a further group of fields, and its value
READY_FIELDS = 4  # so many of the conditions' fields are about what is waited for


def folds(
    one: Callable[..., Data], post: QueryDict, offered: Offer, said: Mapping[str, str], told: Data | None = None
) -> dict[str, list[Data]]:
    """By section: ``when``, ``whom``, ``before``, ``wrong``; see `partials/fold.html` for one of them. *told*: what
    `looking_back` answers, where it was asked."""
    conditions = condition_fields(one, offered)
    ready, figure = conditions[:READY_FIELDS], conditions[READY_FIELDS:]
    bounds = _(
        "A run that needs more ends as failed, with that reason, and no other is touched. Leave empty what is not to be bounded."
    )
    nothing = _("What is found is told with its figures; what is held waits until somebody releases or drops it.")
    shaped: dict[str, list[tuple[str, str, list[Data]]]] = {
        "when": [
            ("starts", "", _starts(one, post, offered)),
            ("making", "", [_group(making_rows(one))]),
        ],
        "whom": [("defaults", "", [_group(default_rows(one))])],
        "before": [
            ("ready", "", [_group([ready[:1], ready[1:3], ready[3:]])]),
            ("figure", "", [_figure(figure, told)]),
            ("checks", nothing, [_group(check_rows(one))]),
        ],
        "wrong": [
            ("tries", "", [_group(retry_rows(one))]),
            ("fallback", "", [_group(fallback_rows(one, offered.channels))]),
            ("turns", "", [_group(turn_rows(one))]),
            ("limits", bounds, [_group([limit_fields(one)])]),
        ],
    }  # fmt: skip
    found = {
        section: [_fold(name, note, groups, said.get(name, "")) for name, note, groups in parts]
        for section, parts in shaped.items()
    }
    found["when"][0]["open"] |= post.get(MORE) == ANOTHER_EVENT
    found["before"][1]["open"] |= told is not None
    return found


def _starts(one: Callable[..., Data], post: QueryDict, offered: Offer) -> list[Data]:
    events = event_rows(one, post, another=post.get(MORE) == ANOTHER_EVENT)
    many = len(events) > 1
    groups = [_group(rows, _("Event %(n)d") % {"n": n} if many else _("An event")) for n, rows in enumerate(events, 1)]
    groups[-1]["act"] = {
        "label": _("Another event"),
        "name": MORE,
        "value": ANOTHER_EVENT,
        "goes": f"id_{EVENT}{next_number(post)}",
    }
    return [
        *groups,
        _group(call_rows(one), _("Another system")),
        _group(mark_rows(one, offered), _("A mark that is reached")),
        _group([[clock_field(one)]], _("The clock")),
    ]


def _group(rows: Rows, legend: str = "") -> Data:
    return {"rows": [row for row in rows if row], "legend": legend}


def _figure(fields: list[Data], told: Data | None) -> Data:
    asked = {"label": _("When would it have gone on?"), "name": ASK, "value": ANSWER, "goes": f"id_{LIMIT}"}
    return {**_group(_in_rows(fields, 2, 3, 1, 2, 3, 3)), "act": asked, "told": told}


def _in_rows(fields: list[Data], *lengths: int) -> Rows:
    """*fields* in rows of so many."""
    left = iter(fields)
    return [list(islice(left, number)) for number in lengths]


def _fold(name: str, note: str, groups: list[Data], said: str) -> Data:
    wrong = any(field["errors"] for field in _fields(groups))
    return {"name": name, "title": TITLES[name], "note": note, "groups": groups, "said": said, "open": wrong}


def _fields(groups: Iterable[Mapping[str, Any]]) -> Iterable[Data]:
    return (field for group in groups for row in group["rows"] for field in row)


def names_of(by_section: Mapping[str, Iterable[Mapping[str, Any]]]) -> set[str]:
    """The names of all fields in the folds."""
    return {str(field["name"]) for parts in by_section.values() for fold in parts for field in _fields(fold["groups"])}

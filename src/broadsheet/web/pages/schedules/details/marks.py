"""The milestone that starts a schedule, as fields of the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from broadsheet.schedules.triggers.definition import MilestoneDefinition

from ..rule.numbers import Errors, number, number_text
from .lines import pairs_from, pairs_lines, unchanged

if TYPE_CHECKING:
    from ..starting import Offer

Data = dict[str, Any]
FIELD = "mark-"
DATASET, METRIC, REACHES, OVER = f"{FIELD}dataset", f"{FIELD}metric", f"{FIELD}reaches", f"{FIELD}over"
SINCE, WHERE, EVERY = f"{FIELD}since", f"{FIELD}where", f"{FIELD}every"
FIELDS = {
    "dataset": DATASET, "metric": METRIC, "reaches": REACHES, "over": OVER, "since": SINCE, "where": WHERE,
    "every_minutes": EVERY,
}  # fmt: skip
USUAL_MINUTES = MilestoneDefinition.model_fields["every_minutes"].default
EXAMPLE = "country = US"
EXACT = 2**53  # up to which a number stands for one whole number alone


def mark_rows(one: Callable[..., Data], offered: Offer) -> list[list[Data]]:
    """Rows of fields."""
    plain = {"autocomplete": "off", "spellcheck": "false"}
    datasets = [("", _("no mark")), *((name, f"{label} ({name})") for name, label in offered.labels.items())]
    once = _("The schedule starts when the figure is this much or more, once and never again.")
    return [
        [
            one(DATASET, _("Of this dataset"), "select", things=True, choices=datasets),
            one(METRIC, _("Its metric"), attrs={**plain, "list": "metrics"}),
            one(REACHES, _("The mark"), hint=once, attrs={**plain, "inputmode": "decimal"}),
        ],
        [
            one(OVER, _("Counted over"), hint=_("Such as this month, this year. Empty: all there is."), attrs=plain),
            one(SINCE, _("Or everything since"), hint=_("A day, such as 2026-01-01."), attrs=plain),
            one(EVERY, _("Looked at every (minutes)"), "number", attrs={"min": 1, "max": 1440, "step": "any"}),
        ],
        [
            one(WHERE, _("Counting only"), "textarea", hint=_("One a line, such as country = US."), attrs={"rows": 2, "spellcheck": "false"})
            | {"css": "whole"}
        ],
    ]  # fmt: skip


def mark_from(post: QueryDict, before: Mapping[str, Any] | None, errors: Errors) -> Data | None:
    """The definition's ``milestone``, None for none; as *before* where the form did not ask for it."""
    if DATASET not in post:
        return dict(before) if before is not None else None
    if not post.get(DATASET):
        return None
    was = dict(before or {})
    found: Data = {
        "dataset": post.get(DATASET, ""),
        "metric": post.get(METRIC, "").strip(),
        "reaches": _mark(post, errors),
    }
    for key, field in (("over", OVER), ("since", SINCE)):
        if post.get(field, "").strip():
            found[key] = post.get(field, "").strip()
    if unchanged(post.get(WHERE, ""), pairs_lines(was.get("where", {}))):
        where = was.get("where", {})
    else:
        where, wrong = pairs_from(post.get(WHERE, ""), example=EXAMPLE)
        errors[WHERE] += wrong
    every = number(post, EVERY, errors, default=USUAL_MINUTES)
    return {
        **found,
        **({"where": where} if where else {}),
        **({"every_minutes": every} if every != USUAL_MINUTES else {}),
    }


def _mark(post: QueryDict, errors: Errors) -> float:
    if not post.get(REACHES, "").strip():
        errors[REACHES].append(_("The mark is missing. Write a number, such as 10000."))
        return 0
    found = number(post, REACHES, errors, default=0, most=None)
    return int(found) if abs(found) <= EXACT and found == int(found) else found


def mark_posted(milestone: Mapping[str, Any] | None) -> dict[str, str]:
    """What the form would send of a definition's ``milestone``."""
    was = milestone or {}
    return {
        DATASET: was.get("dataset", ""), METRIC: was.get("metric", ""), OVER: was.get("over", ""),
        REACHES: number_text(was["reaches"]) if "reaches" in was else "", SINCE: str(was.get("since") or ""),
        WHERE: pairs_lines(was.get("where", {})), EVERY: number_text(was.get("every_minutes", USUAL_MINUTES)),
    }  # fmt: skip

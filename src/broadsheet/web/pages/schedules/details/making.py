"""How long before its firing a run is made, and how long after it may begin, as fields of the form and in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from broadsheet.schedules.planning.windows import MOST_AHEAD_MINUTES

from ..rule.numbers import Errors, whole

Data = dict[str, Any]
AHEAD, MINUTES, FLOAT = "ahead", "ahead-minutes", "float"
SO_MANY = "minutes"
USUAL_MINUTES = 30  # where so many are chosen and none are written


def making_rows(one: Callable[..., Data]) -> list[list[Data]]:
    """Rows of fields."""
    choices = [
        ("none", _("at its firing")),
        ("auto", _("ahead, as long as its last runs took")),
        (SO_MANY, _("ahead, so many minutes")),
    ]
    made = _("Made ahead, it leaves at its firing on the dot; its data is as old as it was made early.")
    room = _(
        "It may begin anywhere within so long after its firing, where it is least crowded. From 5; empty: at its firing."
    )
    return [
        [
            one(AHEAD, _("It is made"), "select", choices=choices, hint=made),
            one(MINUTES, _("Minutes ahead"), "number", attrs={"min": 1, "max": MOST_AHEAD_MINUTES, "step": 1})
            | {"css": "on-ahead"},
        ],
        [one(FLOAT, _("Room to begin later (minutes)"), "number", hint=room, attrs={"min": 5, "max": 720, "step": 1})],
    ]


def making_from(post: QueryDict, before: Mapping[str, Any], errors: Errors) -> Data:
    """The policies *before* with ``ahead`` and ``float`` as the form has them, where it asked for them."""
    data = dict(before)
    if AHEAD in post:
        chosen = post.get(AHEAD, "none")
        data.pop("ahead", None)
        if chosen == SO_MANY:
            data["ahead"] = whole(post, MINUTES, errors, default=USUAL_MINUTES)
        elif chosen != "none":
            data["ahead"] = chosen
    if FLOAT in post:
        data.pop("float", None)
        if post.get(FLOAT, "").strip():
            data["float"] = {"minutes": whole(post, FLOAT, errors, default=USUAL_MINUTES)}
    return data


def making_posted(policies: Mapping[str, Any]) -> dict[str, str]:
    """What the form would send of a definition's ``policies``."""
    ahead = policies.get("ahead", "none")
    named = ahead in ("none", "auto")
    return {
        AHEAD: ahead if named else SO_MANY,
        MINUTES: "" if named else str(ahead),
        FLOAT: str((policies.get("float") or {}).get("minutes", "")),
    }


def making_words(policies: Mapping[str, Any]) -> str:
    """ "20 min ahead; may begin up to 45 min later"."""
    ahead, room = policies.get("ahead", "none"), (policies.get("float") or {}).get("minutes")
    said = []
    if ahead == "auto":
        said.append(_("ahead, as long as its last runs took"))
    elif ahead != "none":
        said.append(_("%(n)s min ahead") % {"n": ahead})
    if room:
        said.append(_("may begin up to %(n)s min later") % {"n": room})
    return "; ".join(said) or _("at its firing")

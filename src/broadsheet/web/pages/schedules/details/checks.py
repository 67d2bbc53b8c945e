"""The checks that content passes before it is sent, as fields of the form and in words."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from broadsheet.schedules.checks import Checks

from ..rule.numbers import Errors, number, number_text, whole

Data = dict[str, Any]
FIELD = "check-"  # before the names of checks
SHARE = f"{FIELD}share_percent"
USUAL = Checks()
LABELS = {
    "failed_block": gettext_lazy("Data of a block cannot be read"),
    "blank_block": gettext_lazy("A block is empty that never was"),
    "collapse": gettext_lazy("Far fewer rows than usual"),
    "stale": gettext_lazy("The data is old"),
    "size": gettext_lazy("Files are empty, or too large"),
}
SHORT = {
    "failed_block": gettext_lazy("blocks that fail"),
    "blank_block": gettext_lazy("blocks without rows"),
    "collapse": gettext_lazy("few rows"),
    "stale": gettext_lazy("old data"),
    "size": gettext_lazy("size of files"),
}
NUMBERS = {"collapse": ("percent", "runs"), "stale": ("hours",), "size": ("megabytes",)}  # of a check that has some


def check_rows(one: Callable[..., Data]) -> list[list[Data]]:
    """A row of fields for each check, and one for the share."""
    said = [("hold", _("hold it, and tell the owner")), ("warn", _("send it, and tell the owner")), ("off", _("off"))]

    def chosen(name: str) -> Data:
        return one(f"{FIELD}{name}", str(LABELS[name]), "select", choices=said)

    few = _("Such as 25: below a quarter of the median of its last runs.")
    newest = _("Of its newest row. Empty: half as old again as it ever was.")
    large = _("Of one delivery, together. Empty: 25 by e-mail.")
    many = _("When more of the slices than this share is held, all wait, those in order too.")
    return [
        [chosen("failed_block"), chosen("blank_block")],
        [
            chosen("collapse"),
            one(f"{FIELD}collapse-percent", _("Fewer than so many percent"), "number", hint=few, attrs=_bounds(0, 100)),
            one(
                f"{FIELD}collapse-runs", _("Once it has run so often"), "number", attrs={"min": 3, "max": 50, "step": 1}
            ),
        ],
        [
            chosen("stale"),
            one(f"{FIELD}stale-hours", _("Older than (hours)"), "number", hint=newest, attrs=_bounds(0, 8784)),
        ],
        [
            chosen("size"),
            one(f"{FIELD}size-megabytes", _("Larger than (megabytes)"), "number", hint=large, attrs=_bounds(0, 10_000)),
        ],
        [one(SHARE, _("The whole run waits beyond (percent)"), "number", hint=many, attrs=_bounds(0, 100))],
    ]


def _bounds(low: int, high: int) -> Data:
    return {"min": low, "max": high, "step": "any"}


def _plain(given: Any) -> Data:
    """A check's mapping, which may be written short as what it does."""
    if given is False:
        return {"do": "off"}
    return dict(given) if isinstance(given, Mapping) else {"do": given} if given else {}


def checks_from(post: QueryDict, before: Mapping[str, Any], errors: Errors) -> Data:
    """The definition's ``checks``: *before* where the form did not ask for them. Usual values are left out."""
    data = copy.deepcopy(dict(before))
    if SHARE not in post:
        return data
    for name in LABELS:
        usual, field = getattr(USUAL, name), f"{FIELD}{name}"
        if name not in NUMBERS:
            _put(data, name, post.get(field, usual), usual)
            continue
        found: Data = {}
        _put(found, "do", post.get(field, usual.do), usual.do)
        for part in NUMBERS[name]:
            if post.get(f"{field}-{part}", "").strip():
                read = whole if part == "runs" else number
                _put(found, part, read(post, f"{field}-{part}", errors, default=1), getattr(usual, part))
        _put(data, name, found, {})
    _put(data, "share_percent", number(post, SHARE, errors, default=USUAL.share_percent), USUAL.share_percent)
    return data


def _put(data: Data, name: str, value: Any, usual: Any) -> None:
    data.pop(name, None)
    if value != usual:
        data[name] = value


def checks_posted(checks: Mapping[str, Any]) -> dict[str, str]:
    """What the form would send of a definition's ``checks``."""
    found = {SHARE: number_text(checks.get("share_percent", USUAL.share_percent))}
    for name in LABELS:
        field, usual = f"{FIELD}{name}", getattr(USUAL, name)
        if name not in NUMBERS:
            found[field] = checks.get(name) or ("off" if checks.get(name) is False else usual)
            continue
        given = _plain(checks.get(name))
        found[field] = given.get("do") or ("off" if given.get("do") is False else usual.do)
        for part in NUMBERS[name]:
            value = given.get(part, getattr(usual, part))
            found[f"{field}-{part}"] = "" if value is None else number_text(value)
    return found


def checks_field(path: list[str]) -> str:
    """The field that a problem at *path* (from “checks” on) is about."""
    if len(path) < 2 or path[1] == "share_percent":
        return SHARE
    parts = [one for one in path[1:] if one != "do"][:2]
    return f"{FIELD}{'-'.join(parts)}"


def checks_words(checks: Checks) -> str:
    """ "Four hold what they find; one only warns (old data); off: size of files"."""
    done = {name: getattr(getattr(checks, name), "do", getattr(checks, name)) for name in LABELS}
    held = [name for name, do in done.items() if do == "hold"]
    if len(held) == len(done):
        return _("all five checks hold what they find")
    said = []
    if held:
        said.append(
            ngettext("%(n)d check holds what it finds", "%(n)d checks hold what they find", len(held))
            % {"n": len(held)}
        )
    for do, words in (("warn", _("only told: %(names)s")), ("off", _("off: %(names)s"))):
        names = ", ".join(str(SHORT[name]) for name, one in done.items() if one == do)
        if names:
            said.append(words % {"names": names})
    return "; ".join(said)

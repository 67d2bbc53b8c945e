"""What a recipient gets where their row does not say, and which rows count, as fields of the form and in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from broadsheet.schedules.recipients import file_formats

from ..rule.numbers import Errors
from .lines import pairs_from, pairs_lines, unchanged

Data = dict[str, Any]
DEFAULT = "default-"  # before the names of what recipients have where their row does not say
WORDS = ("language", "zone", "currency", "at", "hours", "calendar")
FORMATS, ROWS = f"{DEFAULT}formats", "audience-where"
USUAL = {"language": "en", "zone": "UTC", "formats": ["pdf"]}
ROWS_EXAMPLE = "status = active"


def default_rows(one: Callable[..., Data]) -> list[list[Data]]:
    """Rows of fields."""
    plain = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
    forms = [(form, form.upper()) for form in file_formats()]
    hours = _(
        "Such as 09:00-17:00, or mon-thu 08:00-17:00, fri 08:00-13:00. What comes outside waits. Empty: at any time."
    )
    own = _("Instead of the rule’s hour, on each one’s own clock, such as 06:30.")
    return [
        [
            one(f"{DEFAULT}language", _("Language"), hint=_("Such as en-GB. Empty: English."), attrs=plain),
            one(f"{DEFAULT}zone", _("Zone"), hint=_("Empty: the rule’s for people, else UTC."), attrs={**plain, "list": "zones"}),
            one(f"{DEFAULT}currency", _("Currency"), hint=_("Such as EUR. Empty: as the data has it."), attrs=plain),
        ],
        [
            one(FORMATS, _("Files"), "words", things=True, choices=forms) | {"hint": _("None pressed: PDF.")},
            one(f"{DEFAULT}at", _("Hour"), hint=own, attrs=plain),
        ],
        [
            one(f"{DEFAULT}hours", _("Only in their working hours"), hint=hours, attrs=plain),
            one(f"{DEFAULT}calendar", _("On the business days of"), hint=_("Empty: the usual calendar."), attrs={**plain, "list": "calendars"}),
        ],
        [
            one(ROWS, _("Only rows of the audience with"), "textarea", hint=_("One a line, such as status = active. Empty: all rows."), attrs={"rows": 2, "spellcheck": "false"})
            | {"css": "whole on-dataset"}
        ],
    ]  # fmt: skip


def defaults_from(post: QueryDict, before: Mapping[str, Any]) -> Data:
    """The audience's ``defaults``; what the form did not ask for stays as *before*."""
    data = dict(before)
    for name in WORDS:
        if f"{DEFAULT}{name}" in post:
            typed = post.get(f"{DEFAULT}{name}", "").strip()
            data.pop(name, None)
            if typed:
                data[name] = typed
    if f"{DEFAULT}language" in post and set(formats := post.getlist(FORMATS)) != set(
        before.get("formats", USUAL["formats"])
    ):
        data.pop("formats", None)
        if formats:
            data["formats"] = formats
    return data


def rows_where(post: QueryDict, before: Mapping[str, Any], errors: Errors) -> Data:
    """The audience's ``where``; as *before* where the form did not ask for it, or still says the same."""
    if ROWS not in post or unchanged(post.get(ROWS, ""), pairs_lines(before)):
        return dict(before)
    found, wrong = pairs_from(post.get(ROWS, ""), example=ROWS_EXAMPLE)
    errors[ROWS] += wrong
    return dict(found)


def defaults_posted(audience: Mapping[str, Any], *, rule_zone: str) -> dict[str, str | list[str]]:
    """What the form would send of an audience's ``defaults`` and ``where``. *rule_zone*: the clock of the rule, which people
    without a zone have unless another is said."""
    defaults = audience.get("defaults", {})
    found: dict[str, str | list[str]] = {f"{DEFAULT}{name}": str(defaults.get(name) or "") for name in WORDS}
    found[f"{DEFAULT}zone"] = _zone(audience, str(defaults.get("zone") or ""), rule_zone=rule_zone)
    found[FORMATS] = list(defaults.get("formats", ()))
    found[ROWS] = pairs_lines(audience.get("where", {}))
    return found


def homeless(audience: Mapping[str, Any]) -> bool:
    """Whether a person is named without a zone."""
    return any(not one.get("zone") for one in audience.get("people", ()))


def _zone(audience: Mapping[str, Any], said: str, *, rule_zone: str) -> str:
    if not homeless(audience):
        return said
    zone = said or USUAL["zone"]
    return "" if zone == rule_zone else str(zone)


def defaults_words(defaults: Mapping[str, Any], where: Mapping[str, Any]) -> str:
    """ "en-GB; Europe/London; PDF, XLSX; in 09:00-17:00; only some rows"."""
    words = {"language": _("language %(what)s"), "zone": _("zone %(what)s"), "currency": _("currency %(what)s")}
    named = {name: defaults.get(name) or USUAL.get(name) for name in words}
    said = [words[name] % {"what": value} for name, value in named.items() if value]
    said.append(", ".join(one.upper() for one in defaults.get("formats") or USUAL["formats"]))
    if defaults.get("at"):
        said.append(_("at %(clock)s") % {"clock": defaults["at"]})
    if defaults.get("hours") or defaults.get("calendar"):
        said.append(_("in %(hours)s") % {"hours": defaults.get("hours") or defaults.get("calendar")})
    if where:
        said.append(_("only rows with %(what)s") % {"what": ", ".join(pairs_lines(where).splitlines())})
    return "; ".join(filter(None, said))

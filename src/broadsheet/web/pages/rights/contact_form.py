"""The form of a contact, and what was typed into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from broadsheet.access.attributes import attribute_lines
from broadsheet.access.models import Contact
from broadsheet.reports.ports import FORMATS
from broadsheet.schedules.recipients import file_formats
from broadsheet.web.pages.settings.forms import Wrong, label_fields

TEXTS = ("label", "address", "language", "zone", "currency")
FIELDS = (*TEXTS, "formats", "attributes")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form held; ``attributes`` are lines such as “buyer_id = 12”."""

    name: str = ""
    label: str = ""
    address: str = ""
    language: str = ""
    zone: str = ""
    currency: str = ""
    formats: Sequence[str] = ()
    attributes: str = ""
    active: bool = True

    def texts(self) -> dict[str, str]:
        return {key: getattr(self, key) for key in TEXTS}


def typed_of(found: Contact) -> Typed:
    texts = {key: getattr(found, key) for key in TEXTS}
    lines = "\n".join(attribute_lines(found.attributes))
    return Typed(found.name, **texts, formats=found.formats, attributes=lines, active=found.active)


def typed(given: QueryDict, *, name: str = "") -> Typed:
    """What a POST says, of the contact called *name* where it is there already."""
    texts = {key: given.get(key, "").replace("\0", "").strip() for key in TEXTS}
    return Typed(
        name or given.get("name", "").replace("\0", "").strip(), **texts, formats=sorted(given.getlist("formats")),
        attributes=given.get("attributes", "").replace("\0", ""), active=bool(given.get("active")),
    )  # fmt: skip


def contact_fields(shown: Typed, *, new: bool, wrong: Wrong | None) -> list[dict[str, Any]]:
    faults = (wrong or Wrong()).fields
    kept = set(file_formats()) | set(shown.formats)
    formats = [(one, FORMATS.get(one).descriptor.label if one in FORMATS.ids() else one) for one in sorted(kept)]
    fields: list[dict[str, Any]] = [
        *(label_fields(within="contact", name=shown.name, new=True, wrong=wrong)[:1] if new else ()),
        {"name": "label", "label": _("Who it is"), "value": shown.label, "required": True, "hint": _("The person’s or company’s name."), "attrs": {"maxlength": 200}},
        {"name": "address", "label": _("Mail address"), "kind": "email", "value": shown.address, "required": True, "attrs": {"maxlength": 320, "autocomplete": "off"}},
        {"name": "language", "label": _("Language"), "value": shown.language, "hint": _("A tag such as de; empty: as the schedule says. So with what follows."), "attrs": {"maxlength": 35}},
        {"name": "zone", "label": _("Zone"), "value": shown.zone, "hint": _("Such as Europe/Berlin."), "attrs": {"maxlength": 64}},
        {"name": "currency", "label": _("Currency"), "value": shown.currency, "hint": _("A code such as EUR."), "attrs": {"maxlength": 3}},
        {"name": "formats", "label": _("Formats"), "kind": "checks", "value": list(shown.formats), "choices": formats},
        {
            "name": "attributes", "label": _("Attributes"), "kind": "textarea", "value": shown.attributes, "attrs": {"rows": 4},
            "hint": _("What row rules and masks compare, one a line, such as buyer_id = 12."),
        },
        {"name": "active", "label": _("Gets what is sent to them"), "kind": "checkbox", "value": shown.active},
    ]  # fmt: skip
    return [{**one, "errors": one.get("errors") or faults.get(one["name"], [])} for one in fields]

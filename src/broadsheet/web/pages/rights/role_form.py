"""The form of a role: permissions in groups, and conditions as rows; read back as its definition file says it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from broadsheet.access.models import Role
from broadsheet.core.policy import Actor
from broadsheet.core.policy.roles import held_by
from broadsheet.web.pages.settings.forms import Wrong, label_fields
from broadsheet.web.pages.settings.permissions import permission_groups, permission_words

MOST_ROWS = 20
TEXTS = ("hours", "zone")
FLAGS = ("second_factor", "own")


@dataclass(frozen=True, slots=True)
class RoleForm:
    """What was typed, or is kept: ``conditions`` are as the definition file writes them."""

    name: str = ""
    label: str = ""
    description: str = ""
    permissions: Sequence[str] = ()
    conditions: Sequence[Mapping[str, Any]] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        said = {
            "label": self.label, "description": self.description, "permissions": sorted(set(self.permissions)),
            "conditions": [dict(one) for one in self.conditions],
        }  # fmt: skip
        return {key: value for key, value in said.items() if value or key == "permissions"}


def form_of(role: Role) -> RoleForm:
    return RoleForm(role.name, role.label, role.description, role.permissions, role.conditions)


def typed(given: QueryDict) -> RoleForm:
    """What a POST says; rows of conditions in which nothing stands are left out."""
    rows = [_condition(given, number) for number in range(_rows(given))]
    return RoleForm(
        given.get("name", "").strip(),
        given.get("label", "").strip(),
        given.get("description", "").replace("\r\n", "\n").strip(),
        given.getlist("permissions"),
        [one for one in rows if one],
    )


def form_fields(form: RoleForm, actor: Actor, *, new: bool, wrong: Wrong | None, more: int = 1) -> dict[str, Any]:
    """``who``: name, label and description; ``groups``: a field of checks each; ``conditions``: lists of fields, the last
    *more* of them empty; ``rows``: how many these are."""
    faults = (wrong or Wrong()).fields
    spare: list[dict[str, Any]] = [{}] * min(more, MOST_ROWS - len(form.conditions))
    rows = [_row(number, one, wrong) for number, one in enumerate([*form.conditions, *spare])]
    about = {
        "name": "description", "label": _("What it is for"), "kind": "textarea", "value": form.description,
        "attrs": {"rows": 2, "maxlength": 2000}, "errors": faults.get("description", []),
    }  # fmt: skip
    return {
        "who": [*label_fields(within="role", name=form.name, label=form.label, new=new, wrong=wrong), about],
        "groups": _groups(form, actor, faults.get("permissions", [])),
        "conditions": rows,
        "rows": len(rows),
    }


def _groups(form: RoleForm, actor: Actor, errors: list[str]) -> list[dict[str, Any]]:
    """What the actor can give, and what the role has already."""
    shown = held_by(actor) | set(form.permissions)
    found = []
    for number, (title, words) in enumerate(permission_groups()):
        choices = [(name, name, said) for name, said in words.items() if name in shown]
        if choices:
            found.append(
                {
                    "name": "permissions", "id": f"id-permissions-{number}", "label": title, "kind": "checks",
                    "choices": choices, "value": list(form.permissions), "errors": errors if not number else [],
                }
            )  # fmt: skip
    return found


def _row(number: int, one: Mapping[str, Any], wrong: Wrong | None) -> dict[str, Any]:
    faults = _faults_of(number, wrong)
    base = f"c{number}"
    networks = {
        "name": f"{base}-networks", "label": _("From the networks"), "value": ", ".join(one.get("networks", ())),
        "hint": _("CIDR blocks such as 10.0.0.0/8, with commas."), "attrs": {"autocomplete": "off"},
        "errors": faults.get("networks", []),
    }  # fmt: skip
    hours = {
        "name": f"{base}-hours", "label": _("At the hours"), "value": one.get("hours", ""),
        "hint": _("Such as mon-fri 08:00-18:00."), "attrs": {"autocomplete": "off"}, "errors": faults.get("hours", []),
    }  # fmt: skip
    zone = {
        "name": f"{base}-zone", "label": _("On the clock of"), "value": one.get("zone", ""),
        "hint": _("A zone such as Europe/Berlin; empty: UTC."), "attrs": {"autocomplete": "off"},
        "errors": faults.get("zone", []),
    }  # fmt: skip
    factor = {
        "name": f"{base}-second_factor", "label": _("Only with a second factor at sign-in"), "kind": "checkbox",
        "value": bool(one.get("second_factor")), "errors": faults.get("second_factor", []),
    }  # fmt: skip
    own = {
        "name": f"{base}-own", "label": _("Only for schedules that one owns"), "kind": "checkbox",
        "value": bool(one.get("own")), "errors": faults.get("own", []),
    }  # fmt: skip
    about = {
        "name": f"{base}-for", "label": _("What it holds back"), "kind": "checks", "value": list(one.get("for", ())),
        "choices": [(name, name) for name in permission_words()], "errors": faults.get("for", []),
        "hint": _("None: everything that the role carries."),
    }  # fmt: skip
    return {
        "fields": [networks, hours, zone], "flags": [factor, own], "about": about, "new": not one,
        "number": number + 1, "errors": faults.get("", []), "for": ", ".join(one.get("for", ())),
    }  # fmt: skip


def _faults_of(number: int, wrong: Wrong | None) -> dict[str, list[str]]:
    """Messages about one row by its fields; those about the row itself under “”."""
    mark = f"conditions.{number}"
    found: dict[str, list[str]] = {}
    for path, texts in (wrong.fields if wrong else {}).items():
        if path == mark or path.startswith(f"{mark}."):
            found.setdefault(path.removeprefix(mark).lstrip("."), []).extend(texts)
    return found


def _rows(given: QueryDict) -> int:
    text = given.get("rows", "")
    return min(int(text), MOST_ROWS) if text.isdecimal() and len(text) < 4 else 0


def _condition(given: QueryDict, number: int) -> dict[str, Any]:
    base = f"c{number}"
    texts = {key: given.get(f"{base}-{key}", "").strip() for key in TEXTS}
    if not texts["hours"]:
        texts["zone"] = ""  # a clock without hours says nothing
    networks = [one for one in re.split(r"[\s,;]+", given.get(f"{base}-networks", "")) if one]
    said: dict[str, Any] = {"for": given.getlist(f"{base}-for"), "networks": networks, **texts}
    said |= {key: True for key in FLAGS if given.get(f"{base}-{key}")}
    return {key: value for key, value in said.items() if value}

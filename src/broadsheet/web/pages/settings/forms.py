"""Forms made from a part's descriptor, and what was typed into them read back.

Secrets go one way: they are taken, and never shown again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from broadsheet.core.document.loading import DefinitionError
from broadsheet.plugins import Setting

PREFIX = "setting-"  # so that a setting called “label” is no other field


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form held: plain ``values`` in the kinds of their settings, and the ``secrets`` that were typed anew."""

    values: dict[str, Any]
    secrets: dict[str, str]


@dataclass(frozen=True, slots=True)
class Wrong:
    """Messages by field (a setting's name, or ``name`` and ``label``), and those that belong to none."""

    fields: Mapping[str, list[str]] = field(default_factory=dict)
    others: tuple[str, ...] = ()


def setting_fields(
    settings: Collection[Setting],
    values: Mapping[str, Any],
    *,
    within: str,
    kept: Collection[str] = (),
    wrong: Wrong | None = None,
) -> list[dict[str, Any]]:
    """A field for each setting, filled with *values*; *within* makes ids differ between forms; *kept* names secrets
    that are there already."""
    faults = (wrong or Wrong()).fields
    return [_field(one, values, within=within, kept=kept, errors=faults.get(one.name, [])) for one in settings]


def _field(
    setting: Setting, values: Mapping[str, Any], *, within: str, kept: Collection[str], errors: list[str]
) -> dict[str, Any]:
    value = values.get(setting.name, setting.default)
    shaped: dict[str, Any] = {
        "name": PREFIX + setting.name, "id": f"id-{within}-{setting.name}", "label": _(setting.label),
        "hint": _(setting.help) if setting.help else "", "errors": errors, "required": setting.required,
    }  # fmt: skip
    if setting.secret:
        held = setting.name in kept
        hint = _("One is kept; type to replace it.") if held else _("Kept encrypted, and never shown again.")
        return shaped | {
            "kind": "password", "value": "", "hint": f"{shaped['hint']} {hint}".strip(),
            "required": setting.required and not held, "attrs": {"autocomplete": "new-password"},
        }  # fmt: skip
    match setting.kind:
        case "flag":
            return shaped | {"kind": "checkbox", "value": bool(value), "required": False}
        case "choice":
            return shaped | {"kind": "select", "choices": setting.choices, "value": value}
        case "lines":
            lines = _lines(value)
            text = "\n".join(map(str, lines))
            return shaped | {"kind": "textarea", "value": text, "attrs": {"rows": max(3, len(lines) + 1)}}
        case "number":
            return shaped | {"kind": "number", "value": "" if value is None else value, "attrs": {"step": "any"}}
        case _:
            return shaped | {"value": "" if value is None else value, "attrs": {"autocomplete": "off"}}


def _lines(value: Any) -> list[Any]:
    """A list's items; of names with what belongs to them one a line, as YAML that can be read back."""
    if isinstance(value, Mapping):
        return [f"{name}: {json.dumps(one, ensure_ascii=False)}" for name, one in value.items()]
    return list(value) if isinstance(value, list | tuple) else [value] if value else []


def typed(settings: Collection[Setting], given: Mapping[str, str]) -> Typed:
    """What *given* (a POST) says. What is left empty is left out, so that the part's own default holds."""
    values: dict[str, Any] = {}
    secrets: dict[str, str] = {}
    for one in settings:
        text = given.get(PREFIX + one.name, "").replace("\r\n", "\n").strip()
        if one.secret:
            secrets |= {one.name: text} if text else {}
        elif one.kind == "flag":
            if bool(text) != bool(one.default):
                values[one.name] = bool(text)
        elif one.kind == "lines":
            values |= (
                {one.name: lines} if (lines := [line.strip() for line in text.split("\n") if line.strip()]) else {}
            )
        elif text and one.kind == "number":
            values[one.name] = _number(text)
        elif text:
            values[one.name] = text
    return Typed(values, secrets)


def wrong_from(error: DefinitionError, *, besides: Collection[str] = ()) -> Wrong:
    """The problems of a definition at the fields that they are about: settings, the name, the label and *besides*."""
    fields: dict[str, list[str]] = {}
    others = []
    for problem in error.problems:
        said = f"{problem.message} {problem.fix}".strip()
        _head, _dot, setting = problem.path.partition("settings.")
        whole = problem.path.partition(".")[0]
        name = setting.split(".")[0] or (whole if whole in {"name", "label", *besides} else "")
        if name:
            fields.setdefault(name, []).append(said)
        else:
            others.append(said)
    return Wrong(fields, tuple(others))


def _number(text: str) -> int | float | str:
    """A number if it is one; else the text, which the part's own check then names."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def label_fields(
    *, within: str, name: str = "", label: str = "", new: bool, wrong: Wrong | None = None
) -> list[dict[str, Any]]:
    """What a thing is called: its label, and for a new one the name that definitions refer to it by."""
    faults = (wrong or Wrong()).fields
    fields: list[dict[str, Any]] = []
    if new:
        fields.append(
            {
                "name": "name", "id": f"id-{within}-name", "label": _("Name"), "value": name, "required": True,
                "errors": faults.get("name", []), "hint": _("Definitions refer to it: small letters, digits, hyphens."),
                "attrs": {"pattern": "[a-z0-9][a-z0-9_-]*", "maxlength": 100, "autocapitalize": "off"},
            }
        )  # fmt: skip
    fields.append(
        {
            "name": "label", "id": f"id-{within}-label", "label": _("Label"), "value": label,
            "errors": faults.get("label", []), "hint": _("Shown in lists."), "attrs": {"maxlength": 200},
        }
    )  # fmt: skip
    return fields

"""One shape for a form's field, from a Django field or from a plain mapping, for `components/field.html`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.forms import BoundField


@dataclass(frozen=True, slots=True)
class Error:
    """``fix``: ``{"label", "name", "value"}`` of a button that mends it, or ``{"label", "href"}`` of a link."""

    text: str
    fix: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """``kind``: an input's type, or ``select``, ``textarea``, ``checkbox`` (one), ``checks``, ``radios``, ``words``.

    ``widget`` is the ready control of a Django form; ``attrs`` are further attributes of the control. ``more`` are
    choices of a select that stand under the heading ``more_label``, after the others.
    """

    name: str
    id: str
    label: str
    kind: str = "text"
    value: str | bool = ""
    widget: Any = None
    choices: tuple[Choice, ...] = ()
    more: tuple[Choice, ...] = ()
    more_label: str = ""
    hint: str = ""
    errors: tuple[Error, ...] = ()
    required: bool = False
    attrs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def described(self) -> str:
        ids = [f"{self.id}_hint"] * bool(self.hint) + [f"{self.id}_error"] * bool(self.errors)
        return " ".join(ids)

    @property
    def grouped(self) -> bool:
        return self.kind in {"checks", "radios", "words"}


def as_field(given: BoundField | Mapping[str, Any]) -> Field:
    """The field of *given*. A mapping has name and label, and any of kind, value, choices, hint, errors, required,
    attrs, and more: a mapping of label and choices."""
    return _bound(given) if isinstance(given, BoundField) else _plain(given)


GROUPS = {"RadioSelect": "radios", "CheckboxSelectMultiple": "checks"}


def _bound(given: BoundField) -> Field:
    errors = tuple(Error(str(text)) for text in given.errors)
    element = given.id_for_label or given.auto_id
    described = [f"{element}_hint"] * bool(given.help_text) + [f"{element}_error"] * bool(errors)
    attrs: dict[str, Any] = {"aria-describedby": " ".join(described)} if described else {}
    if errors:
        attrs["aria-invalid"] = "true"
    widget = type(given.field.widget).__name__
    kind = "checkbox" if widget == "CheckboxInput" else GROUPS.get(widget, "widget")
    if kind in GROUPS.values():
        chosen = {str(value) for value in (given.value() or ())} if kind == "checks" else {str(given.value() or "")}
        choices = tuple(
            Choice(str(v), str(text), str(v) in chosen)
            for v, text in given.field.choices  # type: ignore[attr-defined]  # of a field with choices
        )
        return Field(
            given.html_name, element, str(given.label), kind, choices=choices, hint=str(given.help_text), errors=errors
        )
    return Field(
        name=given.html_name,
        id=element,
        label=str(given.label),
        kind=kind,
        widget=given.as_widget(attrs=attrs),
        hint=str(given.help_text),
        errors=errors,
        required=given.field.required,
    )


def _plain(given: Mapping[str, Any]) -> Field:
    value = given.get("value", "")
    chosen = {str(each) for each in value} if isinstance(value, list | tuple | set) else {str(value)}
    more = given.get("more") or {}
    errors = [Error(each) if isinstance(each, str) else Error(**each) for each in given.get("errors", ())]
    return Field(
        name=given["name"],
        id=given.get("id") or f"id_{given['name']}",
        label=str(given["label"]),
        kind=given.get("kind", "text"),
        value=value if isinstance(value, str | bool) else str(value) if value is not None else "",
        choices=_choices(given.get("choices", ()), chosen),
        more=_choices(more.get("choices", ()), chosen),
        more_label=str(more.get("label", "")),
        hint=str(given.get("hint", "")),
        errors=tuple(errors),
        required=bool(given.get("required")),
        attrs=given.get("attrs", {}),
    )


def _choices(given: Iterable[Any], chosen: set[str]) -> tuple[Choice, ...]:
    rows = [(*each, "")[:3] if not isinstance(each, str) else (each, each, "") for each in given]
    return tuple(Choice(str(value), str(text), str(value) in chosen, str(hint)) for value, text, hint in rows)

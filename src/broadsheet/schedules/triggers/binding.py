"""What a payload gives a report's parameters: only those that are declared, and each in its own type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from broadsheet.core.document.definition.parameters import FlagSpec, NumberSpec, ParameterSpec
from broadsheet.core.document.definition.reading import near
from broadsheet.core.document.definition.report import ReportDefinition

from .matching import MISSING, field_of

LONGEST = 2_000  # characters of one value, as of the longest text that a parameter may take


class Unbound(ValueError):
    """The payload does not give what it should; the message names the parameter, what came, and what to send."""


def bound(given: Mapping[str, str], payload: Any, report: ReportDefinition) -> dict[str, str]:
    """Values as `core.document.parameters.resolve` takes them, by parameter; *given* are the paths. Raises Unbound."""
    values = {}
    for name, path in given.items():
        value = field_of(payload, path)
        if value is MISSING or value is None:
            raise Unbound(f"The payload has no “{path}”, which gives the parameter “{name}”. Send it.")
        values[name] = value
    return typed(values, report)


def typed(values: Mapping[str, Any], report: ReportDefinition) -> dict[str, str]:
    """JSON *values* by parameter, as texts. Raises Unbound for a name that is not declared and a value of another type."""
    found = {}
    for name, value in values.items():
        spec = report.parameters.get(name)
        if spec is None:
            raise Unbound(f"The report has no parameter “{name}”. {near(name, report.parameters)}".rstrip())
        found[name] = _text(name, spec, value)
    return found


def _text(name: str, spec: ParameterSpec, value: Any) -> str:
    if isinstance(spec, FlagSpec):
        if not isinstance(value, bool):
            raise Unbound(f"The parameter “{name}” is yes or no, and {_said(value)} came. Send true or false.")
        return "true" if value else "false"
    if isinstance(spec, NumberSpec):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Unbound(f"The parameter “{name}” is a number, and {_said(value)} came. Send it without quotes.")
        return repr(value)
    if not isinstance(value, str):
        raise Unbound(f"The parameter “{name}” is a text, and {_said(value)} came. Send it in quotes.")
    if len(value) > LONGEST:
        raise Unbound(f"The text for “{name}” has {len(value):,} characters. At most {LONGEST:,} are taken.")
    return value


def _said(value: Any) -> str:
    kinds = {bool: "yes or no", str: "a text", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kinds.get(type(value), "nothing")

"""Rules on a source's tables as its form has them: one a line, “sales: area = reader.area”."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from broadsheet.plugins import Setting
from broadsheet.sources.definitions import SourceDefinition
from broadsheet.sources.models import Source
from broadsheet.sources.queries import source_definition

from .forms import PREFIX, typed

TABLES = "tables"
FIELD = Setting(
    TABLES,
    gettext_noop("Rules on tables"),
    kind="lines",
    help=gettext_noop(
        "One a line, such as sales: area = reader.area. Inside every query over the table, readers find only the rows that are theirs; “unless role.auditor” exempts people."
    ),
)
LINE = re.compile(
    r"(?P<table>[^:]+):\s*(?P<column>[^=]+?)\s*=\s*(?P<reader>reader\.\w+)(?:\s+unless\s+(?P<unless>(?:reader|role|team)\.[\w-]+))?"
)


class Unreadable(ValueError):
    """A line that is no rule, in words for its field."""


def lines_of(definition: SourceDefinition) -> list[str]:
    return [f"{table}: {rule}" for table, rules in definition.told_rules().items() for rule in rules]


def tables_of(given: Mapping[str, str], kept: Source | None) -> Mapping[str, Any]:
    """The `tables:` that *given* (a POST) asks for. A form without the field says nothing of them: what is *kept* stays.
    Raises Unreadable."""
    if PREFIX + TABLES not in given:
        found = source_definition(kept).tables if kept else {}
        return {name: spec.model_dump(mode="json") for name, spec in found.items()}
    return tables_from(typed([FIELD], given).values.get(TABLES, ()))


def tables_from(lines: Iterable[str]) -> Mapping[str, Any]:
    """The `tables:` of a definition. Raises Unreadable."""
    found: dict[str, Any] = {}
    for line in lines:
        match = LINE.fullmatch(line.strip())
        if match is None:
            raise Unreadable(_("“%(line)s” is no rule. Write it as sales: area = reader.area.") % {"line": line})
        rules = found.setdefault(match["table"].strip(), {"rows": []})["rows"]
        exempt = {"unless": match["unless"]} if match["unless"] else {}
        rules.append({"column": match["column"], "equals": match["reader"], **exempt})
    return found

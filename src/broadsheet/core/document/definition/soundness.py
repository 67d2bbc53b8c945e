"""What can still be checked of a report whose file does not keep to its form.

Only what is at fault is taken out: an unknown key by itself, else the block, the data request, the parameter or the
text that it stands in. So one slip of the pen does not hide the next.
"""

from __future__ import annotations

import difflib
from copy import deepcopy
from typing import Any

from broadsheet.core.document.loading import Loaded, Path

from .reading import faults
from .report import ReportDefinition

ROUNDS = 40  # each takes out every fault that is seen; more than a few come only of faults within faults
NAMED = ("data", "parameters")
PAST = {"compare": True, "history": 2}
OTHERS = ("choice", "number", "text", "flag")  # kinds of parameters that are no period


def sound_part(loaded: Loaded) -> tuple[ReportDefinition | None, frozenset[str]]:
    """The report without its faults, and the names of data and parameters that had some.

    Lists keep their positions, so that paths in it are those of the file. None where nothing can be told.
    """
    data: dict[str, Any] = {**deepcopy(dict(loaded.data)), "name": loaded.name}
    doubtful: set[str] = set()
    for _ in range(ROUNDS):
        found = faults(data, ReportDefinition)
        if not found:
            return ReportDefinition.model_validate(data), frozenset(doubtful)
        for kind, path in found:
            alone = kind == "extra_forbidden"
            if not alone and len(path) > 1 and path[0] in NAMED:
                doubtful.add(str(path[1]))
            _take_out(data, path, alone=alone)
    return None, frozenset(doubtful)


def _take_out(data: dict[str, Any], path: Path, *, alone: bool) -> None:
    """Take the key at *path* out of *data* if it is a fault *alone*, else the part that it makes unsound."""
    if alone and isinstance(holder := _at(data, path[:-1]), dict):
        holder.pop(path[-1], None)
        if path[0] == "data" and len(path) == len(("data", "name", "key")):
            _give_past(data, holder, meant=str(path[-1]))
        return
    match path:
        case ("data", name, *_):
            _drop(data, "data", name)
        case ("parameters", name, *_):
            _stand_in(data, str(name))
        case ("blocks", _, *_):
            _blank(data, path)
        case ("title",):
            data["title"] = "–"
        case ("blocks",):
            data["blocks"] = [{"page_break": True}]
        case (key, *_):
            data.pop(str(key), None)
        case _:
            data.clear()


def _give_past(data: dict[str, Any], request: dict[str, Any], *, meant: str) -> None:
    """What an unknown key of *request* was *meant* for, if other parts may build on that."""
    parameters = data.get("parameters")
    specs = parameters.values() if isinstance(parameters, dict) else ()
    if any(isinstance(spec, dict) and spec.get("kind") == "period" for spec in specs):
        for key in difflib.get_close_matches(meant, PAST, n=1):
            request.setdefault(key, PAST[key])


def _drop(data: dict[str, Any], key: str, name: object) -> None:
    holder = data.get(key)
    if isinstance(holder, dict):
        holder.pop(name, None)


def _stand_in(data: dict[str, Any], name: str) -> None:
    """A parameter of the same name; one whose kind is not known may well be a period."""
    holder = data.get("parameters")
    if not isinstance(holder, dict) or name not in holder:
        data.pop("parameters", None)
        return
    spec = holder[name]
    kind = spec.get("kind") if isinstance(spec, dict) else None
    holder[name] = {"kind": "text" if kind in OTHERS else "period"}


def _blank(data: dict[str, Any], path: Path) -> None:
    """In place of the innermost block on *path*, one that cannot be wrong."""
    for length in range(len(path), 1, -1):
        if path[length - 2] == "blocks" and isinstance(path[length - 1], int):
            blocks = _at(data, path[: length - 1])
            if isinstance(blocks, list):
                blocks[int(path[length - 1])] = {"page_break": True}
                return
    data["blocks"] = [{"page_break": True}]


def _at(data: Any, path: Path) -> Any:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data

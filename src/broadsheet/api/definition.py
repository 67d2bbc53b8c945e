"""Definitions in bodies: as YAML text, whose lines the problems name, or as the same thing in JSON."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Field, Schema

from broadsheet.core.document.loading import DefinitionError, Loaded, Problem, dump, load

from .paging import Asked


class Definition(Asked):
    """What a definition file says."""

    definition: str | dict[str, Any] = Field(
        description="YAML text as in a definition file; or an object with its keys, where the first one (such as "
        "`report: name`) may be left out, for the address says it.",
        examples=["report: purchases\ntitle: Purchases\n…"],
    )


class Kept(Schema):
    """What keeping a definition did."""

    kind: str = Field(examples=["report"])
    name: str = Field(examples=["purchases"])
    effect: Literal["added", "changed", "same"]


def loaded(kind: str, name: str, body: Definition) -> Loaded:
    """The one document of *body*. Raises DefinitionError when it is of another kind or name, or more than one."""
    given = body.definition
    text = given if isinstance(given, str) else _text(kind, name, given)
    file = f"{name}.yaml"
    found = load(text, file=file)
    if len(found) == 1 and (found[0].kind, found[0].name) == (kind, name):
        return found[0]
    told = ", ".join(f"{one.kind} “{one.name}”" for one in found) or "nothing"
    fix = f"Send one document that begins with “{kind}: {name}”."
    raise DefinitionError([Problem(file, 1, "", f"The address is of {kind} “{name}”, the text of {told}.", fix)])


def _text(kind: str, name: str, given: dict[str, Any]) -> str:
    rest = {key: value for key, value in given.items() if key != kind}
    return dump(kind, str(given.get(kind, name)), rest)

"""From a loaded file to a frozen model: every complaint of pydantic told with the file's line and a fix.

Also the shorthand that lets a single word stand for a mapping, and the JSON Schema of a kind of file. What the keys
mean is said by the models.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic_core import ErrorDetails, core_schema

from broadsheet.core.document.loading import NAME, DefinitionError, Loaded, Path, Problem

DIALECT = "https://json-schema.org/draft/2020-12/schema"
WORDS = (str, int, float, bool)

_FIXES = {
    "missing": "Add “{key}:”.",
    "string_type": "Write text, in quotes if it looks like a number or a date.",
    "int_type": "Write a whole number.",
    "int_parsing": "Write a whole number.",
    "int_from_float": "Write a whole number.",
    "float_type": "Write a number.",
    "float_parsing": "Write a number.",
    "bool_type": "Write true or false.",
    "bool_parsing": "Write true or false.",
    "tuple_type": "Write a list, such as [one, two].",
    "list_type": "Write a list, such as [one, two].",
    "dict_type": "Write a mapping, such as {{key: value}}.",
    "mapping_type": "Write a mapping, such as {{key: value}}.",
    "model_type": "Write a mapping, such as {{key: value}}.",
    "model_attributes_type": "Write a mapping, such as {{key: value}}.",
}


class Frozen(BaseModel):
    """Base of everything read from a file: unchangeable, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, use_attribute_docstrings=True)


Model = TypeVar("Model", bound=Frozen)


def _as_text(value: Any) -> Any:
    """YAML reads 2026 as a number and 2026-10-14 as a date; where a text is meant, they are texts."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Words = Annotated[str, BeforeValidator(_as_text)]
"""A text that may look like a number or a date."""


class Short:
    """``Annotated[Part, Short("metric")]``: a single word stands for ``{metric: word}``."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        key = self.key
        return core_schema.no_info_before_validator_function(
            lambda value: {key: value} if isinstance(value, WORDS) else value, handler(source)
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "description": f"Short for {{{self.key}: …}}."}, handler(schema)]}


class ShortNumber:
    """``Annotated[Part, ShortNumber("least")]``: a number stands for ``{least: number}``."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        key = self.key
        return core_schema.no_info_before_validator_function(
            lambda value: {key: value} if isinstance(value, int | float) else value, handler(source)
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [{"type": "integer", "description": f"Short for {{{self.key}: …}}."}, handler(schema)]}


def read(loaded: Loaded, model: type[Model], *, kind: str) -> Model:
    """*loaded* as a *model* whose ``name`` is the document's. Raises DefinitionError with every problem."""
    if loaded.kind != kind:
        fix = f"Begin the document with “{kind}: {loaded.name}”."
        raise DefinitionError([loaded.problem((), f"This is a {loaded.kind}, not a {kind}.", fix)])
    try:
        return model.model_validate({**loaded.data, "name": loaded.name})
    except ValidationError as error:
        found = [_problem(loaded, detail, model) for detail in _details(error)]
        raise DefinitionError(sorted(dict.fromkeys(found), key=lambda problem: problem.line)) from error


def faults(data: Mapping[str, Any], model: type[Model]) -> list[tuple[str, Path]]:
    """Kind (as pydantic names it) and path of all that keeps *data* from being a *model*."""
    try:
        model.model_validate(data)
    except ValidationError as error:
        return [(detail["type"], _walk(data, detail["loc"])) for detail in _details(error)]
    return []


def _details(error: ValidationError) -> list[ErrorDetails]:
    """All that pydantic says, but not that a list is too short only because faulty items were not counted."""
    found = error.errors(include_url=False)
    locs = [one["loc"] for one in found]

    def inside(loc: tuple[int | str, ...]) -> bool:
        return any(len(other) > len(loc) and other[: len(loc)] == loc for other in locs)

    return [one for one in found if one["type"] != "too_short" or not inside(one["loc"])]


def schema(model: type[Frozen], *, kind: str, title: str) -> dict[str, Any]:
    """JSON Schema 2020-12 of a file whose first key is *kind* and holds the name."""
    made = model.model_json_schema(by_alias=True)
    properties = made.pop("properties")
    properties.pop("name")
    name = {
        "type": "string",
        "pattern": f"^{NAME.pattern}$",
        "description": f"The {kind}’s name: lower case, with hyphens.",
    }
    required = [kind, *(key for key in made.pop("required", []) if key != "name")]
    made.pop("title", None)
    return {
        "$schema": DIALECT,
        "title": title,
        **made,
        "properties": {kind: name, **properties},
        "required": required,
    }


def near(word: str, known: Collection[str]) -> str:
    """“Did you mean …?” where something alike is known, else the list of what is."""
    alike = difflib.get_close_matches(word, list(known), n=1)
    if alike:
        return f"Did you mean “{alike[0]}”?"
    return f"Known are: {', '.join(sorted(known))}." if known else "There is none."


def _problem(loaded: Loaded, detail: ErrorDetails, model: type[Frozen]) -> Problem:
    path = _walk(loaded.data, detail["loc"])
    key = str(path[-1]) if path else ""
    match detail["type"]:
        case "extra_forbidden":
            return loaded.problem(path, f"“{key}” is not known here.", near(key, _keys(model, detail["loc"])))
        case "missing":
            return loaded.problem(path, f"“{key}” is missing.", f"Add “{key}:”.")
        case "no_block":
            return _no_block(loaded, path, detail["input"], kinds=detail["msg"].split())
        case "value_error" | "assertion_error":
            message, _, fix = detail["msg"].removeprefix("Value error, ").partition(" | ")
            return loaded.problem(path, message, fix)
        case "union_tag_not_found":
            return loaded.problem(path, "“kind” is missing.", "Add “kind:”.")
        case "literal_error" | "enum" | "union_tag_invalid":
            context = detail.get("ctx", {})
            expected = str(context.get("expected") or context.get("expected_tags", ""))
            choices = [word.strip() for word in expected.replace("'", "").replace(" or ", ", ").split(",")]
            given = str(context.get("tag", detail["input"]))
            return loaded.problem(path, f"“{given}” is not known here.", near(given, choices))
        case "too_short" if detail["input"]:
            least = detail.get("ctx", {}).get("min_length", 1)
            return loaded.problem(path, f"Here is {len(detail['input'])}; at least {least} are needed.", "Add another.")
        case "too_short":
            return loaded.problem(path, "This is empty.", "Choose at least one.")
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal" as kind:
            return loaded.problem(path, *_out_of_range(kind, detail))
        case kind:
            fix = _FIXES.get(kind, "").format(key=key)
            return loaded.problem(path, f"{detail['msg'].rstrip('.')}.", fix)


def _out_of_range(kind: str, detail: ErrorDetails) -> tuple[str, str]:
    [(key, limit)] = [(key, value) for key, value in detail.get("ctx", {}).items() if key in ("gt", "ge", "lt", "le")]
    words = {"gt": "more than {}", "ge": "{} or more", "lt": "less than {}", "le": "{} or less"}[key]
    size = "small" if kind.startswith("greater") else "large"
    return f"{detail['input']} is too {size}.", f"Write {words.format(f'{limit:,g}')}."


def _no_block(loaded: Loaded, path: Path, given: Any, *, kinds: Sequence[str]) -> Problem:
    """What a block begins with that is none: the first key that looks like a kind, or all kinds."""
    keys = [str(key) for key in given] if isinstance(given, Mapping) else []
    for key in keys:
        alike = difflib.get_close_matches(key, kinds, n=1)
        if alike:
            return loaded.problem((*path, key), f"“{key}” is not a kind of block.", f"Did you mean “{alike[0]}”?")
    return loaded.problem(path, "This is not a block.", f"Begin it with one of {', '.join(kinds)}.")


def _walk(data: Any, loc: Sequence[str | int]) -> Path:
    """The path of *loc* in the file: without the steps that only pydantic knows, such as the tags of unions."""
    path: list[str | int] = []
    for index, step in enumerate(loc):
        inside = (isinstance(data, Mapping) and step in data) or (
            isinstance(data, list) and isinstance(step, int) and step < len(data)
        )
        if inside:
            data = data[step]
            path.append(step)
        elif index == len(loc) - 1 and isinstance(data, Mapping):
            path.append(step)
    return tuple(path)


def _keys(model: type[Frozen], loc: Sequence[str | int]) -> list[str]:
    """The keys that are known where *loc* points to, found in the model's own JSON Schema."""
    made = model.model_json_schema(by_alias=True)
    definitions = made.get("$defs", {})
    return sorted(_known(made, loc[:-1], definitions=definitions) - {"name"}) or []


def _known(part: Mapping[str, Any], loc: Sequence[str | int], *, definitions: Mapping[str, Any]) -> set[str]:
    if "$ref" in part:
        name = part["$ref"].rsplit("/", 1)[-1]
        return _known(definitions[name], loc, definitions=definitions)
    found: set[str] = set()
    for choice in (*part.get("anyOf", ()), *part.get("oneOf", ())):
        inner = definitions[choice["$ref"].rsplit("/", 1)[-1]] if "$ref" in choice else choice
        found |= _known(inner, loc[1:] if loc and _tagged(inner, loc[0]) else loc, definitions=definitions)
    if not loc:
        return found | set(part.get("properties", ()))
    step, rest = loc[0], loc[1:]
    if isinstance(step, int) and "items" in part:
        return found | _known(part["items"], rest, definitions=definitions)
    if step in part.get("properties", ()):
        return found | _known(part["properties"][step], rest, definitions=definitions)
    if isinstance(part.get("additionalProperties"), dict):
        return found | _known(part["additionalProperties"], rest, definitions=definitions)
    return found


def _tagged(part: Mapping[str, Any], step: str | int) -> bool:
    """Whether *step* is the tag that pydantic gives to *part* of a union: its first key, or its ``kind``."""
    properties = part.get("properties", {})
    tag = str(step)
    if tag.startswith("<"):
        return tag.strip("<>") in part.get("required", ())
    return bool(properties.get("kind", {}).get("const") == step)
